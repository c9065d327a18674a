import type { ShareCounts, ShareDay } from '../stores/share-days'
import type { ShareRow } from '../stores/shares'

export const noCounts = (): ShareCounts => ({ shares: {}, openings: {}, guests: 0 })

function addTo(sums: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [key, count] of Object.entries(counts)) sums[key] = (sums[key] ?? 0) + count
}

export function addCounts(sums: ShareCounts, counts: ShareCounts): void {
  addTo(sums.shares, counts.shares)
  addTo(sums.openings, counts.openings)
  sums.guests += counts.guests
}

/** What one share adds to the counts. A share that is known only from its openings counts as `unknown`. */
export const countsOf = ({ channel, ways, guests }: ShareRow): ShareCounts => ({
  shares: { [channel ?? 'unknown']: 1 },
  openings: ways,
  guests,
})

/** Adds shares to the figures of the day on which they were made. */
export function addShares(day: ShareDay, rows: readonly ShareRow[]): void {
  for (const row of rows) {
    const counts = countsOf(row)
    addCounts(day.all, counts)
    day.stories[row.articleId] ??= noCounts()
    addCounts(day.stories[row.articleId] ?? noCounts(), counts)
  }
}
