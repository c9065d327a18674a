export default definePageConfig({
  enableShareAppMessage: true,
  navigationBarTitleText: '海报',
})
