import Taro from '@tarojs/taro'

/**
 * The oldest base library that this mini-program supports: it introduced `getAppBaseInfo` and `getWindowInfo` (WeChat
 * docs, 基础库 2.20.1). Code checks for every newer API before it calls it. Set the same version on the platform (设置 →
 * 基础库最低版本).
 */
export const lowestBaseLibrary = '2.20.1'

/**
 * Compares versions such as `2.20.1` and `2.9.4` by their numbers: negative if `a` is older. Missing parts count as 0.
 */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number)
  const right = b.split('.').map(Number)
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] || 0) - (right[i] || 0)
    if (difference !== 0) return difference
  }
  return 0
}

interface BaseInfo {
  SDKVersion?: string
  theme?: string
  /** Missing from Taro's types. */
  fontSizeScaleFactor?: number
}

/**
 * WeChat's information about itself. A base library without `getAppBaseInfo` is older than `lowestBaseLibrary`, so this
 * returns an older version.
 */
export function baseInfo(): BaseInfo {
  try {
    return Taro.getAppBaseInfo()
  } catch {
    return { SDKVersion: '2.20.0' }
  }
}

/** The phone's base library version; empty if unknown, as on the web. */
export function baseLibrary(): string {
  return baseInfo().SDKVersion ?? ''
}

/** Whether this WeChat is too old for this mini-program. False if the version is unknown. */
export function isTooOld(version: string): boolean {
  return version !== '' && compareVersions(version, lowestBaseLibrary) < 0
}
