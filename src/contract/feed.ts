import * as v from 'valibot'
import { Teaser } from './article'
import { endpoint } from './endpoint'
import { SectionKey } from './ids'

/** Number of stories on one page of the feed. */
export const feedPageSize = 20

/** Cursor of the next page: opaque to clients, `null` at the end. */
export const Cursor = v.pipe(v.string(), v.regex(/^[0-9a-z]{1,11}-[0-9a-z]{8,12}-[0-9a-z]{1,7}$/))

/** A page of stories with the cursor of the next page. */
export const FeedPage = v.object({ items: v.array(Teaser), next: v.nullable(Cursor) })
export type FeedPage = v.InferOutput<typeof FeedPage>

/** A page of the newest stories: all, or those of one channel or column. Errors: `invalid` for a forged cursor. */
export const readFeed = endpoint('content/readFeed', {
  input: v.object({
    cursor: v.optional(Cursor),
    channel: v.optional(SectionKey),
    column: v.optional(SectionKey),
  }),
  output: FeedPage,
})
