import * as v from 'valibot'
import { endpoint } from './endpoint'
import { ArticleId, Instant } from './ids'
import { Mood } from './mood'

/**
 * Over what time 新闻表情排行 counts. 24 hours are the last 24 clock hours, the running one included; 7 and 30 days are
 * Beijing calendar days, today included, and the page says so.
 */
export const rankingSpans = { '24h': '24小时', '7d': '7天', '30d': '30天', all: '全部' } as const
export type RankingSpan = keyof typeof rankingSpans
export const rankingSpanKeys = Object.keys(rankingSpans) as RankingSpan[]
export const RankingSpan = v.picklist(rankingSpanKeys)

/** Rows on one page of a ranking, and in all of it. */
export const rankingPageSize = 20
export const rankingLength = 100

/** Votes for a mood, within the span, from which on a story is ranked: one reader alone makes no ranking. */
export const rankingMinimum = 3

/** Where the next page begins: opaque to pages. */
export const RankingCursor = v.pipe(v.string(), v.regex(/^[0-9]{1,3}$/))

export const RankingRow = v.object({
  /** 1 is the first; counted over all pages. */
  rank: v.pipe(v.number(), v.integer(), v.minValue(1)),
  id: ArticleId,
  title: v.string(),
  publishedAt: Instant,
  /** Votes for this mood within the span. */
  count: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** The part of the story's votes within the span that chose this mood, 0 to 1. */
  share: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
})
export type RankingRow = v.InferOutput<typeof RankingRow>

/**
 * A page of 新闻表情排行: most votes first, a tie to the newer story, withdrawn stories left out. `updatedAt` is when the
 * counts were last taken, null before the first time. A ranking may move between two pages: join them by id. Errors:
 * `invalid`.
 */
export const readRanking = endpoint('reactions/readRanking', {
  input: v.object({ mood: Mood, span: RankingSpan, cursor: v.optional(RankingCursor) }),
  output: v.object({
    items: v.array(RankingRow),
    next: v.nullable(RankingCursor),
    updatedAt: v.nullable(Instant),
  }),
})
