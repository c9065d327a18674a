import { platformContext } from '../shared/cloud'
import { errorDetail, log } from '../shared/log'
import { tendVotes } from './tend-votes'

/** How long (ms) a tick may work; the function's own limit is 60 s. */
const budget = 40_000

/** One task of a tick. It is idempotent, can be resumed, and stops at its deadline. */
type Task = (now: number, deadline: number) => Promise<void>

/** Run in this order. The others still run when one fails. */
const tasks: readonly [name: string, task: Task][] = [['votes', tendVotes]]

/**
 * The timer's tick: once a minute, and sometimes twice, since the platform may fire a timer again. Only the trigger may
 * call it. The function rules keep clients out, and this checks again: a call from the console has an empty context.
 */
export async function main(): Promise<{ ok: boolean }> {
  const { source } = platformContext()
  if (source !== 'wx_trigger') {
    log('warn', 'clock-refused', { source })
    return { ok: false }
  }
  const now = Date.now()
  let ok = true
  for (const [name, task] of tasks) {
    try {
      await task(now, now + budget)
    } catch (error) {
      ok = false
      log('error', 'clock-task-failed', { task: name, ...errorDetail(error) })
    }
  }
  return { ok }
}
