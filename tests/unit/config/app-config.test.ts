import { readFileSync } from 'node:fs'
import path from 'node:path'
import { site } from '#site'
import sitemap from '../../../src/sitemap.json'
import theme from '../../../src/theme.json'

/** Taro reads the configuration of the app through this function. */
Object.assign(globalThis, { defineAppConfig: (config: object) => config })
const app = (require('../../../src/app.config') as { default: Record<string, unknown> }).default

const tokens = readFileSync(path.resolve(__dirname, '../../../src/styles/tokens.scss'), 'utf8')
/** The colours of the pages, by name. */
const colours = (name: 'light' | 'dark') => {
  const [, block = ''] = new RegExp(`@mixin ${name} \\{([^}]*)\\}`).exec(tokens) ?? []
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#\w{6});/g)].map(([, key, value]) => [key, value]),
  )
}

test('the tab bar leads to the three main pages, each under its name and its sign', () => {
  expect(app.tabBar).toEqual({
    color: '@tabText',
    selectedColor: '@tabSelected',
    backgroundColor: '@tabBackground',
    borderStyle: 'black',
    list: [
      ['home', '首页', 'Home'],
      ['ranking', '排行', 'Ranking'],
      ['shelf', '书架', 'Shelf'],
    ].map(([page, text, sign]) => ({
      ...{ pagePath: `pages/${page}/index`, text },
      ...{ iconPath: `@icon${sign}`, selectedIconPath: `@icon${sign}On` },
    })),
  })
})

test('WeChat’s bars and the ground of the pages are named and coloured by the theme, from the first moment on', () => {
  expect(app).toMatchObject({
    ...{ darkmode: true, themeLocation: 'theme.json', lazyCodeLoading: 'requiredComponents' },
    window: {
      navigationBarTitleText: site.name,
      navigationBarBackgroundColor: '@barBackground',
      navigationBarTextStyle: '@barText',
      backgroundColor: '@pageBackground',
      backgroundTextStyle: '@loadingText',
    },
  })
})

test.each([
  ['light', 'black', 'dark', ''],
  ['dark', 'white', 'light', '-dark'],
] as const)(
  'the bars of the %s theme have the colours of its pages, and words that stand out',
  (name, text, dots, end) => {
    const page = colours(name)
    const upper = (colour: string) => page[colour]?.toUpperCase()
    expect(theme[name]).toEqual({
      ...{ barBackground: upper('paper'), barText: text, pageBackground: upper('paper'), loadingText: dots },
      ...{ tabText: upper('ink-faint'), tabSelected: upper('accent'), tabBackground: upper('raised') },
      ...{ iconHome: `assets/tab/home${end}.png`, iconHomeOn: `assets/tab/home-on${end}.png` },
      ...{ iconRanking: `assets/tab/ranking${end}.png`, iconRankingOn: `assets/tab/ranking-on${end}.png` },
      ...{ iconShelf: `assets/tab/shelf${end}.png`, iconShelfOn: `assets/tab/shelf-on${end}.png` },
    })
  },
)

/** Relative luminance and contrast (WCAG 2.1, 1.4.3). */
function contrast(a: string, b: string): number {
  const light = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const [more = 0, less = 0] = [light(a), light(b)].sort((x, y) => y - x)
  return (more + 0.05) / (less + 0.05)
}

test.each(['light', 'dark'] as const)(
  'every colour of words can be read on every ground of the %s theme',
  name => {
    const page = colours(name)
    expect(Object.keys(page)).toEqual(Object.keys(colours('light')))
    for (const words of ['ink', 'ink-soft', 'ink-faint', 'accent'])
      for (const ground of ['paper', 'raised'])
        expect([words, ground, contrast(String(page[words]), String(page[ground])) >= 4.5]).toEqual([
          ...[words, ground, true],
        ])
    expect(contrast(String(page.accent), String(page['accent-soft']))).toBeGreaterThanOrEqual(4.5)
  },
)

test('搜一搜 finds the pages that are about something, and none that is a reader’s own', () => {
  /** Whether a page with these parameters may be found: the first rule that fits decides (小程序搜索, sitemap 配置). */
  const isFound = (page: string, ...given: string[]) => {
    const rules = sitemap.rules as { action: string; page: string; params?: string[]; matching?: string }[]
    const rule = rules.find(({ page: named, params, matching }) => {
      if (named !== '*' && named !== page) return false
      if (!params) return true
      return (
        params.every(one => given.includes(one)) &&
        (matching === 'inclusive' || params.length === given.length)
      )
    })
    return rule?.action !== 'disallow'
  }
  expect(
    [
      isFound('pages/home/index'),
      isFound('pages/ranking/index'),
      isFound('pages/article/index', 'id'),
      // A card adds its mark.
      isFound('pages/article/index', 'id', 'mark'),
      isFound('more/channel/index', 'channel', 'column'),
      isFound('more/topic/index', 'id'),
      isFound('more/topic/index', 'id', 'mark'),
    ].every(Boolean),
  ).toBe(true)
  const pages = [
    ...(app.pages as string[]),
    ...(app.subPackages as { pages: string[] }[]).flatMap(({ pages }) => pages.map(page => `more/${page}`)),
  ]
  expect(pages.filter(page => isFound(page))).toEqual(['pages/home/index', 'pages/ranking/index'])
  expect(pages.filter(page => isFound(page, 'scene'))).toEqual(['pages/home/index', 'pages/ranking/index'])
})
