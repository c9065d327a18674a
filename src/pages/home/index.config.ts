import { site } from '#site'

export default definePageConfig({
  navigationBarTitleText: site.name,
  enablePullDownRefresh: true,
  onReachBottomDistance: 400,
  enableShareAppMessage: true,
})
