import { feedPageSize, type readFeed } from '#contract/feed'
import { AppError } from '../app-error'
import type { Handler } from '../serve'
import { listNewest } from '../stores/articles'
import { readCursor, writeCursor } from './feed-cursor'

/** A page of the newest stories, of all channels or of one. */
export const readFeedHandler: Handler<typeof readFeed> = async ({ cursor, channel, column }) => {
  const scope = { channel, column }
  const after = cursor === undefined ? null : readCursor(scope, cursor)
  if (cursor !== undefined && !after) throw new AppError('invalid', 'cursor: not one of ours')
  const { teasers, last, more } = await listNewest(scope, after, feedPageSize)
  return { items: teasers, next: more && last ? writeCursor(scope, last) : null }
}
