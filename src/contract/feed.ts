import * as v from 'valibot'
import { Teaser } from './article'
import { endpoint } from './endpoint'
import { SectionKey } from './ids'

/** Stories on one page of the feed. */
export const feedPageSize = 20

/** Where the next page begins: opaque to pages, `null` at the end. */
export const Cursor = v.pipe(v.string(), v.regex(/^[0-9a-z]{1,11}-[0-9a-z]{8,12}-[0-9a-z]{1,7}$/))

/** A page of the newest stories. Errors: `invalid` for a cursor that was tampered with. */
export const readFeed = endpoint('content/readFeed', {
  input: v.object({
    cursor: v.optional(Cursor),
    channel: v.optional(SectionKey),
    column: v.optional(SectionKey),
  }),
  output: v.object({ items: v.array(Teaser), next: v.nullable(Cursor) }),
})
