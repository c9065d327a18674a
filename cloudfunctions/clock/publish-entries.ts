import type { Document } from '../shared/cloud'
import { statusOfEntry } from '../shared/publishing/entry-statuses'
import { clockKey } from '../shared/publishing/publish-draft'
import { entryCheckedAt, publishEntry, withdrawEntry } from '../shared/publishing/publish-entry'
import type { WaitingEntry } from '../shared/stores/agenda'
import type { EntryKind } from '../shared/stores/published-entries'

/** Interval (ms) for reading an unchanged row with problems again: a missing poll, for example, may exist by then. */
const recheck = 10 * 60_000
/** Interval between two ticks (ms). */
const tickLength = 2 * 60_000
/** How many rows with problems one tick reads again. */
const refusedAtMost = 5

/** A piece of a tick's work. */
interface Work {
  subject: string
  run: () => Promise<unknown>
  /** Whether its editor knows of its problems. */
  isRecheck?: boolean
}

/** Whether the clock must read this row now, though it told its editor of problems. */
const isRechecked = (now: number): boolean => now % recheck < tickLength

/** Whether the clock must publish this row, or tell its editor of problems. */
function waits(kind: EntryKind, row: Document, now: number): boolean {
  if (statusOfEntry(row) === '待撤回') return false
  const isRefused = Array.isArray(row.problems) && row.problems.length > 0
  return !isRefused || entryCheckedAt(kind, row) === null || isRechecked(now)
}

/** Selects the rows with problems that this tick reads; the next tick selects the following ones. */
function someOf(rows: readonly WaitingEntry[], now: number): WaitingEntry[] {
  const from = (Math.floor(now / tickLength) * refusedAtMost) % Math.max(1, rows.length)
  return [...rows.slice(from), ...rows.slice(0, from)].slice(0, refusedAtMost)
}

/** The work that rows of topics and polls ask for: withdrawals, then polls, then the topics that may name them. */
export function workOfEntries(entries: readonly WaitingEntry[], now: number): Work[] {
  const isLeaving = ({ status }: WaitingEntry): boolean => statusOfEntry({ status }) === '待撤回'
  const others = entries.filter(entry => !isLeaving(entry))
  const read = [
    ...others.filter(({ isRefused }) => !isRefused),
    ...someOf(
      others.filter(({ isRefused }) => isRefused),
      now,
    ),
  ]
  return [
    ...entries.filter(isLeaving).map(({ kind, id }) => ({
      subject: `${kind}:${id}`,
      run: () =>
        withdrawEntry(kind, id, { key: clockKey, now, waits: row => statusOfEntry(row) === '待撤回' }),
    })),
    ...read.map(({ kind, id, isRefused }) => ({
      subject: `${kind}:${id}`,
      isRecheck: isRefused,
      run: () => publishEntry(kind, id, { key: clockKey, now, waits: row => waits(kind, row, now) }),
    })),
  ]
}
