import Taro from '@tarojs/taro'
import theme from '../theme.json'

export type Theme = 'light' | 'dark'

/** What the phone is set to now. */
export function systemTheme(): Theme {
  return Taro.getAppBaseInfo().theme === 'dark' ? 'dark' : 'light'
}

const quietly = (work: Promise<unknown>): void => {
  work.catch(() => undefined)
}

/**
 * Colours the bars of the page shown. theme.json follows only the system, so a theme set by hand needs this on every
 * page that is shown. The tab bar exists on some pages only: elsewhere the platform refuses, which is fine.
 */
export function paintBars(name: Theme, _byHand: boolean): void {
  const { barBackground, barText, pageBackground, loadingText } = theme[name]
  quietly(
    Taro.setNavigationBarColor({
      frontColor: barText === 'black' ? '#000000' : '#ffffff',
      backgroundColor: barBackground,
    }),
  )
  quietly(Taro.setBackgroundColor({ backgroundColor: pageBackground }))
  quietly(Taro.setBackgroundTextStyle({ textStyle: loadingText as 'dark' }))
  const { tabBackground, tabText, tabSelected } = theme[name]
  quietly(
    Taro.setTabBarStyle({
      backgroundColor: tabBackground,
      color: tabText,
      selectedColor: tabSelected,
      borderStyle: name === 'dark' ? 'white' : 'black',
    }),
  )
  const { iconHome, iconHomeOn, iconRanking, iconRankingOn, iconShelf, iconShelfOn } = theme[name]
  const icons = [
    [iconHome, iconHomeOn],
    [iconRanking, iconRankingOn],
    [iconShelf, iconShelfOn],
  ] as const
  for (const [index, [iconPath, selectedIconPath]] of icons.entries()) {
    quietly(Taro.setTabBarItem({ index, iconPath, selectedIconPath }))
  }
}
