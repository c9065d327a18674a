import Taro from '@tarojs/taro'
import theme from '../theme.json'
import { baseInfo } from './base-library'
import { attempt } from './optional'

export type Theme = 'light' | 'dark'

/** The phone's current theme. */
export function systemTheme(): Theme {
  return baseInfo().theme === 'dark' ? 'dark' : 'light'
}

/** Calls the listener when the phone's theme changes. Returns a function that unsubscribes it. */
export function onSystemTheme(listener: () => void): () => void {
  attempt(() => Taro.onThemeChange(listener))
  return () => attempt(() => Taro.offThemeChange(listener))
}

/**
 * Colours the bars of the current page. theme.json follows only the system theme, so a theme chosen by hand needs this
 * call on every page that is shown. Pages without a tab bar reject that part; this is harmless.
 */
export function paintBars(name: Theme): void {
  const { barBackground, barText, pageBackground, loadingText } = theme[name]
  attempt(() =>
    Taro.setNavigationBarColor({
      frontColor: barText === 'black' ? '#000000' : '#ffffff',
      backgroundColor: barBackground,
    }),
  )
  attempt(() => Taro.setBackgroundColor({ backgroundColor: pageBackground }))
  attempt(() => Taro.setBackgroundTextStyle({ textStyle: loadingText as 'dark' }))
  const { tabBackground, tabText, tabSelected } = theme[name]
  attempt(() =>
    Taro.setTabBarStyle({
      backgroundColor: tabBackground,
      color: tabText,
      selectedColor: tabSelected,
      borderStyle: 'black',
    }),
  )
  const { iconHome, iconHomeOn, iconRanking, iconRankingOn, iconShelf, iconShelfOn } = theme[name]
  const icons = [
    [iconHome, iconHomeOn],
    [iconRanking, iconRankingOn],
    [iconShelf, iconShelfOn],
  ] as const
  for (const [index, [iconPath, selectedIconPath]] of icons.entries()) {
    attempt(() => Taro.setTabBarItem({ index, iconPath, selectedIconPath }))
  }
}
