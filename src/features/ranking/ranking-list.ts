import { call } from '#cloud/call'
import type { ListSource } from '#cloud/list'
import type { OutputOf } from '#contract/endpoint'
import type { Mood } from '#contract/mood'
import { type RankingRow, type RankingSpan, readRanking } from '#contract/ranking'

/** A ranking. The first reply contains the time of its counts. */
export function rankingList(
  mood: Mood,
  span: RankingSpan,
): ListSource<RankingRow, OutputOf<typeof readRanking>> {
  const ask = (cursor?: string) => call(readRanking, { mood, span, ...(cursor && { cursor }) })
  return { key: `ranking:${mood}/${span}`, first: ask, pageOf: page => page, more: ask }
}
