import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { IPluginContext } from '@tarojs/service'

interface Chain {
  module: {
    rule(name: string): {
      test(pattern: RegExp): {
        use(name: string): { loader(file: string): { options(options: object): unknown } }
      }
    }
  }
}

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
 * Taro ships the attributes of all of WeChat's components to the phone, some 12 KB; we use about a dozen of them. A
 * component that is used is kept by being imported: nothing has to be listed.
 */
export default (context: IPluginContext): void => {
  if (process.env.TARO_ENV !== 'weapp') return
  const keep = usedComponents(path.resolve(__dirname, '../../src'))
  context.modifyWebpackChain(({ chain }: { chain: Chain }) => {
    chain.module
      .rule('unused-components')
      .test(
        /@tarojs[\\/](plugin-platform-weapp[\\/]dist[\\/]runtime(-utils)?|shared[\\/]dist[\\/](shared\.esm|components))\.js$/,
      )
      .use('unused-components')
      .loader(path.resolve(__dirname, 'unused-components-loader.js'))
      .options({ keep })
  })
}
