import type { Board, Entry } from '../stores/rankings'

/** Most votes first; a tie goes to the newer story. */
export function compareEntries(a: Entry, b: Entry): number {
  return b.count - a.count || b.publishedAt - a.publishedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

/**
 * The ranking after stories have been counted anew: `counted` are their ids, `entries` those of them that still have
 * enough votes. Absolute, so that doing it twice is doing it once.
 */
export function placeOnBoard(
  board: Board,
  counted: ReadonlySet<string>,
  entries: readonly Entry[],
  kept: number,
): Board {
  const all = [...board.entries.filter(entry => !counted.has(entry.id)), ...entries].sort(compareEntries)
  // A floor whose story was counted anew stays as a bound: what stood just behind it is not known.
  const withoutRoom = [board.floor, all[kept] ?? null].filter(entry => entry !== null).sort(compareEntries)
  return { entries: all.slice(0, kept), floor: withoutRoom[0] ?? null }
}

/** Whether the first `shown` places are certain: nothing that found no room could belong among them. */
export function isCertain({ entries, floor }: Board, shown: number): boolean {
  if (!floor) return true
  const last = entries[shown - 1]
  return last !== undefined && compareEntries(last, floor) <= 0
}
