import { isWeChatBrowser } from '#platform/system-share.h5'
import { type Guide, guideInWeChat } from './guide'

/** How to share a story from this browser: with WeChat's menu in WeChat, else with the browser's own function. */
export const guideNow = (): Guide =>
  isWeChatBrowser()
    ? guideInWeChat
    : {
        title: '分享这篇文章',
        words: '请使用浏览器分享功能进行分享',
        uncopied: '没能复制，请长按地址栏复制',
        arrow: false,
      }
