import Taro from '@tarojs/taro'

const momentsScene = 1154

/**
 * Whether the story was opened from Moments, in WeChat's single-page mode: no login, no navigation, half the API off
 * (WeChat docs, 分享到朋友圈). Read anew each time: a hot start may come from elsewhere.
 */
export function isSinglePage(): boolean {
  try {
    const entry: { scene?: number; apiCategory?: string } = Taro.getEnterOptionsSync()
    return entry.scene === momentsScene || entry.apiCategory === 'browseOnly'
  } catch {
    return false
  }
}
