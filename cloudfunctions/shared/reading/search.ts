import { feedPageSize } from '#contract/feed'
import type { Found, search } from '#contract/search'
import { AppError } from '../app-error'
import type { Handler } from '../serve'
import { type FeedPosition, listByToken, type SearchCandidate } from '../stores/articles'
import { sealCursor, unsealCursor } from './cursor'
import { rankFound } from './rank-found'
import { readQuery, type SearchQuery } from './search-query'

/**
 * Stories looked at, newest first: usually the first look is enough; where it leaves a page unfilled there is one more.
 * So a search examines 1,000 documents at most, whatever is asked and however many stories there are.
 */
const looks = [200, 800]

async function find({ words, tokens }: SearchQuery): Promise<Found[]> {
  const [token] = tokens
  if (token === undefined) return []
  let found: Found[] = []
  const candidates: SearchCandidate[] = []
  let after: FeedPosition | null = null
  for (const count of looks) {
    const look = await listByToken(token, after, count)
    candidates.push(...look.candidates)
    found = rankFound(candidates, words)
    after = look.last
    if (!look.more || !after || found.length > feedPageSize) break
  }
  return found
}

/** A page of the stories that hold every word of a query. */
export const searchHandler: Handler<typeof search> = async ({ query, cursor }) => {
  const read = readQuery(query)
  const list = `search|${read.words.join(' ')}`
  const position = cursor === undefined ? null : unsealCursor(list, cursor)
  if (cursor !== undefined && !position) throw new AppError('invalid', 'cursor: not one of this query')
  const found = await find(read)
  // After the story the last page ended with; where it is gone, or new ones came before it, about as far down.
  const known = position ? found.findIndex(({ id }) => id === position.id) : -1
  const begin = position ? (known >= 0 ? known + 1 : position.at) : 0
  const items = found.slice(begin, begin + feedPageSize)
  const last = items.at(-1)
  const end = begin + items.length
  return { items, next: last && end < found.length ? sealCursor(list, { at: end, id: last.id }) : null }
}
