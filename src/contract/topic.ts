import * as v from 'valibot'
import { Cover } from './article'
import { endpoint } from './endpoint'
import { Cursor, FeedPage } from './feed'
import { Instant, TopicId } from './ids'
import { PollState } from './poll'

/** A topic as shown in 独家策划. */
export const TopicCard = v.object({
  id: TopicId,
  title: v.string(),
  /** One or two sentences about the topic; may be empty. */
  lead: v.string(),
  cover: v.optional(Cover),
})
export type TopicCard = v.InferOutput<typeof TopicCard>

/** A topic as shown on its own page. */
export const Topic = v.object({
  ...TopicCard.entries,
  /** Credit of the cover picture. */
  credit: v.optional(v.string()),
  editor: v.optional(v.string()),
  publishedAt: Instant,
  /** Id of the topic's poll (云投). */
  poll: v.optional(v.string()),
})
export type Topic = v.InferOutput<typeof Topic>

/**
 * Reads a topic and a page of its stories, in the editors' order if they set one, else newest first. Omits withdrawn
 * stories, so a page may have fewer than `feedPageSize` stories and still a `next`. The first page includes the topic's
 * poll as the caller sees it, if the topic has one.
 * Errors: `invalid`, `not-found` (also for withdrawn topics).
 */
export const readTopic = endpoint('content/readTopic', {
  input: v.object({ topicId: TopicId, cursor: v.optional(Cursor) }),
  output: v.object({ topic: Topic, poll: v.optional(PollState), ...FeedPage.entries }),
})
