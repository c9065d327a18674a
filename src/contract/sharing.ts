import * as v from 'valibot'
import { endpoint } from './endpoint'
import { ArticleId, ShareMark } from './ids'

/** Ways a reader can pass a story on. */
export const shareChannels = { friend: '微信好友', moments: '朋友圈', link: '链接' } as const
export type ShareChannel = keyof typeof shareChannels
export const ShareChannel = v.picklist(Object.keys(shareChannels) as ShareChannel[])

/**
 * Records that a reader asked for a story's card. WeChat does not say whether the card was sent, so this records an
 * intent. The phone makes the mark, because a card's path cannot wait for a reply of the cloud.
 */
export const recordShare = endpoint('sharing/recordShare', {
  input: v.object({ articleId: ArticleId, channel: ShareChannel, mark: ShareMark }),
  output: v.object({}),
})
