import type { IPluginContext } from '@tarojs/service'
import { addLoader, type Chain } from './webpack-chain'

/**
 * In Moments' single-page mode (scene 1154), reading `wx.router`, `wx.worklet` or `wx.shareImageMessage` has been reported
 * to throw. Taro reads every key of `wx` at launch, so the app dies (NervJS/taro 13621, 16596; mpx 517). The loader makes
 * Taro skip every key that throws.
 */
export default (context: IPluginContext): void => {
  if (process.env.TARO_ENV !== 'weapp') return
  context.modifyWebpackChain(({ chain }: { chain: Chain }) => {
    addLoader(chain, 'single-page-guard', /plugin-platform-weapp[\\/]dist[\\/]runtime(-utils)?\.js$/)
  })
}
