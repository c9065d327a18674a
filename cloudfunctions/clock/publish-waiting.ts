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

/** How many rows and stories one tick handles. The next one goes on. */
const handledAtMost = 20
/** How many rows with problems one tick reads again, because their editors may have mended them. */
const refusedAtMost = 10
/** A row is read again this long (ms) before its time, so that what was saved until then goes out. */
const lastLook = 5 * 60_000
/** How often (ms) a row with problems is checked although it is unchanged: a topic that it names may exist now. */
const recheck = 10 * 60_000
/** How long (ms) lies between two ticks. */
const tickLength = 2 * 60_000

/** Whether a row that was read waits for the clock. */
function waits(row: Document, now: number): boolean {
  const status = statusOfRow(row)
  if (status !== '待发布' && status !== '已定时') return false
  const checked = checkedOf(row)
  if (!checked || checked.hash !== textHash(row)) return true
  const isRefused = Array.isArray(row.problems) && row.problems.length > 0
  if (status === '待发布') return !isRefused || now % recheck < tickLength
  return isDue(readTime(row.publishAt, now), checked.at, now)
}

/** Whether a timed row that is unchanged since `checkedAt` has something to do: go out, or be stored ahead. */
function isDue(at: number | null | undefined, checkedAt: number | null, now: number): boolean {
  if (typeof at !== 'number' || at <= now || checkedAt === null) return true
  return at - now <= storedAhead && at - checkedAt > storedAhead
}

/** As many of some rows as one tick reads, others at each tick. */
function someOf(rows: readonly WaitingRow[], now: number): WaitingRow[] {
  const from = (Math.floor(now / tickLength) * refusedAtMost) % Math.max(1, rows.length)
  return [...rows.slice(from), ...rows.slice(0, from)].slice(0, refusedAtMost)
}

interface Work {
  subject: string
  run: () => Promise<unknown>
}

/** What there is to do, most urgent first. */
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
 * Publishes, schedules and withdraws what editors' rows ask for. One that fails stops no other: the next tick tries it
 * again.
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
