import type { Board, Entry } from '../stores/rankings'

/** Most votes first; a tie goes to the newer story. */
export function compareEntries(a: Entry, b: Entry): number {
  return b.count - a.count || b.publishedAt - a.publishedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

/**
 * The ranking after some stories were recounted: `counted` are their ids, `entries` those of them that still have
 * enough votes. Entries are replaced, so placing them twice gives the same ranking.
 */
export function placeOnBoard(
  board: Board,
  counted: ReadonlySet<string>,
  entries: readonly Entry[],
  retained: number,
): Board {
  const all = [...board.entries.filter(entry => !counted.has(entry.id)), ...entries].sort(compareEntries)
  // If the floor's story was recounted, the floor stays as a bound, because the next entry below it is unknown.
  const withoutRoom = [board.floor, all[retained] ?? null]
    .filter(entry => entry !== null)
    .sort(compareEntries)
  return { entries: all.slice(0, retained), floor: withoutRoom[0] ?? null }
}

/** Whether the first `shown` places are certain: no entry that was dropped could belong among them. */
export function isCertain({ entries, floor }: Board, shown: number): boolean {
  if (!floor) return true
  const last = entries[shown - 1]
  return last !== undefined && compareEntries(last, floor) <= 0
}
