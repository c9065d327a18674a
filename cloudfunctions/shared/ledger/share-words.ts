import { shareChannels, type Way } from '#contract/sharing'
import { countWords } from '../count-words'
import type { ShareCounts } from '../stores/share-days'

const ways: Readonly<Record<Way, string>> = {
  friend: '好友',
  group: '群',
  moments: '朋友圈',
  poster: '海报',
  link: '链接',
  favourites: '收藏',
  other: '其他',
}

/** Every channel, and the shares whose channel nobody could report. */
export const channelWords: Readonly<Record<string, string>> = { ...shareChannels, unknown: '没有记到' }

/** Shares by channel, for editors. The channel `unknown` appears only if it has shares. */
export const sharesLine = ({ shares }: ShareCounts): string =>
  `发起分享　${countWords((shares.unknown ?? 0) > 0 ? channelWords : shareChannels, shares)}`

/** Openings by way in, for editors. */
export const openingsLine = ({ openings, guests }: ShareCounts): string =>
  `打开分享　${countWords(ways, openings)}　其中未登录 ${guests}`
