import * as v from 'valibot'
import { Cover } from './article'
import { endpoint } from './endpoint'
import { Cursor, FeedPage } from './feed'
import { Instant, TopicId } from './ids'
import { PollState } from './poll'

/** What 独家策划 shows of a topic. */
export const TopicCard = v.object({
  id: TopicId,
  title: v.string(),
  /** A sentence or two on what the topic brings together; may be empty. */
  lead: v.string(),
  cover: v.optional(Cover),
})
export type TopicCard = v.InferOutput<typeof TopicCard>

/** A topic as its own page shows it. */
export const Topic = v.object({
  ...TopicCard.entries,
  /** Whose picture the cover is. */
  credit: v.optional(v.string()),
  editor: v.optional(v.string()),
  publishedAt: Instant,
  /** Id of the poll (云投) that goes with the topic. */
  poll: v.optional(v.string()),
})
export type Topic = v.InferOutput<typeof Topic>

/**
 * A topic and a page of its stories, in the editors' order where they gave one, else newest first. Stories that have
 * been withdrawn are left out, so a page may be shorter than `feedPageSize` and still have a `next`. The first page
 * brings the topic's poll as the caller sees it, where it has one.
 * Errors: `invalid`, `not-found` (also for withdrawn topics).
 */
export const readTopic = endpoint('content/readTopic', {
  input: v.object({ topicId: TopicId, cursor: v.optional(Cursor) }),
  output: v.object({ topic: Topic, poll: v.optional(PollState), ...FeedPage.entries }),
})
