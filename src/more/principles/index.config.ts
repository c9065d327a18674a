export default definePageConfig({
  enableShareAppMessage: true,
  navigationBarTitleText: '采编和更正原则',
})
