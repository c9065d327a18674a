import * as v from 'valibot'
import { endpoint } from './endpoint'
import { ArticleId, GuestId, ShareMark } from './ids'

/** How a reader can share a story. */
export const shareChannels = {
  friend: '微信好友',
  moments: '朋友圈',
  link: '链接',
  poster: '海报',
  favourites: '收藏',
} as const
export type ShareChannel = keyof typeof shareChannels
export const ShareChannel = v.picklist(Object.keys(shareChannels) as ShareChannel[])

/** How a reader came to a shared story. */
export const Way = v.picklist(['friend', 'group', 'moments', 'poster', 'link', 'favourites', 'other'])
export type Way = v.InferOutput<typeof Way>

/**
 * Records that a reader requested a story's share card. WeChat does not report whether the card was sent, so this
 * counts intents. The phone creates the mark, because the path of a card cannot wait for a reply of the cloud.
 * `parent` is the mark by which the reader had come to the story.
 */
export const recordShare = endpoint('sharing/recordShare', {
  input: v.object({
    articleId: ArticleId,
    channel: ShareChannel,
    mark: ShareMark,
    parent: v.optional(ShareMark),
  }),
  output: v.object({}),
})

/**
 * Records that a reader opened a story by a share mark: once for each reader and mark, however often it is sent. The
 * platform says who the reader is. `guest` stands for a reader without identity; the cloud ignores it for others.
 * Errors: `not-found`, `conflict` (the mark belongs to another story, or has its number of openings), `too-many`.
 */
export const recordOpening = endpoint('sharing/recordOpening', {
  input: v.object({ articleId: ArticleId, mark: ShareMark, way: Way, guest: v.optional(GuestId) }),
  output: v.object({}),
})
