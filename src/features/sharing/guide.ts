/** What the guide says. */
export interface Guide {
  title: string
  words: string
  /** What a reader is told if the link could not be copied. */
  uncopied: string
  /** Points to the top right. */
  arrow: boolean
}

/** In WeChat, also in its browser: the menu is at the top right. */
export const guideInWeChat: Guide = {
  title: '点击右上角',
  words: '在弹出的菜单里选「发送给朋友」或「分享到朋友圈」',
  uncopied: '没能复制，请用右上角的菜单分享',
  arrow: true,
}
