import { AppError } from '../app-error'
import { hashOf } from '../caller'
import { db, type Transaction } from '../cloud'
import {
  addBallot,
  addToShard,
  type Ballot,
  type Form,
  findBallot,
  putBallot,
  readBeforeVote,
  readVotes,
  type SubjectVotes,
  type VotesBefore,
} from '../stores/votes'
import { countsAfter, deltaOf, sameOptions } from './ballot-change'
import { dayOf } from './buckets'
import { withRetry } from './retry'
import { pickShard, widen } from './shard-spread'
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
 * everything removed. The limit counts the ballots themselves, so a repeat or a change of mind costs nothing and there
 * is no count of its own to conflict on; a reader who sends several at once may pass by as many.
 */
function mayBegin({ begun, forgotten }: VotesBefore, wish: number, now: number): boolean {
  if (forgotten && now < forgotten.until && wish <= forgotten.wish) return false
  if (begun >= newBallotsADay)
    throw new AppError('too-many', 'voted on too much today', secondsToMidnight(now))
  return true
}

/** Leaves a transaction that has nothing to do; what was read is the answer. */
class Settled extends Error {
  constructor(readonly votes: SubjectVotes) {
    super('nothing to change')
  }
}

/** What takes part in the transaction of a wish that is granted; `form` is the poll's, where it is fixed already. */
type Alongside = (transaction: Transaction, form: Form | null) => Promise<void>

/**
 * Sets what a reader chooses on a subject (no options: nothing). A state under a deterministic id, with a wish that
 * only grows: a repeat, even a late one, changes nothing. The ballot and the counts change in one transaction, which
 * we retry ourselves because the SDK does not (a conflict inside its callback is never retried).
 *
 * One query says all there is to know, and is under way while the transaction starts, so that a vote waits for four
 * requests and not five. A repeat ends with it. A first ballot need not be read again inside the transaction, since
 * adding it fails where another call was faster; and the counts of the query, with the change that was then committed,
 * are the answer. So a first vote is five requests.
 *
 * Returns the counts and the caller's ballot. Throws `invalid` for a wish years ahead, `too-many` with retryAfter,
 * `unavailable` when the retries are used up.
 */
export async function castBallot(
  subject: Subject,
  reader: string,
  options: readonly string[],
  wish: number,
  alongside?: Alongside,
): Promise<SubjectVotes> {
  const now = Date.now()
  if (wish > now + wishAheadAtMost) throw new AppError('invalid', 'wish: lies years ahead')
  const id = ballotIdOf(reader, subject)
  const today = dayOf(now)

  /** Null where a newer wish was granted between the query and the transaction. Throws `Settled`. */
  const grant = (reading: Promise<VotesBefore>): Promise<SubjectVotes | null> =>
    db.runTransaction(async transaction => {
      const seen = await reading
      // A newer wish has been granted, or this very one, by a call whose reply was lost.
      if (seen.ballot && seen.ballot.wish >= wish) throw new Settled(seen)
      if (!seen.exists && !mayBegin(seen, wish, now)) throw new Settled(seen)
      const before = seen.exists ? await findBallot(transaction, id) : null
      if (before && before.wish >= wish) return null
      await alongside?.(transaction, seen.form)
      const changed = !before || !sameOptions(before.options, options)
      const changesToday = before?.changesDay === today ? before.changes : 0
      if (changed && changesToday >= changesADay) {
        throw new AppError('too-many', 'changed too often today', secondsToMidnight(now))
      }
      const ballot: Ballot = {
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
      }
      await (seen.exists ? putBallot(transaction, ballot) : addBallot(transaction, ballot))
      const delta = changed
        ? deltaOf(
            before && { options: countedAs(subject, before.options), castAt: before.castAt.getTime() },
            { options: countedAs(subject, options), castAt: now },
            now,
            isRanked(subject),
          )
        : {}
      // The shard last: it is shared with other readers, so it is locked shortest.
      if (Object.keys(delta).length > 0) {
        await addToShard(transaction, subject, pickShard(subject), delta, new Date(now))
      }
      const counted = countedAs(subject, seen.ballot?.options ?? [])
      return {
        counts: countsAfter(seen.counts, counted, countedAs(subject, options)),
        ballot: { options: [...options], wish },
        form: seen.form,
      }
    }, 0)

  return withRetry(
    async () => {
      const reading = readBeforeVote(subject, id, reader, new Date(startOfDay(today)))
      // Where the transaction does not even start, nobody waits for it.
      reading.catch(() => undefined)
      try {
        return (await grant(reading)) ?? (await readVotes(subject, id))
      } catch (error) {
        if (error instanceof Settled) return error.votes
        throw error
      }
    },
    { attempts: 12, budget: 5_000, onRetry: () => widen(subject) },
  )
}
