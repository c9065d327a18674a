import { site } from '#site'

const tab = (page: string, text: string, icon: string) => ({
  pagePath: `pages/${page}/index`,
  text,
  iconPath: `@icon${icon}`,
  selectedIconPath: `@icon${icon}On`,
})

export default defineAppConfig({
  pages: ['pages/home/index', 'pages/ranking/index', 'pages/shelf/index', 'pages/article/index'],
  subPackages: [
    {
      root: 'more',
      pages: [
        'channel/index',
        'topic/index',
        'search/index',
        'about/index',
        'principles/index',
        'lost/index',
        'preview/index',
        'poster/index',
      ],
    },
  ],
  window: {
    navigationBarTitleText: site.name,
    navigationBarBackgroundColor: '@barBackground',
    navigationBarTextStyle: '@barText' as 'black',
    backgroundColor: '@pageBackground',
    backgroundTextStyle: '@loadingText' as 'dark',
  },
  tabBar: {
    color: '@tabText',
    selectedColor: '@tabSelected',
    backgroundColor: '@tabBackground',
    // `white` draws a bright white line, also in night mode.
    borderStyle: 'black',
    list: [tab('home', '首页', 'Home'), tab('ranking', '排行', 'Ranking'), tab('shelf', '书架', 'Shelf')],
  },
  darkmode: true,
  themeLocation: 'theme.json',
  // What 搜一搜 may index.
  sitemapLocation: 'sitemap.json',
  lazyCodeLoading: 'requiredComponents',
})
