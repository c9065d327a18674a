export default definePageConfig({
  navigationBarTitleText: '采编和更正原则',
})
