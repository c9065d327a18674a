import { baseInfo } from './base-library'

/** The factor of WeChat's own font size setting: 1 to 1.65 if the phone tells it, else 1. */
export function systemFontScale(): number {
  // Older base libraries lack this.
  return baseInfo().fontSizeScaleFactor ?? 1
}
