import * as v from 'valibot'
import { endpoint } from './endpoint'
import { ArticleId, ShareMark } from './ids'

/** Ways a story leaves a phone. */
export const shareChannels = { friend: '微信好友', moments: '朋友圈', link: '链接' } as const
export type ShareChannel = keyof typeof shareChannels
export const ShareChannel = v.picklist(Object.keys(shareChannels) as ShareChannel[])

/**
 * Notes that a story's card was asked for. WeChat tells nobody whether it was sent, so this is an intent, not a
 * success. The mark is made on the phone before the card, because a card's path cannot wait for the cloud.
 */
export const recordShare = endpoint('sharing/recordShare', {
  input: v.object({ articleId: ArticleId, channel: ShareChannel, mark: ShareMark }),
  output: v.object({}),
})
