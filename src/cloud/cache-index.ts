import * as v from 'valibot'

/** One thing kept on the phone: when it was written (ms), its length in characters, whether the reader wants it kept. */
export const CacheRow = v.object({
  key: v.string(),
  at: v.number(),
  size: v.number(),
  keep: v.optional(v.literal(true)),
})
export type CacheRow = v.InferOutput<typeof CacheRow>

/** How much is kept: `age` in ms, `size` in characters (up to three bytes each; WeChat gives 10 MB, browsers 5). */
export interface CacheLimits {
  rows: number
  size: number
  age: number
}

export const limits: CacheLimits = { rows: 80, size: 1_500_000, age: 30 * 86_400_000 }

/** The longest single entry: WeChat refuses a key over 1 MB. */
export const longestEntry = 300_000

/**
 * What stays and what goes. The oldest leave first; what the reader wants kept has no age and leaves last. Newest
 * first in the result.
 */
export function prune(
  rows: readonly CacheRow[],
  now: number,
  { rows: most, size, age }: CacheLimits = limits,
): { kept: CacheRow[]; dropped: CacheRow[] } {
  const byWorth = [...rows].sort((a, b) => Number(b.keep ?? false) - Number(a.keep ?? false) || b.at - a.at)
  const kept: CacheRow[] = []
  const dropped: CacheRow[] = []
  let total = 0
  for (const row of byWorth) {
    // A clock set back makes rows from the future: they count as fresh.
    const fresh = row.keep || now - row.at <= age
    if (fresh && kept.length < most && total + row.size <= size) {
      total += row.size
      kept.push(row)
    } else dropped.push(row)
  }
  return { kept: kept.sort((a, b) => b.at - a.at), dropped }
}
