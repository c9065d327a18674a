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

export const limits: CacheLimits = { rows: 240, size: 2_000_000, age: 30 * 86_400_000 }

/** The part of all room that what the reader wants kept may fill: what was read last needs some too. */
const keptPart = 0.8

/** The longest single entry: WeChat refuses a key over 1 MB. */
export const longestEntry = 300_000

/**
 * What stays and what goes. The oldest leave first; what the reader wants kept has no age and leaves last, up to its
 * part of the room. Newest first in the result.
 */
export function prune(
  rows: readonly CacheRow[],
  now: number,
  { rows: most, size, age }: CacheLimits = limits,
): { kept: CacheRow[]; dropped: CacheRow[] } {
  const newestFirst = [...rows].sort((a, b) => b.at - a.at)
  const kept = new Set<CacheRow>()
  let total = 0
  const take = (row: CacheRow, part: number) => {
    if (kept.size >= most * part || total + row.size > size * part) return
    kept.add(row)
    total += row.size
  }
  for (const row of newestFirst) if (row.keep) take(row, keptPart)
  for (const row of newestFirst) {
    // A clock set back makes rows from the future: they count as fresh.
    if (!kept.has(row) && now - row.at <= age) take(row, 1)
  }
  return {
    kept: newestFirst.filter(row => kept.has(row)),
    dropped: newestFirst.filter(row => !kept.has(row)),
  }
}
