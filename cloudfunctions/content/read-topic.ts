import { feedPageSize } from '#contract/feed'
import type { readTopic } from '#contract/topic'
import { AppError } from '../shared/app-error'
import type { Handler } from '../shared/serve'
import { listByIds, listNewest } from '../shared/stores/articles'
import { findTopic } from '../shared/stores/topics'
import { sealCursor, unsealCursor } from './cursor'

/** A topic with a page of its stories: two database operations. */
export const readTopicHandler: Handler<typeof readTopic> = async ({ topicId, cursor }) => {
  const list = `topic|${topicId}`
  const position = cursor === undefined ? null : unsealCursor(list, cursor)
  if (cursor !== undefined && !position) throw new AppError('invalid', 'cursor: not one of this topic')
  const found = await findTopic(topicId)
  if (!found) throw new AppError('not-found', 'no such topic')
  const { topic, stories } = found

  if (stories.length > 0) {
    const begin = position?.at ?? 0
    const ids = stories.slice(begin, begin + feedPageSize)
    const end = begin + ids.length
    const last = ids.at(-1)
    const next = last && end < stories.length ? sealCursor(list, { at: end, id: last }) : null
    return { topic, items: await listByIds(ids), next }
  }

  const after = position && { publishedAt: position.at, id: position.id }
  const { teasers, last, more } = await listNewest({ topic: topicId }, after, feedPageSize)
  const next = more && last ? sealCursor(list, { at: last.publishedAt, id: last.id }) : null
  return { topic, items: teasers, next }
}
