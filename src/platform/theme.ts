import Taro from '@tarojs/taro'
import theme from '../theme.json'
import { baseInfo } from './base-library'
import { attempt } from './optional'

export type Theme = 'light' | 'dark'

/** What the phone is set to now. */
export function systemTheme(): Theme {
  return baseInfo().theme === 'dark' ? 'dark' : 'light'
}

/**
 * Colours the bars of the page shown. theme.json follows only the system, so a theme set by hand needs this on every
 * page that is shown. The tab bar exists on some pages only: elsewhere the platform refuses, which is fine.
 */
export function paintBars(name: Theme, _byHand: boolean): void {
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
