import type { RankingSpan } from '#contract/ranking'
import { dayOf } from '../beijing-time'
import { hourOf } from '../buckets'
import type { Counts, Sums } from '../sums'

/** The number of clock hours or Beijing days in a span, including the current one. */
const hoursCounted: Partial<Record<RankingSpan, number>> = { '24h': 24 }
const daysCounted: Partial<Record<RankingSpan, number>> = { '7d': 7, '30d': 30 }

function sumBuckets(buckets: Record<string, Counts>, from: number): Counts {
  const counts: Counts = {}
  for (const [bucket, part] of Object.entries(buckets)) {
    if (Number(bucket) <= from) continue
    for (const [option, count] of Object.entries(part)) counts[option] = (counts[option] ?? 0) + count
  }
  return counts
}

/** A subject's counts within a span that ends now. */
export function countsWithin(sums: Sums, span: RankingSpan, now: number): Counts {
  const hours = hoursCounted[span]
  if (hours !== undefined) return sumBuckets(sums.hour, hourOf(now) - hours)
  const days = daysCounted[span]
  if (days !== undefined) return sumBuckets(sums.day, dayOf(now) - days)
  return sums.all
}
