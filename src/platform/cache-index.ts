import * as v from 'valibot'

/** One cached entry: when it was written (ms), its length in characters, and whether it is pinned. */
export const CacheRow = v.object({
  key: v.string(),
  at: v.number(),
  size: v.number(),
  pinned: v.optional(v.literal(true)),
})
export type CacheRow = v.InferOutput<typeof CacheRow>

/**
 * Limits of the cache: `age` in ms, `size` in characters (up to three bytes each; WeChat allows 10 MB, browsers 5 MB).
 */
export interface CacheLimits {
  rows: number
  size: number
  age: number
}

export const limits: CacheLimits = { rows: 240, size: 2_000_000, age: 30 * 86_400_000 }

/** The part of each limit that pinned entries may use; the rest is for recently read entries. */
const pinnedPart = 0.8

/** Maximum size of one entry (characters): WeChat refuses a value over 1 MB. */
export const longestEntry = 300_000

/**
 * Applies the limits. Drops the oldest entries first. Pinned entries do not expire and are dropped last; they use at
 * most `pinnedPart`. Both results are newest first.
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
    // If the clock was set back, some rows lie in the future. They count as fresh.
    if (!retained.has(row) && now - row.at <= age) take(row, 1)
  }
  return {
    retained: newestFirst.filter(row => retained.has(row)),
    dropped: newestFirst.filter(row => !retained.has(row)),
  }
}
