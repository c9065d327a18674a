import type { Document } from '../shared/cloud'
import { entryAsks } from '../shared/publishing/entry-statuses'
import { clockKey } from '../shared/publishing/publish-draft'
import { entryCheckedAt, publishEntry, withdrawEntry } from '../shared/publishing/publish-entry'
import type { WaitingEntry } from '../shared/stores/agenda'
import type { EntryKind } from '../shared/stores/published-entries'
import { inTurns, isRecheckTick, someOf } from './tick'

/** How many rows with problems one tick reads again. */
const refusedAtMost = 5

/** The kinds in the order in which one may name the other. */
const inKinds: readonly EntryKind[] = ['polls', 'topics']

/** A piece of a tick's work. */
interface Work {
  subject: string
  run: () => Promise<unknown>
  /** Whether its editor knows of its problems. */
  isRecheck?: boolean
}

/** Whether the clock must publish this row, or tell its editor of problems. */
function waits(kind: EntryKind, row: Document, now: number): boolean {
  if (entryAsks(row) === 'withdraw') return false
  const isRefused = Array.isArray(row.problems) && row.problems.length > 0
  return !isRefused || entryCheckedAt(kind, row) === null || isRecheckTick(now)
}

/**
 * The work that rows of topics and polls ask for, by its kinds: withdrawals, then polls, then the topics that may name
 * them, then rows with problems.
 */
export function workOfEntries(entries: readonly WaitingEntry[], now: number): Work[][] {
  const isLeaving = ({ status }: WaitingEntry): boolean => entryAsks({ status }) === 'withdraw'
  const others = entries.filter(entry => !isLeaving(entry))
  const isReady = ({ isRefused, isSaved }: WaitingEntry): boolean => !isRefused || isSaved
  const read = [
    ...inKinds.map(kind => inTurns(others.filter(entry => entry.kind === kind && isReady(entry)))),
    someOf(
      others.filter(entry => !isReady(entry)),
      refusedAtMost,
      now,
    ),
  ]
  return [
    entries.filter(isLeaving).map(({ kind, id }) => ({
      subject: `${kind}:${id}`,
      run: () => withdrawEntry(kind, id, { key: clockKey, now, waits: row => entryAsks(row) === 'withdraw' }),
    })),
    ...read.map(some =>
      some.map(({ kind, id, ...entry }) => ({
        subject: `${kind}:${id}`,
        isRecheck: !isReady({ kind, id, ...entry }),
        run: () => publishEntry(kind, id, { key: clockKey, now, waits: row => waits(kind, row, now) }),
      })),
    ),
  ]
}
