import { hashOf } from '../caller'
import { db } from '../cloud'
import { addToShard, findBallot, listBallotsOf, noteForgotten, removeBallot } from '../stores/votes'
import { deltaOf } from './ballot-change'
import { withRetry } from './retry'
import { pickShard, widen } from './shard-spread'
import { countedAs, isRanked } from './subject'

/** Ballots looked up at once, and how many of them are removed side by side. */
const batch = 100
const lanes = 4
/** How long a repeat of a call from before the removal may still be on its way. */
const repeatsFor = 10 * 60_000

/** Removes one ballot and what it counted, in one transaction. */
async function removeOne(id: string, subject: string): Promise<void> {
  const now = Date.now()
  await withRetry(
    () =>
      db.runTransaction(async transaction => {
        const ballot = await findBallot(transaction, id)
        // Also where there is none to count back: a broken row is to go like the others.
        await removeBallot(transaction, id)
        if (!ballot) return
        const delta = deltaOf(
          { options: countedAs(subject, ballot.options), castAt: ballot.castAt.getTime() },
          null,
          now,
          isRanked(subject),
        )
        if (Object.keys(delta).length === 0) return
        await addToShard(transaction, subject, pickShard(subject), delta, new Date(now))
      }, 0),
    { attempts: 12, budget: 4_000, onRetry: () => widen(subject) },
  )
}

/**
 * Removes a reader's ballots until there are none or the time (ms since 1970) is reached. Before the first it notes, for
 * ten minutes, up to which wish calls are late repeats, or one of these would bring a ballot back.
 *
 * Throws `unavailable` when a removal's retries are used up; what was removed stays removed.
 */
export async function forgetBallots(
  reader: string,
  deadline: number,
): Promise<{ done: boolean; removed: number }> {
  const note = hashOf('forgotten', reader)
  let removed = 0
  for (;;) {
    const ballots = await listBallotsOf(reader, batch)
    if (ballots.length === 0) return { done: true, removed }
    const newest = Math.max(...ballots.map(({ wish }) => wish))
    await noteForgotten(note, reader, newest, new Date(Date.now() + repeatsFor))
    const left = [...ballots]
    const lane = async (): Promise<void> => {
      for (let next = left.shift(); next && Date.now() < deadline; next = left.shift()) {
        await removeOne(next.id, next.subject)
        removed++
      }
    }
    await Promise.all(Array.from({ length: lanes }, lane))
    if (Date.now() >= deadline) return { done: false, removed }
  }
}
