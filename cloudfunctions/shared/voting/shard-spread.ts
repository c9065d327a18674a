const widest = 256
const calmAfter = 60_000
const remembered = 500
/** Votes without a conflict after which half as many shards will do. */
const smoothRun = 12

/**
 * How many shards this instance writes to, by subject. Few while a story is quiet, since every reading sums them all;
 * doubled at each conflict, so that a hot story's writers stop meeting; halved while they do not meet, or bad luck alone
 * would bring every instance to the widest; back to few when the story has cooled.
 */
const widths = new Map<string, { width: number; widenedAt: number; smooth: number }>()

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
  widths.set(subject, { width, widenedAt: Date.now(), smooth: 0 })
  if (widths.size > remembered) {
    const oldest = widths.keys().next()
    if (!oldest.done) widths.delete(oldest.value)
  }
}

/** Notes a vote that met nobody. */
export function noteSmooth(subject: string): void {
  const known = widths.get(subject)
  if (!known || ++known.smooth < smoothRun) return
  known.smooth = 0
  known.width = Math.max(1, known.width / 2)
}
