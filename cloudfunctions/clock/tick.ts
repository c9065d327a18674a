import type { Agenda } from '../shared/stores/agenda'
import { type ClockState, takeLease, writeClockState } from '../shared/stores/rankings'

/** Data that all tasks of a tick use. */
export interface Tick {
  now: number
  agenda: Agenda
  lease: Lease
}

/** Rows and stories, and how many ticks were killed while they handled each. */
export type Handling = ClockState['handling']

/** Prevents two ticks from running at the same time. A tick acquires it once, before its first write. */
export interface Lease {
  /**
   * Returns false if another tick holds it: the platform may fire a timer twice. `handling` is noted in the same
   * request, and stays noted if the tick is killed.
   */
  take(handling?: Handling): Promise<boolean>
  /** What stays noted for the next tick when the lease is released. */
  leave(handling: Handling): void
  release(): Promise<void>
}

/** Duration of the lease (ms). It is longer than a tick can run, so it expires only if a tick was killed. */
const leased = 70_000

export function createLease(now: number): Lease {
  let taken: Promise<boolean> | undefined
  let left: Handling = []
  return {
    take(handling) {
      taken ??= takeLease(new Date(now), new Date(now + leased), handling)
      return taken
    },
    leave(handling) {
      left = handling
    },
    async release() {
      if (await taken) await writeClockState({ handling: left }, new Date(now))
    },
  }
}

/** Interval between two ticks (ms). */
const tickLength = 2 * 60_000
/** Interval (ms) for checking unchanged rows with problems again: a missing topic, for example, may exist by then. */
const recheck = 10 * 60_000

/** Whether a tick checks unchanged rows with problems again. */
export const isRecheckTick = (now: number): boolean => now % recheck < tickLength

/**
 * Selects the rows that this tick reads; the next one selects the following ones. Ticks that check unchanged rows again
 * take their own turns. Else they would meet the same rows again and again.
 */
export function someOf<Row>(rows: readonly Row[], most: number, now: number): Row[] {
  const rechecks = Math.floor(now / recheck)
  const turn = isRecheckTick(now) ? rechecks : Math.floor(now / tickLength) - rechecks
  const from = (turn * most) % Math.max(1, rows.length)
  return [...rows.slice(from), ...rows.slice(0, from)].slice(0, most)
}

/**
 * The order in which a tick takes rows up if they are too many for it: in turns the row that was saved last, the row with
 * problems that was saved last, and the row that has waited longest. So neither an import of hundreds of rows nor rows that
 * stay faulty keep the others waiting.
 */
export function inTurns<Row extends { isRefused: boolean; savedAt: number }>(rows: readonly Row[]): Row[] {
  const oldest = [...rows].sort((a, b) => a.savedAt - b.savedAt)
  // Not reversed: rows without a time keep their order.
  const newest = [...rows].sort((a, b) => b.savedAt - a.savedAt)
  const queues = [
    newest.filter(({ isRefused }) => !isRefused),
    newest.filter(({ isRefused }) => isRefused),
    oldest.filter(({ isRefused }) => !isRefused),
  ]
  return [...new Set(rows.flatMap((_, turn) => queues.flatMap(queue => queue[turn] ?? [])))]
}

/**
 * The work that a tick does if all of it is too much for one: each kind gives a piece in turn, so that hundreds of one kind
 * do not keep the others waiting. Rows whose problems nobody has mended get the room that is left. What is taken stays in
 * order, because one kind may name what another publishes.
 */
export function shareOf<Piece extends { isRecheck?: boolean }>(
  kinds: readonly (readonly Piece[])[],
  most: number,
): Piece[] {
  return kinds
    .flatMap((pieces, kind) => pieces.map((piece, round) => ({ piece, kind, round })))
    .sort(
      (a, b) =>
        Number(a.piece.isRecheck ?? false) - Number(b.piece.isRecheck ?? false) ||
        a.round - b.round ||
        a.kind - b.kind,
    )
    .slice(0, most)
    .sort((a, b) => a.kind - b.kind || a.round - b.round)
    .map(({ piece }) => piece)
}
