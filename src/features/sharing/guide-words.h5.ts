/** How to share a story from here: with the browser's own function. */
export const guide = {
  title: '分享这篇文章',
  words: '请使用浏览器分享功能进行分享',
  uncopied: '没能复制，请长按地址栏复制',
  arrow: false,
}
