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
 * Opened from Moments (single-page mode, scene 1154), reading `wx.router`, `wx.worklet` or `wx.shareImageMessage` has
 * been reported to throw, and Taro reads every key of `wx` at launch, which kills the app (NervJS/taro 13621, 16596).
 * The loader makes that reading safe.
 */
export default (context: IPluginContext): void => {
  if (process.env.TARO_ENV !== 'weapp') return
  context.modifyWebpackChain(({ chain }: { chain: Chain }) => {
    chain.module
      .rule('single-page-guard')
      .test(/plugin-platform-weapp[\\/]dist[\\/]runtime(-utils)?\.js$/)
      .use('single-page-guard')
      .loader(path.resolve(__dirname, 'single-page-guard-loader.js'))
  })
}
