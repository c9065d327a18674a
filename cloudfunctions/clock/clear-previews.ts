import { hourOf } from '../shared/buckets'
import { deleteFiles } from '../shared/cloud'
import { listExpired, removeExpired } from '../shared/stores/previews'
import type { Tick } from './tick'

/** How many expired previews one request lists. */
const listed = 50

/**
 * Removes expired previews with their mini-codes, once an hour: this is not urgent, because nobody can open them any
 * more. In the other ticks it makes no request.
 */
export async function clearPreviews({ now, agenda, lease }: Tick, deadline: number): Promise<void> {
  if (hourOf(now) === agenda.state.hour || !(await lease.take())) return
  const until = new Date(now)
  for (;;) {
    const expired = await listExpired(until, listed)
    if (expired.length === 0) return
    // Delete the files first: after their rows are removed, nothing refers to them.
    const gone = new Set(await deleteFiles(expired.flatMap(({ code }) => (code === '' ? [] : [code]))))
    const cleared = expired.filter(({ code }) => code === '' || gone.has(code)).map(({ id }) => id)
    await removeExpired(cleared, until)
    if (cleared.length < listed || Date.now() >= deadline) return
  }
}
