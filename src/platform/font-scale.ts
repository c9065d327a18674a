import { baseInfo } from './base-library'

/** What WeChat's own font size setting multiplies text by: 1 to 1.65 on a phone that says so, else 1. */
export function systemFontScale(): number {
  // Absent from an older base library.
  return baseInfo().fontSizeScaleFactor ?? 1
}
