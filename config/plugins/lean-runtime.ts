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

const textsOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => /\.tsx?$/.test(file))
    .map(file => readFileSync(path.join(folder, file), 'utf8'))

const wordsOf = (text: string): string[] => text.match(/\w+/g) ?? []

/** Every word of the sources under a folder. The name of an API that is called is among them, however it is called. */
export const namedWords = (folder: string): string[] => [...new Set(textsOf(folder).flatMap(wordsOf))]

/** What the sources under a folder import from React, by name. Throws an error if one imports all of it. */
export function importedFromReact(folder: string): string[] {
  const imports = textsOf(folder).flatMap(text => [...text.matchAll(/^import ([^'"]*) from 'react'/gm)])
  return imports.flatMap(([whole, what = '']) => {
    const listed = /^(?:type )?\{([^}]*)\}$/.exec(what)?.[1]
    if (listed === undefined) throw new Error(`lean runtime: ${whole} must name what it imports`)
    return wordsOf(listed)
  })
}

/** Words of Taro's bridge between the app and React. */
const bridgeWords = (): string[] =>
  wordsOf(readFileSync(require.resolve('@tarojs/plugin-framework-react/dist/runtime.js'), 'utf8'))

/** What `lean-runtime-loader` must know of the sources under a folder. */
export const usedOfReact = (folder: string) => ({
  named: namedWords(folder),
  imported: importedFromReact(folder),
  bridge: bridgeWords(),
})

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
  const sources = path.resolve(__dirname, '../../src')
  const without = (process.env.KEPU_LEAN_WITHOUT ?? '').split(',')
  context.modifyWebpackChain(({ chain }: { chain: Chain }) => {
    if (!without.includes('absent-globals')) withoutAbsentGlobals(chain)
    const files =
      /(@tarojs[\\/](taro[\\/]index|runtime[\\/]dist[\\/](bom[\\/]window|dom[\\/]style)|react[\\/]dist[\\/]react\.esm|shared[\\/]dist[\\/](shared\.esm|runtime-hooks))|react-reconciler\.production\.min)\.js$/
    addLoader(chain, 'lean-runtime', files, {
      ...usedOfReact(sources),
      called: calledOfReconciler(),
      without,
    })
  })
}
