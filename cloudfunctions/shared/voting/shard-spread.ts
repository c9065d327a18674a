import { BoundedMap } from '../bounded-map'

const widest = 256
const calmAfter = 60_000

/**
 * The shard this instance writes to, by subject. The first while a story is quiet, since every reading sums them all;
 * at each conflict another one, out of twice as many. One that met nobody is kept: an instance serves one call at a
 * time, so with a shard of its own it meets nobody any more. Picked anew for every vote, sixty instances would go on
 * meeting each other in 256 shards.
 */
const kept = new BoundedMap<string, { width: number; shard: number; usedAt: number }>(500)

/** The shard to write to now. Back to the first when this instance has not written for a minute. */
export function pickShard(subject: string): number {
  const known = kept.get(subject)
  if (!known) return 0
  if (Date.now() - known.usedAt > calmAfter) {
    kept.delete(subject)
    return 0
  }
  known.usedAt = Date.now()
  return known.shard
}

/** Turns to another shard after a conflict, out of twice as many as before. */
export function widen(subject: string, random: () => number = Math.random): void {
  const { width: before, shard: met } = kept.get(subject) ?? { width: 1, shard: 0 }
  const width = Math.min(widest, before * 2)
  // Any but the one where the conflict was.
  const shard = (met + 1 + Math.floor(random() * (width - 1))) % width
  kept.set(subject, { width, shard, usedAt: Date.now() })
}
