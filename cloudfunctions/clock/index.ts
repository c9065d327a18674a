import { platformContext } from '../shared/cloud'
import { errorDetail, log } from '../shared/log'
import { waysToWrite } from '../shared/publishing/read-draft'
import { type Agenda, readAgenda } from '../shared/stores/agenda'
import { readNotes } from '../shared/stores/rankings'
import { publishWaiting } from './publish-waiting'
import { tendVotes } from './tend-votes'
import { createLease, type Tick } from './tick'

/** One task of a tick. It is idempotent, can be resumed, and stops at its deadline. */
type Task = (tick: Tick, deadline: number) => Promise<void>

/** Run in this order, each until some time (ms) after the tick began; the function's own limit is 60 s. The others still
 * run when one fails. */
const tasks: readonly [name: string, task: Task, until: number][] = [
  ['drafts', publishWaiting, 20_000],
  ['votes', tendVotes, 40_000],
]

/** The statuses of rows that the clock looks at. */
const waiting = (['待发布', '已定时', '待撤回'] as const).flatMap(waysToWrite)

/**
 * The timer's tick: every two minutes, and sometimes twice, since the platform may fire a timer again. Makes two
 * database requests when there is nothing to do. Only the trigger may call it. The function rules keep clients out, and
 * this checks again: a call from the console has an empty context.
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
    agenda = await readAgenda(waiting, new Date(now))
  } catch (error) {
    failed('agenda', error)
    try {
      // Rankings do not wait for rows that cannot be read.
      agenda = { notes: await readNotes(), drafts: [], more: false, ahead: [], offline: [] }
    } catch (again) {
      failed('notes', again)
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
