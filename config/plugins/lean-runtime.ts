import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { IPluginContext } from '@tarojs/service'
import { addLoader, type Chain } from './webpack-chain'

/** Browser globals that Taro imitates and the mini-program never reads; tests/weapp/dist.test.ts checks the build. */
export const absentGlobals = [
  'URL',
  'URLSearchParams',
  'history',
  'location',
  'MutationObserver',
  'SVGElement',
]

/** Every word of the sources under a folder. The name of an API that is called is among them, however it is called. */
export function namedWords(folder: string): string[] {
  const words = new Set<string>()
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file)) continue
    for (const [word] of readFileSync(path.join(folder, file), 'utf8').matchAll(/\w+/g)) words.add(word)
  }
  return [...words]
}

/** Names of the reconciler's functions that Taro's renderer calls. */
export function calledOfReconciler(): string[] {
  const renderer = readFileSync(require.resolve('@tarojs/react'), 'utf8')
  const called = [...renderer.matchAll(/\b(?:TaroReconciler|renderer)\.(\w+)/g)].map(([, name = '']) => name)
  // Only development builds call the devtools, and they take the reconciler's other file.
  return called.filter(name => name !== 'injectIntoDevTools')
}

/** Drops the globals of {@link absentGlobals} that webpack would provide to any module that names them. */
function withoutAbsentGlobals(chain: Chain): void {
  chain.plugin('providerPlugin').tap(([provided = {}]) => {
    const retained = Object.entries(provided).filter(([name]) => !absentGlobals.includes(name))
    if (retained.length !== Object.keys(provided).length - absentGlobals.length) {
      throw new Error('lean runtime: the provided globals are not those of Taro 4.2')
    }
    return [Object.fromEntries(retained)]
  })
}

/**
 * Takes out of the main package what Taro ships for other programs: imitated browser parts, React's branches for other
 * hosts. README.md in this folder lists what each edit saves.
 */
export default (context: IPluginContext): void => {
  if (process.env.TARO_ENV !== 'weapp') return
  const named = namedWords(path.resolve(__dirname, '../../src'))
  const without = (process.env.KEPU_LEAN_WITHOUT ?? '').split(',')
  context.modifyWebpackChain(({ chain }: { chain: Chain }) => {
    if (!without.includes('absent-globals')) withoutAbsentGlobals(chain)
    const files =
      /(@tarojs[\\/](taro[\\/]index|runtime[\\/]dist[\\/](bom[\\/]window|dom[\\/]style)|react[\\/]dist[\\/]react\.esm|shared[\\/]dist[\\/](shared\.esm|runtime-hooks))|react-reconciler\.production\.min)\.js$/
    addLoader(chain, 'lean-runtime', files, { named, called: calledOfReconciler(), without })
  })
}
