import { ApiFailure, asJson, asynchronous, type Ground, numberOf, type Options, textOf, type Wx } from './api'

/** Routes, navigation bar and tab bar. */
export function navigationApis(ground: Ground): Wx {
  const { pages } = ground
  const url = (options: Options): string => {
    const value = textOf(options, 'url')
    if (value === undefined) throw new ApiFailure('parameter error: parameter.url should be String')
    return pages.resolve(value)
  }
  const route = (name: string, go: (options: Options) => void) =>
    asynchronous(name, options => {
      go(options)
      return undefined
    })
  const told = (name: string, view: string) =>
    asynchronous(name, options => {
      ground.tell(view, asJson(options))
      return undefined
    })

  return {
    navigateTo: route('navigateTo', options => pages.push(url(options))),
    redirectTo: route('redirectTo', options => pages.replace(url(options))),
    reLaunch: route('reLaunch', options => pages.relaunch(url(options))),
    switchTab: route('switchTab', options => pages.switchTab(url(options))),
    navigateBack: route('navigateBack', options => pages.back(numberOf(options, 'delta') ?? 1)),
    setNavigationBarTitle: asynchronous('setNavigationBarTitle', options => {
      const title = textOf(options, 'title')
      if (title === undefined) throw new ApiFailure('parameter error: parameter.title should be String')
      ground.tell('bar', { title })
      return undefined
    }),
    setNavigationBarColor: asynchronous('setNavigationBarColor', options => {
      const front = textOf(options, 'frontColor')
      if (front !== '#ffffff' && front !== '#000000') {
        throw new ApiFailure('invalid frontColor, only #ffffff and #000000 are taken')
      }
      ground.tell('bar', { text: front, background: textOf(options, 'backgroundColor') ?? '' })
      return undefined
    }),
    setTabBarStyle: told('setTabBarStyle', 'tab-style'),
    setTabBarItem: told('setTabBarItem', 'tab-item'),
    showTabBar: told('showTabBar', 'tab-on'),
    hideTabBar: told('hideTabBar', 'tab-off'),
    setTabBarBadge: told('setTabBarBadge', 'tab-badge'),
    removeTabBarBadge: told('removeTabBarBadge', 'tab-badge'),
    showTabBarRedDot: told('showTabBarRedDot', 'tab-badge'),
    hideTabBarRedDot: told('hideTabBarRedDot', 'tab-badge'),
  }
}
