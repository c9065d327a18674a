import * as v from 'valibot'
import { endpoint } from './endpoint'
import { ArticleId, ShareMark } from './ids'

/** How a reader can share a story. */
export const shareChannels = { friend: '微信好友', moments: '朋友圈', link: '链接' } as const
export type ShareChannel = keyof typeof shareChannels
export const ShareChannel = v.picklist(Object.keys(shareChannels) as ShareChannel[])

/**
 * Records that a reader requested a story's share card. WeChat does not report whether the card was sent, so this
 * counts intents. The phone creates the mark, because the path of a card cannot wait for a reply of the cloud.
 */
export const recordShare = endpoint('sharing/recordShare', {
  input: v.object({ articleId: ArticleId, channel: ShareChannel, mark: ShareMark }),
  output: v.object({}),
})
