// No share handlers: WeChat then offers no way to pass the page on.
export default definePageConfig({
  navigationBarTitleText: '预览',
})
