export default definePageConfig({
  navigationBarTitleText: '新闻表情排行',
  enablePullDownRefresh: true,
  onReachBottomDistance: 300,
  enableShareAppMessage: true,
})
