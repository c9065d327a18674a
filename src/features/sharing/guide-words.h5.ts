/** How a story is passed on from here: a browser has its own way. */
export const guide = {
  title: '分享这篇文章',
  words: '请使用浏览器分享功能进行分享',
  arrow: false,
}
