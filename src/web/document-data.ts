import * as v from 'valibot'
import { Reply } from '#contract/envelope'

/** A reply embedded in the document, under the key of the query or list that would request it. */
export const FirstReply = v.object({ key: v.string(), endpoint: v.string(), reply: Reply })
export type FirstReply = v.InferOutput<typeof FirstReply>

/** The data embedded in a document: the page's script hydrates the page from it. */
export const DocumentData = v.object({
  page: v.object({
    name: v.string(),
    params: v.record(v.string(), v.string()),
    list: v.optional(v.string()),
    preview: v.boolean(),
  }),
  /** `at` is the time (ms) from which times in lists are counted, 0 if the page has none. */
  first: v.object({ at: v.number(), replies: v.array(FirstReply) }),
})
export type DocumentData = v.InferOutput<typeof DocumentData>
