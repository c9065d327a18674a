import { call } from '#cloud/call'
import type { ListSource } from '#cloud/list'
import type { Teaser } from '#contract/article'
import { type FeedPage, readFeed } from '#contract/feed'

/** Stories of a channel, or of one of its columns; an empty `column` means all of them. */
export function channelList(channel: string, column: string): ListSource<Teaser, FeedPage> {
  const ask = (cursor?: string) =>
    call(readFeed, { channel, ...(column && { column }), ...(cursor && { cursor }) })
  return { key: `channel:${channel}/${column}`, first: ask, pageOf: page => page, more: ask }
}
