import * as v from 'valibot'
import { endpoint } from './endpoint'
import { ArticleId, Instant } from './ids'
import { Mood } from './mood'

/**
 * The time span of 新闻表情排行. `24h` is the last 24 clock hours, including the current one. 7 and 30 days are Beijing
 * calendar days, including today; the page says so.
 */
export const rankingSpans = { '24h': '24小时', '7d': '7天', '30d': '30天', all: '全部' } as const
export type RankingSpan = keyof typeof rankingSpans
export const rankingSpanKeys = Object.keys(rankingSpans) as RankingSpan[]
export const RankingSpan = v.picklist(rankingSpanKeys)

/** Number of rows on one page of a ranking, and in the whole ranking. */
export const rankingPageSize = 20
export const rankingLength = 100

/** A story needs this number of votes for a mood within the span to be ranked: one reader alone makes no ranking. */
export const rankingMinimum = 3

/** Cursor of the next page: opaque to clients. */
export const RankingCursor = v.pipe(v.string(), v.regex(/^[0-9]{1,3}$/))

export const RankingRow = v.object({
  /** 1 is the first; counted across pages. */
  rank: v.pipe(v.number(), v.integer(), v.minValue(1)),
  id: ArticleId,
  title: v.string(),
  publishedAt: Instant,
  correctedAt: v.optional(Instant),
  /** Number of votes for this mood within the span. */
  count: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Share of the story's votes within the span that chose this mood, 0 to 1. */
  share: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
})
export type RankingRow = v.InferOutput<typeof RankingRow>

/**
 * A page of 新闻表情排行: most votes first, then the newer story; without withdrawn stories. `updatedAt` is the time of the
 * last count, null before the first. A ranking may change between two pages: merge them by id. Errors: `invalid`.
 */
export const readRanking = endpoint('reactions/readRanking', {
  input: v.object({ mood: Mood, span: RankingSpan, cursor: v.optional(RankingCursor) }),
  output: v.object({
    items: v.array(RankingRow),
    next: v.nullable(RankingCursor),
    updatedAt: v.nullable(Instant),
  }),
})
