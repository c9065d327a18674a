import { site } from '#site'

export default definePageConfig({
  navigationBarTitleText: site.name,
  onReachBottomDistance: 400,
  enableShareAppMessage: true,
})
