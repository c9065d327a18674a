import Taro from '@tarojs/taro'

/** What WeChat's own font size setting multiplies text by: 1 to 1.65 on a phone that says so, else 1. */
export function systemFontScale(): number {
  // Not in Taro's types; phones with an older base library do not say.
  const info = Taro.getAppBaseInfo() as { fontSizeScaleFactor?: number }
  return info.fontSizeScaleFactor ?? 1
}
