import path from 'node:path'
import type { IPluginContext } from '@tarojs/service'

interface Chain {
  module: {
    rule(name: string): {
      test(pattern: RegExp): { use(name: string): { loader(file: string): unknown } }
    }
  }
}

/**
 * Taro's web router takes the browser's forward button for a way back, and tells pages apart by their path alone: with
 * three stories open, forward shows the first under the address of the last, and home loses its place. See the loader.
 */
export default (context: IPluginContext): void => {
  if (process.env.TARO_ENV !== 'h5') return
  context.modifyWebpackChain(({ chain }: { chain: Chain }) => {
    chain.module
      .rule('web-history')
      .test(/@tarojs[\\/]router[\\/]dist[\\/]router[\\/](spa|stack)\.js$/)
      .use('web-history')
      .loader(path.resolve(__dirname, 'web-history-loader.js'))
  })
}
