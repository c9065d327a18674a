import { AppError } from '../app-error'
import { dayOf, secondsToMidnight, startOfDay } from '../beijing-time'
import { db, type Transaction } from '../cloud'
import { withRetry } from '../retry'
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
import { pickShard, widen } from './shard-spread'
import { ballotIdOf, countedAs, isRanked, type Subject } from './subject'

/** Limit of changes of one ballot in a Beijing day; no ordinary reader reaches it. */
const changesADay = 50
/** Limit of subjects that a reader may start voting on in a Beijing day; no ordinary reader reaches it. */
export const newBallotsADay = 300

/** A revision this far ahead of the cloud's clock comes from a broken phone or a forged call. */
const revisionAheadAtMost = 366 * 86_400_000

/** How long (ms) after a deletion a vote that was sent before it may still arrive. */
export const repeatsFor = 10 * 60_000

/**
 * An attempt may commit at most this long (ms) after its query began. A deletion that the query did not see waits for
 * this time (see forget.ts).
 */
export const commitsWithin = 3_000

/** A reader's choice as it arrives: see `voteInput` of the contract. */
export interface Vote {
  options: readonly string[]
  revision: number
  basedOn?: readonly number[] | undefined
  epoch?: number | undefined
}

/** The counts and the caller's ballot; `epoch` is set if the vote was not counted because of a deletion. */
export interface CastVotes extends SubjectVotes {
  epoch?: number
}

/**
 * The reply to a vote that was sent before the reader's deletion, or null. A client that sends no epoch learns the
 * revision it must exceed; otherwise all its votes would be ignored until the note is ten minutes old.
 */
function sentBeforeDeletion(seen: VotesBefore, { revision, epoch }: Vote, now: number): CastVotes | null {
  const { note, ballot } = seen
  if (!note || now >= note.at + repeatsFor) return null
  if (epoch !== undefined) return epoch === note.at ? null : { ...seen, epoch: note.at }
  if (revision > note.revision) return null
  return {
    ...seen,
    ballot: { options: ballot?.options ?? [], revision: Math.max(ballot?.revision ?? 0, note.revision) },
  }
}

/** Whether a vote that waited was made after the choice in the cloud. A vote made now always was. */
const isBasedOn = ({ basedOn }: Vote, revision: number): boolean =>
  basedOn === undefined || basedOn.includes(revision)

/**
 * The number of subjects on which a reader first voted today. The note's count contains those of removed ballots.
 * Ballots under an older epoch are in it too, so they are not counted a second time.
 */
export function countBegun(note: DeletionNote | null, begunUnder: readonly number[], today: number): number {
  if (note?.begunDay !== today) return begunUnder.length
  return note.begun + begunUnder.filter(epoch => epoch === note.at).length
}

/**
 * Checks that a reader may start voting on one more subject. The limit counts the ballots themselves, so repeats and
 * changed votes cost nothing, and no counter causes conflicts. Concurrent calls may exceed the limit by their number.
 */
function requireMayBegin({ begunUnder, note }: VotesBefore, now: number): void {
  if (countBegun(note, begunUnder, dayOf(now)) < newBallotsADay) return
  throw new AppError('too-many', 'voted on too much today', secondsToMidnight(now))
}

/** Leaves a transaction that has nothing to change; the reply is what was read. */
class Settled extends Error {
  constructor(readonly votes: CastVotes) {
    super('nothing to change')
  }
}

/** Leaves a transaction whose query is too old for a commit; the next attempt queries again. */
class TooLate extends Error {
  /** The SDK's code for a transaction that ran too long, so that it is retried. */
  readonly code = 'DATABASE_TRANSACTION_FAIL'
}

/** A write inside the transaction of a vote that counts; `form` is the poll's form if it is already fixed. */
type Alongside = (transaction: Transaction, form: Form | null) => Promise<void>

/**
 * Sets what a reader chooses on a subject (no options: nothing). The ballot is a state under a deterministic id, with a
 * revision that only grows, so a repeat, even a late one, changes nothing. The ballot and the counts change in one
 * transaction. We retry it ourselves, because the SDK never retries a conflict inside its callback.
 *
 * One query reads everything that is needed. It is sent together with the start of the transaction, so a reader waits
 * for four requests and not five. A repeat ends after the query. A first ballot is not read again inside the
 * transaction, because adding it fails if another call was faster. The reply is the counts of the query plus the
 * committed change. So a first vote costs five requests.
 *
 * A vote that waited, or that was sent before a deletion, may be refused: the reply is then the present state.
 *
 * Returns the counts and the caller's ballot. Throws `invalid` for a revision years ahead, `too-many` with retryAfter,
 * `unavailable` when the retries are used up.
 */
export async function castBallot(
  subject: Subject,
  reader: string,
  vote: Vote,
  alongside?: Alongside,
): Promise<CastVotes> {
  const { options, revision } = vote
  const now = Date.now()
  if (revision > now + revisionAheadAtMost) throw new AppError('invalid', 'wish: lies years ahead')
  const id = ballotIdOf(reader, subject)
  const today = dayOf(now)

  /** Null if another vote was committed between the query and the transaction. Throws `Settled`. */
  const grant = (reading: Promise<VotesBefore>, begun: number): Promise<CastVotes | null> =>
    db.runTransaction(async transaction => {
      const seen = await reading
      const refused = sentBeforeDeletion(seen, vote, now)
      if (refused) throw new Settled(refused)
      // A newer revision was committed, or this one, by a call whose reply was lost.
      const held = seen.ballot?.revision ?? 0
      if (held >= revision || !isBasedOn(vote, held)) throw new Settled(seen)
      if (!seen.exists) requireMayBegin(seen, now)
      const before = seen.exists ? await findBallot(transaction, id) : null
      const holds = before?.revision ?? 0
      if (holds >= revision || !isBasedOn(vote, holds)) return null
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
      // The shard last: it is shared with other readers, so it is locked shortest.
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
      // If the transaction fails to start, nothing awaits this promise; its rejection must not stay unhandled.
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
