import { AppError } from '../app-error'
import { hashOf } from '../caller'
import { db, type Transaction } from '../cloud'
import { addToShard, findBallot, putBallot, readRecent } from '../stores/votes'
import { deltaOf, sameOptions } from './ballot-change'
import { dayOf } from './buckets'
import { withRetry } from './retry'
import { noteSmooth, pickShard, widen } from './shard-spread'
import { countedAs, isRanked, type Subject } from './subject'

/** Changes of one ballot in a Beijing day, beyond any reader's change of mind. */
const changesADay = 50
/** Subjects a reader may begin to vote on in a Beijing day, beyond any reader's reading. */
export const newBallotsADay = 300

/** A wish this far ahead of the cloud's clock comes from a broken phone or a forger. */
const wishAheadAtMost = 366 * 86_400_000

const dayLength = 86_400_000
const beijingOffset = 8 * 3_600_000

/** One reader's ballot on one subject, always the same id. */
export const ballotIdOf = (reader: string, subject: string): string => hashOf('ballot', reader, subject)

const startOfDay = (day: number): number => day * dayLength - beijingOffset

const secondsToMidnight = (now: number): number => Math.ceil((startOfDay(dayOf(now) + 1) - now) / 1000)

/**
 * Lets a reader begin to vote on one more subject, or says that this is a late repeat from before the reader had
 * everything removed. Looks at the ballots themselves, so that a repeat or a change of mind costs nothing and there is
 * no count of its own to conflict on; a reader who sends several at once may pass by as many.
 */
async function mayBegin(reader: string, wish: number, now: number): Promise<boolean> {
  const { ballots, forgotten } = await readRecent(reader, new Date(startOfDay(dayOf(now))), newBallotsADay)
  if (forgotten && now < forgotten.until && wish <= forgotten.wish) return false
  if (ballots >= newBallotsADay) {
    throw new AppError('too-many', 'voted on too much today', secondsToMidnight(now))
  }
  return true
}

/**
 * Sets what a reader chooses on a subject (no options: nothing). A state under a deterministic id, with a wish that
 * only grows: a repeat, even a late one, changes nothing. The ballot and the counts change in one transaction, which
 * we retry ourselves because the SDK does not (a conflict inside its callback is never retried). `alongside` takes part
 * in the transaction of every wish that is granted.
 *
 * Throws `invalid` for a wish years ahead, `too-many` with retryAfter, `unavailable` when the retries are used up.
 */
export async function castBallot(
  subject: Subject,
  reader: string,
  options: readonly string[],
  wish: number,
  alongside?: (transaction: Transaction) => Promise<void>,
): Promise<void> {
  const now = Date.now()
  if (wish > now + wishAheadAtMost) throw new AppError('invalid', 'wish: lies years ahead')
  const id = ballotIdOf(reader, subject)
  let admitted = false
  let met = false
  await withRetry(
    () =>
      db.runTransaction(async transaction => {
        const before = await findBallot(transaction, id)
        // A newer wish has been granted, or this very one, by a call whose reply was lost.
        if (before && before.wish >= wish) return
        if (!before) {
          admitted ||= await mayBegin(reader, wish, now)
          if (!admitted) return
        }
        await alongside?.(transaction)
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
          firstAt: before?.firstAt ?? new Date(now),
          castAt: changed ? new Date(now) : before.castAt,
          changes: changesToday + (changed ? 1 : 0),
          changesDay: today,
        })
        if (!changed) return
        const delta = deltaOf(
          before && { options: countedAs(subject, before.options), castAt: before.castAt.getTime() },
          { options: countedAs(subject, options), castAt: now },
          now,
          isRanked(subject),
        )
        if (Object.keys(delta).length === 0) return
        // The shard last: it is shared with other readers, so it is locked shortest.
        await addToShard(transaction, subject, pickShard(subject), delta, new Date(now))
      }, 0),
    {
      attempts: 12,
      budget: 5_000,
      onRetry: () => {
        met = true
        widen(subject)
      },
    },
  )
  if (!met) noteSmooth(subject)
}
