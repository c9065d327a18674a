import { AppError } from '../app-error'
import { hashOf } from '../caller'
import { db } from '../cloud'
import { addToShard, findBallot, putBallot } from '../stores/votes'
import { deltaOf, sameOptions } from './ballot-change'
import { dayOf } from './buckets'
import { withRetry } from './retry'
import { pickShard, widen } from './shard-spread'

/** Changes of one ballot in a Beijing day, beyond any reader's change of mind. */
const changesADay = 50
const dayInSeconds = 86_400

/** A wish this far ahead of the cloud's clock comes from a broken phone or a forger. */
const wishAheadAtMost = 366 * 86_400_000

/** One reader's ballot on one subject, always the same id. */
export const ballotIdOf = (reader: string, subject: string): string => hashOf('ballot', reader, subject)

function secondsToMidnight(now: number): number {
  return Math.ceil(((dayOf(now) + 1) * dayInSeconds * 1000 - 8 * 3_600_000 - now) / 1000)
}

/**
 * Sets what a reader chooses on a subject (no options: nothing). A state under a deterministic id, with a wish that
 * only grows: a repeat, even a late one, changes nothing. The ballot and the counts change in one transaction, which
 * we retry ourselves because the SDK does not (a conflict inside its callback is never retried).
 *
 * Throws `invalid` for a wish years ahead, `too-many` with retryAfter, `unavailable` when the retries are used up.
 */
export async function castBallot(
  subject: string,
  reader: string,
  options: readonly string[],
  wish: number,
): Promise<void> {
  const now = Date.now()
  if (wish > now + wishAheadAtMost) throw new AppError('invalid', 'wish: lies years ahead')
  const id = ballotIdOf(reader, subject)
  await withRetry(
    () =>
      db.runTransaction(async transaction => {
        const before = await findBallot(transaction, id)
        // A newer wish has been granted, or this very one, by a call whose reply was lost.
        if (before && before.wish >= wish) return
        const changed = !before || !sameOptions(before.options, options)
        const today = dayOf(now)
        const changesToday = before?.changesDay === today ? before.changes : 0
        if (changed && changesToday >= changesADay) {
          throw new AppError('too-many', 'changed too often today', secondsToMidnight(now))
        }
        await putBallot(transaction, {
          _id: id,
          kind: 'ballot',
          subject,
          reader,
          options: [...options],
          wish,
          castAt: changed ? new Date(now) : before.castAt,
          changes: changesToday + (changed ? 1 : 0),
          changesDay: today,
        })
        if (!changed) return
        const delta = deltaOf(
          before && { options: before.options, castAt: before.castAt.getTime() },
          { options, castAt: now },
          now,
        )
        if (Object.keys(delta).length === 0) return
        // The shard last: it is shared with other readers, so it is locked shortest.
        await addToShard(transaction, subject, pickShard(subject), delta, new Date(now))
      }, 0),
    { attempts: 12, budget: 7_000, onRetry: () => widen(subject) },
  )
}
