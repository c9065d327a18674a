import { BoundedMap } from '../bounded-map'

const widest = 256
const calmAfter = 60_000

/**
 * The shard that this instance writes to, by subject. While a story is quiet it is the first one, because every
 * reader's page sums all shards. At each conflict the instance picks another, out of twice as many. It keeps a shard
 * without conflicts: an instance serves one call at a time, so in a shard of its own it meets no other call. If each
 * vote picked a new shard, sixty instances would keep colliding in 256 shards.
 */
const remembered = new BoundedMap<string, { width: number; shard: number; usedAt: number }>(500)

/** The shard to write to now. Back to the first when this instance has not written for a minute. */
export function pickShard(subject: string): number {
  const known = remembered.get(subject)
  if (!known) return 0
  if (Date.now() - known.usedAt > calmAfter) {
    remembered.delete(subject)
    return 0
  }
  known.usedAt = Date.now()
  return known.shard
}

/** Moves to another shard after a conflict, out of twice as many as before. */
export function widen(subject: string, random: () => number = Math.random): void {
  const { width: before, shard: met } = remembered.get(subject) ?? { width: 1, shard: 0 }
  const width = Math.min(widest, before * 2)
  // Any but the one where the conflict was.
  const shard = (met + 1 + Math.floor(random() * (width - 1))) % width
  remembered.set(subject, { width, shard, usedAt: Date.now() })
}
