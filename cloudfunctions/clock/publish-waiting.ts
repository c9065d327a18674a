import { AppError } from '../shared/app-error'
import type { Document } from '../shared/cloud'
import { isTransient } from '../shared/failures'
import { errorDetail, log } from '../shared/log'
import { askedOf, handledAtMost } from '../shared/publishing/next-step'
import {
  checkedOf,
  clockKey,
  giveUpDraft,
  isUnchanged,
  publishDraft,
  storedAhead,
} from '../shared/publishing/publish-draft'
import { isUnknownStatus, namedIn, statusOfRow, tagsOf } from '../shared/publishing/read-draft'
import { readTime } from '../shared/publishing/read-time'
import { settleEntry } from '../shared/publishing/settle-entry'
import { endPlaces } from '../shared/publishing/tell-displaced'
import { tellId, tellStatus } from '../shared/publishing/tell-status'
import { cancelAhead, takeOffline, takeReason, withdrawWaiting } from '../shared/publishing/withdraw-draft'
import type { Agenda, WaitingRow } from '../shared/stores/agenda'
import { writeClockState } from '../shared/stores/rankings'
import { workOfEntries } from './publish-entries'
import { type Handling, inTurns, isRecheckTick, shareOf, someOf, type Tick } from './tick'

/** How many rows with problems one tick reads again, in case an editor has corrected them. */
const refusedAtMost = 10
/** Reads a scheduled row again this long (ms) before its time, to publish the editor's last changes. */
const lastLook = 5 * 60_000
/** After how many killed ticks a row is not handled again before its editor asks for it. */
const killedAtMost = 2

/** Whether the clock must handle this row now. */
function waits(row: Document, now: number): boolean {
  if (askedOf(row) !== 'publish') return false
  const checked = checkedOf(row)
  if (!checked || !isUnchanged(row, checked)) return true
  const isRefused = Array.isArray(row.problems) && row.problems.length > 0
  const isRechecked = isRefused && isRecheckTick(now)
  if (statusOfRow(row) === '待发布') return !isRefused || isRechecked
  return isRechecked || isDue(readTime(row.publishAt, now), checked.at, now)
}

/** Whether a scheduled row, unchanged since `checkedAt`, must be published or stored ahead now. */
function isDue(at: number | null | undefined, checkedAt: number, now: number): boolean {
  if (typeof at !== 'number') return false
  return at <= now || (at - now <= storedAhead && at - checkedAt > storedAhead)
}

/** Whether this tick reads a scheduled row. */
function isLookedAt({ status, publishAt, checked, isSaved, isRefused }: WaitingRow, now: number): boolean {
  const at = readTime(publishAt, now) ?? null
  if (!checked || checked.publishAt !== at || checked.status !== status) return true
  if (isSaved || isRefused) return true
  return at !== null && (at - now <= lastLook || isDue(at, checked.at, now))
}

/**
 * Whether this tick must read the row: it has no problems, or its editor has saved it since it got them. Such rows do not
 * take turns with the rows whose problems nobody has mended.
 */
const isReady = ({ isRefused, isSaved, checked, status }: WaitingRow): boolean =>
  !isRefused || isSaved || checked?.status !== status

const some = <Row>(rows: readonly Row[], now: number): Row[] => someOf(rows, refusedAtMost, now)

interface Work {
  subject: string
  run: () => Promise<unknown>
  /** Called instead of `run` if `run` has killed earlier ticks. Absent if no row can get a problem. */
  giveUp?: () => Promise<unknown>
  /** Whether its editor knows of its problems. */
  isRecheck?: boolean
}

type NamedRow = WaitingRow & { id: string }
const isText = (id: unknown): id is string => typeof id === 'string'
const isNamed = (row: WaitingRow): row is NamedRow => isText(row.id)

/** All work that waits, by its kinds, most urgent first. */
function workOf(agenda: Agenda, now: number): Work[][] {
  const { drafts: all, more, misstated, reasoned, entries, changedEntries, ahead, offline, hasEnded } = agenda
  const drafts = all.filter(isNamed)
  const withStatus = (status: string): NamedRow[] => drafts.filter(row => statusOfRow({ ...row }) === status)
  const giveUp = (id: string) => () => giveUpDraft(id, now)
  const publish = (row: NamedRow): Work => ({
    subject: row.id,
    run: () =>
      publishDraft(row.id, {
        key: clockKey,
        now,
        waits: present => waits(present, now),
        // A row with problems is mostly read in vain.
        ...(row.isRefused ? {} : { known: { tags: tagsOf(row.tags), ...namedIn({ ...row }) } }),
      }),
    giveUp: giveUp(row.id),
    isRecheck: !isReady(row),
  })
  const withdraw = ({ id }: NamedRow): Work => ({ subject: id, run: () => withdrawWaiting(id, now) })
  const ready = withStatus('待发布')
  const timed = withStatus('已定时').filter(row => isLookedAt(row, now))
  const isTimely = (row: WaitingRow): boolean =>
    isReady(row) || (readTime(row.publishAt, now) ?? Number.POSITIVE_INFINITY) - now <= lastLook
  const waiting = new Set<unknown>(drafts.map(({ id }) => id))
  const left = more ? [] : ahead.filter(({ draft }) => draft !== '' && !waiting.has(draft))
  // The query also finds a status that is a list, if the list contains a known status.
  const lists = all.filter(row => !row.isRefused && isUnknownStatus({ ...row })).map(({ id }) => id)
  const odd = [...misstated.filter(({ isTold }) => !isTold).map(({ id }) => id), ...lists]
  const told = misstated.filter(({ isTold }) => isTold).map(({ id }) => id)
  const unnamed = [...all.filter(row => !row.isRefused).map(({ id }) => id), ...odd].filter(
    id => typeof id !== 'string',
  )
  return [
    drafts.filter(row => askedOf({ ...row }) === 'withdraw').map(withdraw),
    // Before the drafts that may name them.
    ...workOfEntries(entries, now),
    changedEntries.map(({ kind, id }) => ({
      subject: `${kind}:${id}`,
      run: () => settleEntry(kind, id, now),
    })),
    left.map(({ id }) => ({ subject: id, run: () => cancelAhead(id, now) })),
    inTurns(ready.filter(isReady)).map(publish),
    timed.filter(isTimely).map(publish),
    offline.map(id => ({ subject: id, run: () => takeOffline(id, now) })),
    hasEnded ? [{ subject: 'places', run: () => endPlaces(now) }] : [],
    // Nothing here is urgent, so it takes turns as one kind.
    [
      ...some([...ready.filter(row => !isReady(row)), ...timed.filter(row => !isTimely(row))], now).map(
        publish,
      ),
      ...reasoned.map(id => ({ subject: id, run: () => takeReason(id, now) })),
      ...some(odd.filter(isText), now).map(id => ({ subject: id, run: () => tellStatus(id, now) })),
      ...some(told.filter(isText), now).map(id => ({
        subject: id,
        run: () => tellStatus(id, now),
        isRecheck: true,
      })),
      ...some(unnamed, now).map(id => ({ subject: JSON.stringify(id), run: () => tellId(id) })),
    ],
  ]
}

/** What one tick does of it. */
export const workOfTick = (agenda: Agenda, now: number): Work[] => shareOf(workOf(agenda, now), handledAtMost)

/** Whether a tick handles more than rows whose editors know of their problems. */
export const isBusy = (agenda: Agenda, now: number): boolean =>
  workOf(agenda, now)
    .flat()
    .some(({ isRecheck }) => !isRecheck)

/**
 * Does one piece of work. Returns why it failed. A failure is logged and does not stop the others: the next tick tries
 * again.
 */
async function done({ subject, run }: Pick<Work, 'subject' | 'run'>): Promise<unknown> {
  try {
    await run()
    return null
  } catch (error) {
    const isBusy = error instanceof AppError || isTransient(error)
    log(isBusy ? 'warn' : 'error', 'row-failed', { subject, ...errorDetail(error) })
    return error
  }
}

/**
 * Publishes, schedules and withdraws stories as the rows request. If one fails, the others still run, and the next tick
 * retries it.
 *
 * A row may kill the function, for example by using up its memory. So the tick notes what it handles, and a killed tick
 * leaves that note. The next one handles those rows last and one at a time, noting each; a row that killed a tick again
 * is given up with a problem.
 */
export async function publishWaiting({ now, agenda, lease }: Tick, deadline: number): Promise<void> {
  const work = workOfTick(agenda, now)
  if (work.length === 0) return
  const killed = new Map(agenda.state.handling.map(one => [one.subject, one.killed]))
  const suspects = work.filter(({ subject }) => killed.has(subject))
  const others = work.filter(({ subject }) => !killed.has(subject))
  let handling: Handling = [
    ...others.map(({ subject }) => ({ subject, killed: 1 })),
    ...suspects.map(({ subject }) => ({ subject, killed: killed.get(subject) ?? 1 })),
  ]
  if (!(await lease.take(handling))) return
  let failed: unknown
  for (const one of others) {
    if (Date.now() >= deadline) break
    failed = (await done(one)) ?? failed
  }
  handling = handling.filter(({ subject }) => killed.has(subject))
  for (const one of suspects) {
    if (Date.now() >= deadline) break
    const { subject, giveUp } = one
    const isGivenUp = (killed.get(subject) ?? 0) >= killedAtMost
    if (!isGivenUp) {
      handling = handling.map(row => (row.subject === subject ? { subject, killed: row.killed + 1 } : row))
      await writeClockState({ handling })
      failed = (await done(one)) ?? failed
    } else if (giveUp) failed = (await done({ subject, run: giveUp })) ?? failed
    handling = handling.filter(row => row.subject !== subject)
  }
  lease.leave(handling)
  if (failed) throw failed
}
