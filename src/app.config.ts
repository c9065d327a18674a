import { site } from '#site'

/** On the web Taro resolves each icon as a module and knows no theme: there names stand for light, styles for dark. */
const web = process.env.TARO_ENV === 'h5'
const tab = (page: string, text: string, icon: string, file: string) => ({
  pagePath: `pages/${page}/index`,
  text,
  iconPath: web ? `assets/tab/${file}.png` : `@icon${icon}`,
  selectedIconPath: web ? `assets/tab/${file}-on.png` : `@icon${icon}On`,
})

export default defineAppConfig({
  pages: ['pages/home/index', 'pages/ranking/index', 'pages/shelf/index', 'pages/article/index'],
  subPackages: [
    {
      root: 'more',
      pages: ['channel/index', 'topic/index', 'search/index', 'about/index', 'lost/index'],
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
    color: web ? 'var(--ink-faint)' : '@tabText',
    selectedColor: web ? 'var(--accent)' : '@tabSelected',
    backgroundColor: web ? 'var(--raised)' : '@tabBackground',
    borderStyle: web ? 'black' : ('@tabLine' as 'black'),
    list: [
      tab('home', '首页', 'Home', 'home'),
      tab('ranking', '排行', 'Ranking', 'ranking'),
      tab('shelf', '书架', 'Shelf', 'shelf'),
    ],
  },
  // Pages of the web turn at once: one that is left while it still moves would stay hidden when its reader comes back.
  ...(web ? { animation: false } : {}),
  darkmode: true,
  themeLocation: 'theme.json',
  lazyCodeLoading: 'requiredComponents',
})
