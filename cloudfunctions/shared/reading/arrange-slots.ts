/** A candidate for a list of the home page. Times are ms; null: from the beginning, without an end. */
export interface Candidate {
  id: string
  publishedAt: number
  /** The place that its editor chose, counted from 1; null for none. It applies from `from` until `until`. */
  order: number | null
  from: number | null
  until: number | null
  /** Candidates of a lower rank fill gaps first. 0 by default. */
  rank?: number
}

/** A place of a list, and who stands in it. */
export interface Slot<One> {
  one: One
  /** Whether its editor chose the place. If not, it fills a gap. */
  isPinned: boolean
  /** The candidates that are pinned to the same place now, and lost it. The next one first. */
  displaced: One[]
}

type Window = Pick<Candidate, 'from' | 'until'>

/** Whether a time is within a window: from its beginning until just before its end. */
export const isWithin = ({ from, until }: Window, now: number): boolean =>
  (from ?? 0) <= now && now < (until ?? Number.POSITIVE_INFINITY)

export const isPinned = (one: Candidate, now: number): boolean => one.order !== null && isWithin(one, now)

type Dated = Pick<Candidate, 'id' | 'publishedAt'>

const byNewest = (a: Dated, b: Dated): number => b.publishedAt - a.publishedAt || (a.id < b.id ? -1 : 1)

/** Of several candidates for one place, the one whose time began last has it; then the newest. */
export const byClaim = (a: Dated & { from: number | null }, b: Dated & { from: number | null }): number =>
  (b.from ?? 0) - (a.from ?? 0) || byNewest(a, b)

/**
 * Who stands where at a time: each pinned candidate in its place, and the newest of the others in the gaps. One that
 * lost its place to another is among the others. Every place is filled while there are candidates, so a list is
 * shorter than `places` only if there are fewer.
 */
export function fillSlots<One extends Candidate>(
  candidates: readonly One[],
  places: number,
  now: number,
): Slot<One>[] {
  const claims = new Map<number, One[]>()
  for (const one of candidates.filter(candidate => isPinned(candidate, now)).sort(byClaim))
    if (one.order !== null && one.order >= 1 && one.order <= places)
      claims.set(one.order, [...(claims.get(one.order) ?? []), one])
  const won = new Set([...claims.values()].map(([winner]) => winner))
  const others = candidates
    .filter(one => !won.has(one))
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || byNewest(a, b))
  const slots: Slot<One>[] = []
  for (let place = 1; place <= places; place++) {
    const [winner, ...displaced] = claims.get(place) ?? []
    const one = winner ?? others.shift()
    if (one) slots.push({ one, isPinned: winner !== undefined, displaced })
  }
  return slots
}
