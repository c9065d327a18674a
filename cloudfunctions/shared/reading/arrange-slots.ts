/** A candidate for a list of the home page. Times are ms; null: from the beginning, without an end. */
export interface Candidate {
  id: string
  publishedAt: number
  /** The place that its editor chose, counted from 1; null for none. It applies from `from` until `until`. */
  order: number | null
  from: number | null
  until: number | null
}

const isPinned = ({ order, from, until }: Candidate, now: number): boolean =>
  order !== null && (from ?? 0) <= now && now < (until ?? Number.POSITIVE_INFINITY)

const byNewest = (a: Candidate, b: Candidate): number =>
  b.publishedAt - a.publishedAt || (a.id < b.id ? -1 : 1)

/** Of several candidates for one place, the one whose time began last has it; then the newest. */
const byClaim = (a: Candidate, b: Candidate): number => (b.from ?? 0) - (a.from ?? 0) || byNewest(a, b)

/**
 * Who stands where at a time: each pinned candidate in its place, and the newest of the others in the gaps. One that
 * lost its place to another is among the others. Every place is filled while there are candidates, so a list is
 * shorter than `places` only if there are fewer.
 */
export function arrangeSlots<One extends Candidate>(
  candidates: readonly One[],
  places: number,
  now: number,
): One[] {
  const winners = new Map<number, One>()
  for (const one of candidates.filter(candidate => isPinned(candidate, now)).sort(byClaim))
    if (one.order !== null && !winners.has(one.order)) winners.set(one.order, one)
  const won = new Set([...winners.values()])
  const others = candidates.filter(one => !won.has(one)).sort(byNewest)
  const arranged: One[] = []
  for (let place = 1; place <= places; place++) {
    const one = winners.get(place) ?? others.shift()
    if (one) arranged.push(one)
  }
  return arranged
}
