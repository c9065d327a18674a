export default definePageConfig({
  enableShareAppMessage: true,
  navigationBarTitleText: '关于',
})
