import * as v from 'valibot'

/** One cached entry: when it was written (ms), its length in characters, whether it is pinned. */
export const CacheRow = v.object({
  key: v.string(),
  at: v.number(),
  size: v.number(),
  pinned: v.optional(v.literal(true)),
})
export type CacheRow = v.InferOutput<typeof CacheRow>

/** Bounds: `age` in ms, `size` in characters (up to three bytes each; WeChat allows 10 MB, browsers 5 MB). */
export interface CacheLimits {
  rows: number
  size: number
  age: number
}

export const limits: CacheLimits = { rows: 240, size: 2_000_000, age: 30 * 86_400_000 }

/** The part of each bound that pinned entries may fill; the rest is for what was read last. */
const pinnedPart = 0.8

/** The longest single entry: WeChat refuses a key over 1 MB. */
export const longestEntry = 300_000

/**
 * Applies the bounds. The oldest entries leave first. Pinned ones have no age and leave last, within `pinnedPart`. Both
 * results are newest first.
 */
export function prune(
  rows: readonly CacheRow[],
  now: number,
  { rows: most, size, age }: CacheLimits = limits,
): { retained: CacheRow[]; dropped: CacheRow[] } {
  const newestFirst = [...rows].sort((a, b) => b.at - a.at)
  const retained = new Set<CacheRow>()
  let total = 0
  const take = (row: CacheRow, part: number) => {
    if (retained.size >= most * part || total + row.size > size * part) return
    retained.add(row)
    total += row.size
  }
  for (const row of newestFirst) if (row.pinned) take(row, pinnedPart)
  for (const row of newestFirst) {
    // After the clock was set back, rows lie in the future: they count as fresh.
    if (!retained.has(row) && now - row.at <= age) take(row, 1)
  }
  return {
    retained: newestFirst.filter(row => retained.has(row)),
    dropped: newestFirst.filter(row => !retained.has(row)),
  }
}
