const widest = 256
const calmAfter = 60_000
const remembered = 500

/**
 * How many shards this instance writes to, by subject. Few while a story is quiet, since every reading sums them all;
 * doubled at each conflict, so that a hot story's writers stop meeting; back to few when it has cooled.
 */
const widths = new Map<string, { width: number; widenedAt: number }>()

/** A shard to try now; another one at each attempt. */
export function pickShard(subject: string, random: () => number = Math.random): number {
  const known = widths.get(subject)
  if (known && Date.now() - known.widenedAt > calmAfter) {
    widths.delete(subject)
    return 0
  }
  return Math.floor(random() * (known?.width ?? 1))
}

export function widen(subject: string): void {
  const width = Math.min(widest, (widths.get(subject)?.width ?? 1) * 2)
  widths.delete(subject)
  widths.set(subject, { width, widenedAt: Date.now() })
  if (widths.size > remembered) {
    const oldest = widths.keys().next()
    if (!oldest.done) widths.delete(oldest.value)
  }
}
