import * as v from 'valibot'
import { Reply } from '#contract/envelope'

/** A reply that came with the document, under the key of the query or list that would ask for it. */
export const FirstReply = v.object({ key: v.string(), endpoint: v.string(), reply: Reply })
export type FirstReply = v.InferOutput<typeof FirstReply>

/** What stands in a document beside its page: what the page's script takes over from. */
export const DocumentData = v.object({
  page: v.object({
    name: v.string(),
    params: v.record(v.string(), v.string()),
    list: v.optional(v.string()),
    preview: v.boolean(),
  }),
  /** `at` is what times in lists are counted from (ms), 0 where there are none. */
  first: v.object({ at: v.number(), replies: v.array(FirstReply) }),
})
export type DocumentData = v.InferOutput<typeof DocumentData>
