import { AppError } from '../app-error'
import { dayOf, secondsToMidnight, startOfDay } from '../beijing-time'
import { db, type Transaction } from '../cloud'
import { withRetry } from '../retry'
import {
  addBallot,
  addToShard,
  type Ballot,
  type DeletionNote,
  findBallot,
  type PollForm,
  putBallot,
  readBeforeVote,
  readVotes,
  type SubjectVotes,
  type VotesBefore,
} from '../stores/votes'
import { countsAfter, deltaOf, sameOptions } from './ballot-change'
import { pickShard, widen } from './shard-spread'
import { ballotIdOf, countedAs, isRanked, type Subject } from './subject'

/** How often a reader may change one ballot in a Beijing day. It stops scripts; no ordinary reader reaches it. */
const changesADay = 50
/** The number of subjects on which a reader may first vote in a Beijing day. It stops scripts too. */
export const newBallotsADay = 300

/** A revision is a phone's time (ms). One this far ahead of the cloud's clock is an error or a forged call. */
const revisionAheadAtMost = 366 * 86_400_000

/** How long (ms) after a deletion of all votes a vote that was sent before it may still arrive. */
export const repeatsFor = 10 * 60_000

/**
 * How long (ms) a deletion's note exists. Phones store a pending vote for seven days (`ageAtMost` in
 * src/votes/vote-store.ts), and a vote that was pending during the deletion must not undo it.
 */
export const noteExistsFor = 8 * 86_400_000

/**
 * Each attempt of a vote must commit within this time (ms) after its query began. A deletion waits for that time,
 * because votes whose query did not see it may still commit (see forget.ts).
 */
export const commitsWithin = 3_000

/** A reader's choice as the client sends it: see `voteInput` in `contract/vote.ts`. */
export interface Vote {
  options: readonly string[]
  revision: number
  basedOn?: readonly number[] | undefined
  epoch?: number | undefined
}

/**
 * The counts and the caller's ballot. `deletion` is set if the vote was not counted because of a deletion; it is a part
 * of `voteState` in `contract/vote.ts`.
 */
export interface CastVotes extends SubjectVotes {
  deletion?: { epoch: number; sinceDeletion: number }
}

/**
 * If the vote was sent before the reader's deletion of all votes, returns the reply, otherwise null. The deletion's
 * note records its time (`at`, which clients call the epoch) and the highest deleted revision. An older client sends no
 * epoch, so the reply tells it which revision its next vote must exceed. Without that, the cloud would ignore all its
 * votes for ten minutes.
 *
 * After ten minutes this can only be a pending vote. If the subject has a ballot, `isBasedOn` compares the revisions. If
 * it has none, the vote may be based on the deletion or on the time before it: only the epoch tells.
 */
function sentBeforeDeletion(seen: VotesBefore, vote: Vote, now: number): CastVotes | null {
  const { note, ballot } = seen
  const { revision, epoch, basedOn } = vote
  if (!note || (now >= note.at + repeatsFor && (!basedOn || ballot))) return null
  if (epoch === note.at) return null
  if (epoch !== undefined) {
    return { ...seen, deletion: { epoch: note.at, sinceDeletion: Math.max(0, now - note.at) } }
  }
  if (revision > note.revision) return null
  return {
    ...seen,
    ballot: { options: ballot?.options ?? [], revision: Math.max(ballot?.revision ?? 0, note.revision) },
  }
}

/**
 * Whether a pending vote was made after the choice in the cloud, which has `revision`. A vote without `basedOn` is a
 * tap made now, so it always was.
 */
const isBasedOn = ({ basedOn }: Vote, revision: number): boolean =>
  basedOn === undefined || basedOn.includes(revision)

/**
 * The number of subjects on which a reader first voted today. `begunUnder` holds the epoch of each of today's ballots.
 * After a deletion, `note.begun` counts all ballots cast before it, including those not removed yet. So only ballots
 * with the note's epoch are added.
 */
export function countBegun(note: DeletionNote | null, begunUnder: readonly number[], today: number): number {
  if (note?.begunDay !== today) return begunUnder.length
  return note.begun + begunUnder.filter(epoch => epoch === note.at).length
}

/**
 * Throws `too-many` if a reader may not vote on one more subject today. It counts ballots instead of requests, so
 * repeats and changed votes do not count, and no shared counter causes conflicts. Concurrent calls may exceed the limit
 * by their number.
 */
function requireMayBegin({ begunUnder, note }: VotesBefore, now: number): void {
  if (countBegun(note, begunUnder, dayOf(now)) < newBallotsADay) return
  throw new AppError('too-many', 'voted on too much today', secondsToMidnight(now))
}

/** Thrown to roll back a transaction that has nothing to change. `votes` is the reply. */
class Settled extends Error {
  constructor(readonly votes: CastVotes) {
    super('nothing to change')
  }
}

/** Thrown to roll back a transaction whose query is older than `commitsWithin`. The next attempt queries again. */
class TooLate extends Error {
  /** The SDK's code for a transaction that ran too long. `withRetry` retries it. */
  readonly code = 'DATABASE_TRANSACTION_FAIL'
}

/**
 * An additional write in the transaction of a vote that counts. A poll stores its form there: its option keys, which
 * must not change after the first answer. `form` is the stored one, or null before the first answer.
 */
type InTransaction = (transaction: Transaction, form: PollForm | null) => Promise<void>

/**
 * Sets what a reader chooses on a subject; empty `options` remove the vote. The ballot has a deterministic id, and its
 * revision only grows. So a repeated request changes nothing, even if it arrives late. One transaction changes ballot
 * and counts. `withRetry` retries it, because the SDK never retries a conflict inside the callback of `runTransaction`.
 *
 * One query reads everything the vote needs. It runs in parallel with the start of the transaction: a first vote makes
 * five requests, but the reader waits only for four in sequence. A repeat rolls back after the query. A first ballot is
 * not read again inside the transaction: if another call was faster, adding it fails and the next attempt sees it. The
 * counts in the reply are those of the query plus this change, so they need no second query.
 *
 * A pending vote, or one that was sent before a deletion, may be refused. Then the reply is the current state.
 *
 * Returns the counts and the caller's ballot. Throws `invalid` for a revision more than a year ahead, `too-many` with
 * `retryAfter`, and `unavailable` when all retries have failed.
 */
export async function castBallot(
  subject: Subject,
  reader: string,
  vote: Vote,
  inTransaction?: InTransaction,
): Promise<CastVotes> {
  const { options, revision } = vote
  const now = Date.now()
  if (revision > now + revisionAheadAtMost) throw new AppError('invalid', 'wish: lies years ahead')
  const id = ballotIdOf(reader, subject)
  const today = dayOf(now)

  /**
   * Runs one attempt. Returns null if the reader's other call committed a newer ballot after the query. Throws
   * `Settled` if there is nothing to change.
   */
  const grant = (reading: Promise<VotesBefore>, begun: number): Promise<CastVotes | null> =>
    db.runTransaction(async transaction => {
      const seen = await reading
      const refused = sentBeforeDeletion(seen, vote, now)
      if (refused) throw new Settled(refused)
      // The cloud holds a newer revision, or this one already: an earlier call committed it, but its reply was lost.
      const held = seen.ballot?.revision ?? 0
      if (held >= revision || !isBasedOn(vote, held)) throw new Settled(seen)
      if (!seen.exists) requireMayBegin(seen, now)
      const before = seen.exists ? await findBallot(transaction, id) : null
      const holds = before?.revision ?? 0
      if (holds >= revision || !isBasedOn(vote, holds)) return null
      await inTransaction?.(transaction, seen.form)
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
        revision,
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
      // Write the shard last. Other readers' votes write it too, so it must be locked for the shortest time.
      if (Object.keys(delta).length > 0) {
        await addToShard(transaction, subject, pickShard(subject), delta, new Date(now))
      }
      if (Date.now() - begun > commitsWithin) throw new TooLate('too long since the query')
      const counted = countedAs(subject, seen.ballot?.options ?? [])
      return {
        counts: countsAfter(seen.counts, counted, countedAs(subject, options)),
        ballot: { options: [...options], revision },
        form: seen.form,
      }
    }, 0)

  return withRetry(
    async () => {
      const begun = Date.now()
      const reading = readBeforeVote(subject, id, reader, new Date(startOfDay(today)))
      // If the transaction fails to start, nothing awaits this promise. An unhandled rejection ends the process.
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
