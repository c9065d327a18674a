import { baseInfo } from './base-library'

/**
 * The factor of WeChat's own font size setting: 0.94 (the smallest on an iPhone) to 1.75
 * (the largest on an iPad) if the phone tells it, else 1.
 */
export function systemFontScale(): number {
  // Older base libraries lack this.
  return baseInfo().fontSizeScaleFactor ?? 1
}
