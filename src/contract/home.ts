import * as v from 'valibot'
import { Cover, Teaser } from './article'
import { endpoint } from './endpoint'
import { FeedPage } from './feed'
import { ArticleId } from './ids'
import { TopicCard } from './topic'

/** A story of 视觉焦点: one that has a picture to lead with. */
export const FocusStory = v.object({ ...Teaser.entries, cover: Cover })
export type FocusStory = v.InferOutput<typeof FocusStory>

/** Stories of 视觉焦点 and topics of 独家策划 at most. */
export const focusAtMost = 6
export const topicsAtMost = 8

/**
 * The head of the home page in one call: 视觉焦点, 独家策划, and the first page of 推荐阅读, whose `next` goes to
 * `readFeed` without a scope. Under a story the same three stand again: `without` names that story, which is left out.
 */
export const readHome = endpoint('content/readHome', {
  input: v.object({ without: v.optional(ArticleId) }),
  output: v.object({
    focus: v.array(FocusStory),
    topics: v.array(TopicCard),
    feed: FeedPage,
  }),
})
