import { platformContext } from '../shared/cloud'
import { errorDetail, log } from '../shared/log'
import { tendVotes } from './tend-votes'

/** How long (ms) a tick works; the function's own limit is 60 s. */
const budget = 40_000

/** One thing a tick does: idempotent, resumable, and done with by its deadline. */
type Task = (now: number, deadline: number) => Promise<void>

/** In this order; one that fails keeps none of the others from its turn. */
const tasks: readonly [name: string, task: Task][] = [['votes', tendVotes]]

/**
 * The timer's tick, once a minute, sometimes twice. Only the trigger may call: the function rules keep clients out,
 * and so does this, since a missing context (the console, an empty one) is no proof of anything.
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
