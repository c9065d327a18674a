import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { IPluginContext } from '@tarojs/service'

interface Chain {
  plugin(name: string): {
    tap(change: (args: Record<string, unknown>[]) => Record<string, unknown>[]): unknown
  }
  module: {
    rule(name: string): {
      test(pattern: RegExp): {
        use(name: string): { loader(file: string): { options(options: object): unknown } }
      }
    }
  }
}

/** Browser globals that Taro imitates and nothing in the mini-program reads; a test of the build holds us to it. */
export const absentGlobals = [
  'URL',
  'URLSearchParams',
  'history',
  'location',
  'MutationObserver',
  'SVGElement',
]

/** Every word of the sources under a folder: an interface that is called is among them, however it is called. */
export function namedWords(folder: string): string[] {
  const words = new Set<string>()
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file)) continue
    for (const [word] of readFileSync(path.join(folder, file), 'utf8').matchAll(/\w+/g)) words.add(word)
  }
  return [...words]
}

/** What Taro's renderer calls of the reconciler, and every word it could offer it as its host. */
export function readRenderer(): { called: string[]; provided: string[] } {
  const renderer = readFileSync(require.resolve('@tarojs/react'), 'utf8')
  const called = [...renderer.matchAll(/\b(?:TaroReconciler|renderer)\.(\w+)/g)].map(([, name = '']) => name)
  return {
    // The devtools are called by development builds only, which take the reconciler's other file.
    called: called.filter(name => name !== 'injectIntoDevTools'),
    provided: [...new Set(renderer.match(/\w+/g))],
  }
}

/**
 * Takes out of the main package what Taro ships for other programs: imitated browser parts, React's branches for other
 * hosts, promises for interfaces of WeChat that are not called. See the loader for each edit.
 */
export default (context: IPluginContext): void => {
  if (process.env.TARO_ENV !== 'weapp') return
  const named = namedWords(path.resolve(__dirname, '../../src'))
  context.modifyWebpackChain(({ chain }: { chain: Chain }) => {
    chain.plugin('providerPlugin').tap(([provided = {}]) => {
      const kept = Object.entries(provided).filter(([name]) => !absentGlobals.includes(name))
      if (kept.length !== Object.keys(provided).length - absentGlobals.length) {
        throw new Error('lean runtime: the provided globals are not those of Taro 4.2')
      }
      return [Object.fromEntries(kept)]
    })
    chain.module
      .rule('lean-runtime')
      .test(
        /(@tarojs[\\/](taro[\\/]index|runtime[\\/]dist[\\/](bom[\\/]window|dom[\\/](document|style))|react[\\/]dist[\\/]react\.esm|shared[\\/]dist[\\/](shared\.esm|native-apis|runtime-hooks)|plugin-platform-weapp[\\/]dist[\\/]runtime(-utils)?)|react-reconciler\.production\.min)\.js$/,
      )
      .use('lean-runtime')
      .loader(path.resolve(__dirname, 'lean-runtime-loader.js'))
      .options({ named, ...readRenderer() })
  })
}
