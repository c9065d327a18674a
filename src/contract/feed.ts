import * as v from 'valibot'
import { Teaser } from './article'
import { endpoint } from './endpoint'
import { SectionKey } from './ids'

/** Stories on one page of the feed. */
export const feedPageSize = 20

/** Where the next page begins: opaque to pages, `null` at the end. */
export const Cursor = v.pipe(v.string(), v.regex(/^[0-9a-z]{1,11}-[0-9a-z]{8,12}-[0-9a-z]{1,7}$/))

/** A page of stories, and where the next one begins. */
export const FeedPage = v.object({ items: v.array(Teaser), next: v.nullable(Cursor) })
export type FeedPage = v.InferOutput<typeof FeedPage>

/** A page of the newest stories, of everything or of one channel or column. Errors: `invalid` for a cursor that was tampered with. */
export const readFeed = endpoint('content/readFeed', {
  input: v.object({
    cursor: v.optional(Cursor),
    channel: v.optional(SectionKey),
    column: v.optional(SectionKey),
  }),
  output: FeedPage,
})
