import { feedPageSize } from '#contract/feed'
import { type Found, foundTopicsAtMost, type search } from '#contract/search'
import type { TopicCard } from '#contract/topic'
import { AppError } from '../app-error'
import { fold } from '../publishing/tokens'
import type { Handler } from '../serve'
import { type FeedPosition, listByToken, type SearchCandidate } from '../stores/articles'
import { listTopics } from '../stores/topics'
import { sealCursor, unsealCursor } from './cursor'
import { rankFound } from './rank-found'
import { readQuery, type SearchQuery } from './search-query'

/**
 * A search runs one query, and a second one only if the first finds no more than a page. They read this many stories
 * that contain the query's rarest token, newest first. So a search reads at most 500 documents, whatever the query.
 * When the first finds nothing and there are no more stories with its token, the second looks for a cut query.
 */
const pageSizes = [200, 300] as const
/** The same for a query of one character: it occurs in so many stories that a second query finds no better ones. */
const pageSizesByCharacter = [100]

/** The matching stories. `isPartial`: more stories contain the token than the search has read. */
interface Hits {
  found: Found[]
  isPartial: boolean
}

/**
 * Finds stories that contain pieces of the words, for a query such as 章鱼蓝血: nobody wrote a space into it. `known`: all
 * stories with the rarest token.
 */
async function findPieces({ words, tokens, opening }: SearchQuery, known: SearchCandidate[]): Promise<Hits> {
  if (opening === undefined) return { found: [], isPartial: false }
  // The first query has read the same stories.
  if (opening === tokens[0]) return { found: rankFound(known, words, true), isPartial: false }
  const { candidates, more } = await listByToken(opening, null, pageSizes[1], true)
  return { found: rankFound(candidates, words, true), isPartial: more }
}

async function find(query: SearchQuery): Promise<Hits> {
  const { words, tokens } = query
  const [token] = tokens
  if (token === undefined) return { found: [], isPartial: false }
  let found: Found[] = []
  const candidates: SearchCandidate[] = []
  let after: FeedPosition | null = null
  let more = true
  const isCharacter = [...token].length === 1
  for (const count of isCharacter ? pageSizesByCharacter : pageSizes) {
    const page = await listByToken(token, after, count, !isCharacter)
    // The index found these stories, so each contains the character, perhaps only in its body (`terms`, not read).
    candidates.push(...page.candidates.map(one => (isCharacter ? { ...one, terms: [token] } : one)))
    found = rankFound(candidates, words)
    after = page.last
    more = page.more && after !== null
    if (!more || found.length > feedPageSize) break
  }
  const isOneQuery = candidates.length <= pageSizes[0]
  return found.length === 0 && isOneQuery && !more
    ? findPieces(query, candidates)
    : { found, isPartial: more }
}

/**
 * How long (ms) an instance caches the topics, which are the same for all readers. Short, because searches must stop
 * finding a withdrawn topic within 5 s.
 */
const topicsAge = 3_000
let known: { topics: { card: TopicCard; text: string }[]; readAt: number } | null = null

async function findTopics({ words }: SearchQuery): Promise<TopicCard[]> {
  if (words.length === 0) return []
  const now = Date.now()
  if (!known || now - known.readAt >= topicsAge || now < known.readAt) {
    const listed = await listTopics(now)
    const topics = listed.map(({ card }) => ({
      card,
      text: `${fold(card.title).text} ${fold(card.lead).text}`,
    }))
    known = { topics, readAt: now }
  }
  return known.topics
    .filter(({ text }) => words.every(word => text.includes(word)))
    .slice(0, foundTopicsAtMost)
    .map(({ card }) => card)
}

/**
 * Returns one page of the stories that contain every word of the query. The first page also contains the matching
 * topics and the number of stories found.
 */
export const searchHandler: Handler<typeof search> = async ({ query, cursor }) => {
  const read = readQuery(query)
  const list = `search|${read.words.join(' ')}`
  const position = cursor === undefined ? null : unsealCursor(list, cursor)
  if (cursor !== undefined && !position) throw new AppError('invalid', 'cursor: not one of this query')
  const [{ found, isPartial }, topics] = await Promise.all([find(read), position ? [] : findTopics(read)])
  // Start after the last story of the previous page. If it was withdrawn, those after it have moved up by one place.
  const known = position ? found.findIndex(({ id }) => id === position.id) : -1
  const begin = position ? (known >= 0 ? known + 1 : Math.max(0, position.at - 1)) : 0
  const items = found.slice(begin, begin + feedPageSize)
  const last = items.at(-1)
  const end = begin + items.length
  return {
    items,
    next: last && end < found.length ? sealCursor(list, { at: end, id: last.id }) : null,
    ...(position ? {} : { total: found.length, more: isPartial, topics }),
  }
}
