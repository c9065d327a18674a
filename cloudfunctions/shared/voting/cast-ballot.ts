import { AppError } from '../app-error'
import { dayOf, startOfDay } from '../beijing-time'
import { db, type Transaction } from '../cloud'
import {
  addBallot,
  addToShard,
  type Ballot,
  type DeletionNote,
  type Form,
  findBallot,
  putBallot,
  readBeforeVote,
  readVotes,
  type SubjectVotes,
  type VotesBefore,
} from '../stores/votes'
import { countsAfter, deltaOf, sameOptions } from './ballot-change'
import { withRetry } from './retry'
import { pickShard, widen } from './shard-spread'
import { ballotIdOf, countedAs, isRanked, type Subject } from './subject'

/** Changes of one ballot in a Beijing day, beyond any reader's change of mind. */
const changesADay = 50
/** Subjects a reader may begin to vote on in a Beijing day, beyond any reader's reading. */
export const newBallotsADay = 300

/** A wish this far ahead of the cloud's clock comes from a broken phone or a forger. */
const wishAheadAtMost = 366 * 86_400_000

const secondsToMidnight = (now: number): number => Math.ceil((startOfDay(dayOf(now) + 1) - now) / 1000)

/** How long (ms) after a deletion a vote sent before it may still be on its way. */
export const repeatsFor = 10 * 60_000

/**
 * An attempt may commit so long (ms) after its query began, no later: a deletion that the query did not see waits that
 * long for it (see forget.ts).
 */
export const commitsWithin = 3_000

/** A reader's choice as it arrives: see `voteInput` of the contract. */
export interface Vote {
  options: readonly string[]
  wish: number
  basedOn?: readonly number[] | undefined
  epoch?: number | undefined
}

/** The counts and the caller's ballot; `epoch` where a deletion is why the vote was not granted. */
export interface CastVotes extends SubjectVotes {
  epoch?: number
}

/**
 * The answer to a vote that was sent before the reader had everything removed, or null. A client that sends no epoch
 * is told the revision it has to go above, or it would be ignored until the note is old.
 */
function sentBeforeDeletion(seen: VotesBefore, { wish, epoch }: Vote, now: number): CastVotes | null {
  const { note, ballot } = seen
  if (!note || now >= note.at + repeatsFor) return null
  if (epoch !== undefined) return epoch === note.at ? null : { ...seen, epoch: note.at }
  if (wish > note.wish) return null
  return { ...seen, ballot: { options: ballot?.options ?? [], wish: Math.max(ballot?.wish ?? 0, note.wish) } }
}

/** Whether the choice of a vote that waited was made after what the cloud holds; a vote made now always was. */
const isBasedOn = ({ basedOn }: Vote, revision: number): boolean =>
  basedOn === undefined || basedOn.includes(revision)

/**
 * How many subjects a reader began today, those of removed ballots included: they are in the note's count, and while
 * they are still there, under an older epoch, they are not counted twice.
 */
export function countBegun(note: DeletionNote | null, begunUnder: readonly number[], today: number): number {
  if (note?.begunDay !== today) return begunUnder.length
  return note.begun + begunUnder.filter(epoch => epoch === note.at).length
}

/**
 * Lets a reader begin to vote on one more subject. The limit counts the ballots themselves, so a repeat or a change of
 * mind costs nothing and there is no counter to conflict on. Concurrent calls may exceed the limit by their number.
 */
function requireMayBegin({ begunUnder, note }: VotesBefore, now: number): void {
  if (countBegun(note, begunUnder, dayOf(now)) < newBallotsADay) return
  throw new AppError('too-many', 'voted on too much today', secondsToMidnight(now))
}

/** Leaves a transaction that has nothing to do; what was read is the answer. */
class Settled extends Error {
  constructor(readonly votes: CastVotes) {
    super('nothing to change')
  }
}

/** Leaves a transaction whose query is too old to commit after; the next attempt asks anew. */
class TooLate extends Error {
  /** As the SDK names a transaction that ran too long: it is run again. */
  readonly code = 'DATABASE_TRANSACTION_FAIL'
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
 * A vote that waited, or that was sent before a deletion, may not be granted: the answer is then the present state.
 *
 * Returns the counts and the caller's ballot. Throws `invalid` for a wish years ahead, `too-many` with retryAfter,
 * `unavailable` when the retries are used up.
 */
export async function castBallot(
  subject: Subject,
  reader: string,
  vote: Vote,
  alongside?: Alongside,
): Promise<CastVotes> {
  const { options, wish } = vote
  const now = Date.now()
  if (wish > now + wishAheadAtMost) throw new AppError('invalid', 'wish: lies years ahead')
  const id = ballotIdOf(reader, subject)
  const today = dayOf(now)

  /** Null where another vote was granted between the query and the transaction. Throws `Settled`. */
  const grant = (reading: Promise<VotesBefore>, begun: number): Promise<CastVotes | null> =>
    db.runTransaction(async transaction => {
      const seen = await reading
      const refused = sentBeforeDeletion(seen, vote, now)
      if (refused) throw new Settled(refused)
      // A newer wish has been granted, or this very one, by a call whose reply was lost.
      const held = seen.ballot?.wish ?? 0
      if (held >= wish || !isBasedOn(vote, held)) throw new Settled(seen)
      if (!seen.exists) requireMayBegin(seen, now)
      const before = seen.exists ? await findBallot(transaction, id) : null
      const holds = before?.wish ?? 0
      if (holds >= wish || !isBasedOn(vote, holds)) return null
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
        epoch: seen.note?.at ?? 0,
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
      if (Date.now() - begun > commitsWithin) throw new TooLate('too long since the query')
      const counted = countedAs(subject, seen.ballot?.options ?? [])
      return {
        counts: countsAfter(seen.counts, counted, countedAs(subject, options)),
        ballot: { options: [...options], wish },
        form: seen.form,
      }
    }, 0)

  return withRetry(
    async () => {
      const begun = Date.now()
      const reading = readBeforeVote(subject, id, reader, new Date(startOfDay(today)))
      // Where the transaction does not even start, nobody waits for it.
      reading.catch(() => undefined)
      try {
        return (await grant(reading, begun)) ?? (await readVotes(subject, id))
      } catch (error) {
        if (error instanceof Settled) return error.votes
        throw error
      }
    },
    { attempts: 12, budget: 5_000, onRetry: () => widen(subject) },
  )
}
