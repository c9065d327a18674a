export default definePageConfig({
  enableShareAppMessage: true,
  navigationBarTitleText: '找不到页面',
})
