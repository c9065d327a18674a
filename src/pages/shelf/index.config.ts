export default definePageConfig({
  enableShareAppMessage: true,
  navigationBarTitleText: '书架',
})
