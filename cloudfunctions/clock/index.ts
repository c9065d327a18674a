import { platformContext } from '../shared/cloud'
import { errorDetail, log } from '../shared/log'
import { waysToWriteEntry } from '../shared/publishing/entry-statuses'
import { knownStatuses, waysToWrite } from '../shared/publishing/read-draft'
import type { Status } from '../shared/publishing/status-words'
import { type Agenda, readAgenda, type SettledEntries, type Spellings } from '../shared/stores/agenda'
import { readClockState } from '../shared/stores/rankings'
import { clearPreviews } from './clear-previews'
import { deleteOldExports } from './delete-old-exports'
import { joinFresh } from './join-fresh'
import { mapStories } from './map-stories'
import { publishWaiting } from './publish-waiting'
import { sumShares } from './sum-shares'
import { summariseDays } from './summarise-days'
import { tendVotes } from './tend-votes'
import { createLease, isRecheckTick, type Tick } from './tick'

/** One task of a tick. It is idempotent, can be resumed, and stops at its deadline. */
type Task = (tick: Tick, deadline: number) => Promise<void>

/**
 * The tasks in order, each with its deadline in ms after the start of the tick; the function's time limit is 60 s. If
 * one fails, the others still run.
 */
const tasks: readonly [name: string, task: Task, until: number][] = [
  ['drafts', publishWaiting, 20_000],
  ['votes', tendVotes, 40_000],
  ['fresh', joinFresh, 42_000],
  ['previews', clearPreviews, 45_000],
  ['exports', deleteOldExports, 50_000],
  ['shares', sumShares, 55_000],
  ['summary', summariseDays, 56_000],
  ['site map', mapStories, 57_000],
]

const spelled = (...statuses: Status[]): string[] => statuses.flatMap(waysToWrite)

const spellings: Spellings = {
  waiting: spelled('待发布', '已定时', '待撤回'),
  published: spelled('已发布'),
  withdrawn: spelled('已撤回'),
  idle: spelled('草稿', '待审'),
  known: knownStatuses,
}

const settledEntries: SettledEntries = {
  idle: waysToWriteEntry('草稿'),
  withdrawn: waysToWriteEntry('已撤回'),
  published: waysToWriteEntry('已发布'),
}

/**
 * The timer's tick. It runs every two minutes, sometimes twice, because the platform may fire a timer again. When idle it
 * makes two database requests. Only the timer may call it: the function rules reject clients, and the check of the
 * source here also rejects the console, whose calls have an empty context.
 */
export async function main(): Promise<{ ok: boolean }> {
  const { source } = platformContext()
  if (source !== 'wx_trigger') {
    log('warn', 'clock-refused', { source })
    return { ok: false }
  }
  const now = Date.now()
  let ok = true
  const failed = (task: string, error: unknown): void => {
    ok = false
    log('error', 'clock-task-failed', { task, ...errorDetail(error) })
  }
  let agenda: Agenda
  try {
    agenda = await readAgenda(spellings, settledEntries, new Date(now), isRecheckTick(now))
  } catch (error) {
    failed('agenda', error)
    try {
      // Updates the rankings even if drafts and stories cannot be read.
      const none = {
        drafts: [],
        misstated: [],
        reasoned: [],
        entries: [],
        changedEntries: [],
        ahead: [],
        offline: [],
      }
      const nothing = { ...none, more: false, fresh: null, hasEnded: false }
      agenda = { state: await readClockState(), ...nothing }
    } catch (again) {
      failed('state', again)
      return { ok }
    }
  }
  const lease = createLease(now)
  for (const [name, task, until] of tasks) {
    try {
      await task({ now, agenda, lease }, now + until)
    } catch (error) {
      failed(name, error)
    }
  }
  try {
    await lease.release()
  } catch (error) {
    failed('lease', error)
  }
  return { ok }
}
