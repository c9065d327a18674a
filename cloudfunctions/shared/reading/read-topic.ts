import { feedPageSize } from '#contract/feed'
import type { PollState } from '#contract/poll'
import type { readTopic, Topic } from '#contract/topic'
import { AppError } from '../app-error'
import type { Caller } from '../caller'
import { errorDetail, log } from '../log'
import type { Handler } from '../serve'
import { listByIds, listNewest } from '../stores/articles'
import { findTopic } from '../stores/topics'
import { readPollAt } from '../voting/poll'
import { sealCursor, unsealCursor } from './cursor'

/** The topic's poll, if it has one. When the poll cannot be read, that is logged and the topic is shown without it. */
async function pollOf({ id, poll }: Topic, caller: Caller): Promise<PollState | null> {
  if (poll === undefined) return null
  try {
    return await readPollAt({ topicId: id }, caller)
  } catch (error) {
    log('warn', 'poll-left-out', { topic: id, ...errorDetail(error) })
    return null
  }
}

/**
 * A topic with a page of its stories. Two database operations; three more for the first page of a topic with a poll.
 */
export const readTopicHandler: Handler<typeof readTopic> = async ({ topicId, cursor }, caller) => {
  const list = `topic|${topicId}`
  const position = cursor === undefined ? null : unsealCursor(list, cursor)
  if (cursor !== undefined && !position) throw new AppError('invalid', 'cursor: not one of this topic')
  const found = await findTopic(topicId)
  if (!found) throw new AppError('not-found', 'no such topic')
  const { topic, stories } = found
  const poll = cursor === undefined ? await pollOf(topic, caller) : null
  const head = poll ? { topic, poll } : { topic }

  if (stories.length > 0) {
    const begin = position?.at ?? 0
    const ids = stories.slice(begin, begin + feedPageSize)
    const end = begin + ids.length
    const last = ids.at(-1)
    const next = last && end < stories.length ? sealCursor(list, { at: end, id: last }) : null
    return { ...head, items: await listByIds(ids), next }
  }

  const after = position && { publishedAt: position.at, id: position.id }
  const { teasers, last, more } = await listNewest({ topic: topicId }, after, feedPageSize)
  const next = more && last ? sealCursor(list, { at: last.publishedAt, id: last.id }) : null
  return { ...head, items: teasers, next }
}
