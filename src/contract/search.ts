import * as v from 'valibot'
import { Teaser } from './article'
import { endpoint } from './endpoint'
import { Cursor } from './feed'
import { TopicCard } from './topic'

/** Maximum length of a query in characters; pages cut the reader's input to it. */
export const queryLongest = 40

/** Prepares a reader's input as a query: trims it and cuts it to `queryLongest`. */
export function queryOf(typed: string): string {
  let query = ''
  for (const character of typed.trim().replace(/\s+/g, ' ')) {
    // Cuts by code points: half of a surrogate pair (扩展 B) is not a character.
    if (query.length + character.length > queryLongest) break
    query += character
  }
  return query
}

/**
 * Ranges to highlight: start and end (exclusive) in the original text, in UTF-16 units, in ascending order, with a gap
 * between them.
 */
export const Marks = v.array(v.tuple([v.number(), v.number()]))
export type Marks = v.InferOutput<typeof Marks>

/**
 * A story found, with the ranges of its title and teaser that match the query. A story found only by its tags or body
 * has no ranges.
 */
export const Found = v.object({ ...Teaser.entries, marks: v.object({ title: Marks, teaser: Marks }) })
export type Found = v.InferOutput<typeof Found>

/** Maximum number of topics in a search result. */
export const foundTopicsAtMost = 4

/**
 * Finds stories that contain every word of the query, in this order: in the title, tags, teaser, or the significant
 * terms of the body; newest first within each. Ignores case, character width, spaces and punctuation. A query without a
 * letter, Chinese character or digit finds nothing. The first page also returns the topics that contain every word, and
 * `total`, the number of matches among the stories examined (`more`: there may be others). Errors: `invalid` for a
 * query longer than `queryLongest` or a cursor of another query.
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
