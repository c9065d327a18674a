import { site } from '#site'

export default defineAppConfig({
  pages: ['pages/home/index', 'pages/article/index'],
  window: {
    navigationBarTitleText: site.name,
    navigationBarBackgroundColor: '@barBackground',
    navigationBarTextStyle: '@barText' as 'black',
    backgroundColor: '@pageBackground',
    backgroundTextStyle: '@loadingText' as 'dark',
  },
  darkmode: true,
  themeLocation: 'theme.json',
  lazyCodeLoading: 'requiredComponents',
})
