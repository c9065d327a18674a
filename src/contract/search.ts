import * as v from 'valibot'
import { Teaser } from './article'
import { endpoint } from './endpoint'
import { Cursor } from './feed'
import { TopicCard } from './topic'

/** Characters of a query; pages cut what is typed there. */
export const queryLongest = 40

/** What a reader typed, as the cloud is asked: without the space around it, and no longer than the cloud takes. */
export function queryOf(typed: string): string {
  let query = ''
  for (const character of typed.trim().replace(/\s+/g, ' ')) {
    // By characters: half of a rare one (扩展 B) is none.
    if (query.length + character.length > queryLongest) break
    query += character
  }
  return query
}

/** What to highlight: from and to (exclusive) in the text as it stands, in UTF-16 units, ascending, never touching. */
export const Marks = v.array(v.tuple([v.number(), v.number()]))
export type Marks = v.InferOutput<typeof Marks>

/** A story found, with where its title and teaser answer the query (one found by tags or body alone has no marks). */
export const Found = v.object({ ...Teaser.entries, marks: v.object({ title: Marks, teaser: Marks }) })
export type Found = v.InferOutput<typeof Found>

/** Topics a search shows at most. */
export const foundTopicsAtMost = 4

/**
 * Stories that hold every word of the query in title, tags, teaser or the telling terms of the body, in this order, the
 * newest first within each. Case, width, spaces and punctuation do not matter. A query without a letter, character or
 * digit finds nothing. The first page brings the topics that hold every word, and `total`, the number of stories found
 * among those looked at (`more`: there may be others). Errors: `invalid` for a query over `queryLongest` or a cursor of
 * another query.
 */
export const search = endpoint('content/search', {
  input: v.object({
    query: v.pipe(v.string(), v.maxLength(queryLongest)),
    cursor: v.optional(Cursor),
  }),
  output: v.object({
    items: v.array(Found),
    next: v.nullable(Cursor),
    total: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    more: v.optional(v.boolean()),
    topics: v.optional(v.array(TopicCard)),
  }),
})
