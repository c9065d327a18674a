import { call } from '#cloud/call'
import type { ListSource } from '#cloud/list'
import type { OutputOf } from '#contract/endpoint'
import { type Found, search } from '#contract/search'

/** Stories found by a query. */
export function searchList(query: string): ListSource<Found, OutputOf<typeof search>> {
  const ask = (cursor?: string) => call(search, { query, ...(cursor && { cursor }) })
  return { key: `search:${query}`, first: ask, pageOf: page => page, more: ask }
}
