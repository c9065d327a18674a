import * as v from 'valibot'
import { Teaser } from './article'
import { endpoint } from './endpoint'
import { Cursor } from './feed'

/** Characters of a query; pages cut what is typed there. */
export const queryLongest = 40

/** What to highlight: from and to (exclusive) in the text as it stands, in UTF-16 units, ascending, never touching. */
export const Marks = v.array(v.tuple([v.number(), v.number()]))
export type Marks = v.InferOutput<typeof Marks>

/** A story found, with where its title and teaser answer the query (a story found by its tags alone has no marks). */
export const Found = v.object({ ...Teaser.entries, marks: v.object({ title: Marks, teaser: Marks }) })
export type Found = v.InferOutput<typeof Found>

/**
 * Stories that hold every word of the query in title, teaser or tags: titles first, then tags, then teasers, the
 * newest first within each. Case, width and punctuation do not matter. A query without a letter, character or digit
 * finds nothing. Errors: `invalid` for a query over `queryLongest` or a cursor of another query.
 */
export const search = endpoint('content/search', {
  input: v.object({
    query: v.pipe(v.string(), v.maxLength(queryLongest)),
    cursor: v.optional(Cursor),
  }),
  output: v.object({ items: v.array(Found), next: v.nullable(Cursor) }),
})
