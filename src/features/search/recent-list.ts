import { queryLongest } from '#contract/search'

export const recentAtMost = 10

/** What is typed as it is asked: without the space around it, and no longer than the cloud takes. */
export function queryOf(typed: string): string {
  let query = ''
  for (const character of typed.trim().replace(/\s+/g, ' ')) {
    // By characters: half of a rare one (扩展 B) is none.
    if (query.length + character.length > queryLongest) break
    query += character
  }
  return query
}

/** Puts a query first; the same one does not stand twice, the oldest leave. */
export function withRecent(recent: readonly string[], query: string): string[] {
  return [query, ...recent.filter(other => other !== query)].slice(0, recentAtMost)
}
