import Taro from '@tarojs/taro'

const momentsScene = 1154

/**
 * Whether the story was opened from Moments, in WeChat's single-page mode: no login, no navigation, and half the APIs
 * disabled (WeChat docs, 分享到朋友圈). Checked at every call, because a hot start may come from another entry.
 */
export function isSinglePage(): boolean {
  try {
    const entry: { scene?: number; apiCategory?: string } = Taro.getEnterOptionsSync()
    return entry.scene === momentsScene || entry.apiCategory === 'browseOnly'
  } catch {
    return false
  }
}
