import * as v from 'valibot'
import { Cover, Teaser } from './article'
import { endpoint } from './endpoint'
import { FeedPage } from './feed'
import { ArticleId } from './ids'
import { TopicCard } from './topic'

/** A story in 视觉焦点. It always has a picture. */
export const FocusStory = v.object({ ...Teaser.entries, cover: Cover })
export type FocusStory = v.InferOutput<typeof FocusStory>

/** Maximum number of stories in 视觉焦点, and of topics in 独家策划, in a reply. */
export const focusAtMost = 6
export const topicsAtMost = 8

/** Maximum number of the newest stories that the page of a story that is gone offers. */
export const otherStoriesAtMost = 5

/**
 * Reads the first part of the home page: 视觉焦点, 独家策划 and the first page of 推荐阅读. `feed.next` is a cursor for `readFeed`
 * without a channel. A story's page shows the same three parts; it passes its own id as `without` to leave out its
 * story.
 */
export const readHome = endpoint('content/readHome', {
  input: v.object({ without: v.optional(ArticleId) }),
  output: v.object({
    focus: v.array(FocusStory),
    topics: v.array(TopicCard),
    feed: FeedPage,
  }),
})
