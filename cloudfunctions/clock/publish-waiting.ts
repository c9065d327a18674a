import { AppError } from '../shared/app-error'
import type { Document } from '../shared/cloud'
import { isTransient } from '../shared/failures'
import { errorDetail, log } from '../shared/log'
import { checkedOf, clockKey, publishDraft, storedAhead } from '../shared/publishing/publish-draft'
import { statusOfRow, textHash } from '../shared/publishing/read-draft'
import { readTime } from '../shared/publishing/read-time'
import { cancelAhead, takeOffline, withdrawWaiting } from '../shared/publishing/withdraw-draft'
import type { Agenda, WaitingRow } from '../shared/stores/agenda'
import type { Tick } from './tick'

/** How many rows and stories one tick handles; the next tick continues. */
const handledAtMost = 20
/** How many rows with problems one tick reads again, in case an editor has corrected them. */
const refusedAtMost = 10
/** Reads a scheduled row again this long (ms) before its time, to publish the editor's last changes. */
const lastLook = 5 * 60_000
/** Interval (ms) for checking an unchanged row with problems: a missing topic, for example, may exist by then. */
const recheck = 10 * 60_000
/** Interval between two ticks (ms). */
const tickLength = 2 * 60_000

/** Whether the clock must handle this row now. */
function waits(row: Document, now: number): boolean {
  const status = statusOfRow(row)
  if (status !== '待发布' && status !== '已定时') return false
  const checked = checkedOf(row)
  if (!checked || checked.hash !== textHash(row)) return true
  const isRefused = Array.isArray(row.problems) && row.problems.length > 0
  if (status === '待发布') return !isRefused || now % recheck < tickLength
  return isDue(readTime(row.publishAt, now), checked.at, now)
}

/** Whether a scheduled row, unchanged since `checkedAt`, must be published or stored ahead now. */
function isDue(at: number | null | undefined, checkedAt: number | null, now: number): boolean {
  if (typeof at !== 'number' || at <= now || checkedAt === null) return true
  return at - now <= storedAhead && at - checkedAt > storedAhead
}

/** Selects the rows that this tick reads; the next tick selects the following ones. */
function someOf(rows: readonly WaitingRow[], now: number): WaitingRow[] {
  const from = (Math.floor(now / tickLength) * refusedAtMost) % Math.max(1, rows.length)
  return [...rows.slice(from), ...rows.slice(0, from)].slice(0, refusedAtMost)
}

interface Work {
  subject: string
  run: () => Promise<unknown>
}

/** The work of a tick, most urgent first. */
function workOf({ drafts, more, ahead, offline }: Agenda, now: number): Work[] {
  const withStatus = (status: string): WaitingRow[] =>
    drafts.filter(row => statusOfRow({ ...row }) === status)
  const publish = ({ id }: WaitingRow): Work => ({
    subject: id,
    run: () => publishDraft(id, { key: clockKey, now, waits: row => waits(row, now) }),
  })
  const ready = withStatus('待发布')
  const storedFor = new Map(ahead.map(({ draft, publishAt }) => [draft, publishAt]))
  const timed = withStatus('已定时').filter(({ id, publishAt, checkedAt }) => {
    const at = readTime(publishAt, now)
    const isMoved = storedFor.has(id) && storedFor.get(id) !== at
    return isMoved || isDue(at, checkedAt, now) || (at ?? 0) - now <= lastLook
  })
  const waiting = new Set(drafts.map(({ id }) => id))
  const cancelled = more ? [] : ahead.filter(({ draft }) => draft !== '' && !waiting.has(draft))
  return [
    ...withStatus('待撤回').map(({ id }) => ({ subject: id, run: () => withdrawWaiting(id, now) })),
    ...cancelled.map(({ id }) => ({ subject: id, run: () => cancelAhead(id, now) })),
    ...ready.filter(({ isRefused }) => !isRefused).map(publish),
    ...timed.map(publish),
    ...offline.map(id => ({ subject: id, run: () => takeOffline(id, now) })),
    ...someOf(
      ready.filter(({ isRefused }) => isRefused),
      now,
    ).map(publish),
  ]
}

/**
 * Publishes, schedules and withdraws stories as the rows request. If one fails, the others still run, and the next tick
 * retries it.
 */
export async function publishWaiting({ now, agenda, lease }: Tick, deadline: number): Promise<void> {
  const work = workOf(agenda, now)
  if (work.length === 0 || !(await lease.take())) return
  let failed: unknown
  for (const { subject, run } of work.slice(0, handledAtMost)) {
    if (Date.now() >= deadline) break
    try {
      await run()
    } catch (error) {
      const isBusy = error instanceof AppError || isTransient(error)
      log(isBusy ? 'warn' : 'error', 'row-failed', { subject, ...errorDetail(error) })
      failed = error
    }
  }
  if (failed) throw failed
}
