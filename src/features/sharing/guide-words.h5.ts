import { isWeChatBrowser } from '#platform/system-share.h5'
import type { Guide } from './guide-words'

/** How to share a story from this browser: with WeChat's menu in WeChat, else with the browser's own function. */
export const guideNow = (): Guide =>
  isWeChatBrowser()
    ? {
        title: '点击右上角',
        words: '在弹出的菜单里选「发送给朋友」或「分享到朋友圈」',
        uncopied: '没能复制，请用右上角的菜单分享',
        arrow: true,
      }
    : {
        title: '分享这篇文章',
        words: '请使用浏览器分享功能进行分享',
        uncopied: '没能复制，请长按地址栏复制',
        arrow: false,
      }
