import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { IPluginContext } from '@tarojs/service'
import { addLoader, type Chain } from './webpack-chain'

/** Names imported from @tarojs/components anywhere under a folder: what pages can draw. */
export function usedComponents(folder: string): string[] {
  const used = new Set<string>()
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.tsx')) continue
    const text = readFileSync(path.join(folder, file), 'utf8')
    for (const [, names = ''] of text.matchAll(/import \{([^}]*)\} from '@tarojs\/components'/g)) {
      for (const name of names.split(',')) used.add(name.replace(/\btype\b/, '').trim())
    }
  }
  used.delete('')
  return [...used].sort()
}

/**
 * Taro ships the attributes of all of WeChat's components to the phone. This empties the lists of those that no source
 * file imports; nothing has to be listed by hand.
 */
export default (context: IPluginContext): void => {
  if (process.env.TARO_ENV !== 'weapp') return
  const keep = usedComponents(path.resolve(__dirname, '../../src'))
  context.modifyWebpackChain(({ chain }: { chain: Chain }) => {
    const files =
      /@tarojs[\\/](plugin-platform-weapp[\\/]dist[\\/]runtime(-utils)?|shared[\\/]dist[\\/](shared\.esm|components))\.js$/
    addLoader(chain, 'unused-components', files, { keep })
  })
}
