import Taro from '@tarojs/taro'

/**
 * The oldest base library this mini-program runs on: `getAppBaseInfo` and `getWindowInfo` came with it (WeChat docs,
 * 基础库 2.20.1); everything newer is asked for before it is used. The platform's own setting (设置 → 基础库最低版本) should
 * name the same.
 */
export const lowestBaseLibrary = '2.20.1'

/** Compares `2.20.1` and `2.9.4` by their numbers: negative when `a` is older. Parts that are missing count as 0. */
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
  /** Not in Taro's types. */
  fontSizeScaleFactor?: number
}

/** What WeChat says of itself. A base library without `getAppBaseInfo` is older than the oldest that is supported. */
export function baseInfo(): BaseInfo {
  try {
    return Taro.getAppBaseInfo()
  } catch {
    return { SDKVersion: '2.20.0' }
  }
}

/** The phone's base library; empty where it does not say, as on the web. */
export function baseLibrary(): string {
  return baseInfo().SDKVersion ?? ''
}

/** Whether this WeChat is too old to run everything here. Where it does not say, it is not. */
export function isTooOld(version: string): boolean {
  return version !== '' && compareVersions(version, lowestBaseLibrary) < 0
}
