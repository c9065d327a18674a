import { setTimeout as wait } from 'node:timers/promises'
import { dayOf, startOfDay } from '../beijing-time'
import { db } from '../cloud'
import { hashOf } from '../hash'
import { readAgain, withRetry } from '../retry'
import {
  addToShard,
  type DeletionNote,
  findBallot,
  listBallotsBefore,
  listExpiredNotes,
  raiseNote,
  readBegun,
  removeBallot,
  removeNote,
  writeNote,
} from '../stores/votes'
import { deltaOf } from './ballot-change'
import { commitsWithin, countBegun, noteExistsFor, repeatsFor } from './cast-ballot'
import { pickShard, widen } from './shard-spread'
import { countedAs, isRanked } from './subject'

/** Ballots looked up at once, and how many of them are removed side by side. */
const batch = 100
const lanes = 4
/** How long one request may take (ms): the timeout that cloud.ts gives the SDK. */
const requestTimeout = 1_500
/** This long (ms) after the note was written, a vote whose query did not see the note can no longer commit. */
const settlesAfter = commitsWithin + requestTimeout + 500
/** A call without `continues` may be the repeat of one that began a deletion at most this long ago (ms). */
const repeatedWithin = 30_000

/** How a call refers to an earlier deletion: see `forgetReader` in `contract/reader.ts`. */
interface Earlier {
  continues?: number | undefined
  after?: number | undefined
}

/**
 * Removes one ballot and subtracts what it counted, in one transaction, unless it was cast under that deletion's epoch.
 */
async function removeOne(id: string, subject: string, epoch: number): Promise<boolean> {
  const now = Date.now()
  return withRetry(
    () =>
      db.runTransaction(async transaction => {
        const ballot = await findBallot(transaction, id)
        if (ballot && ballot.epoch >= epoch) return false
        // Also when there is nothing to subtract: broken rows must be removed too.
        await removeBallot(transaction, id)
        if (!ballot) return true
        const delta = deltaOf(
          { options: countedAs(subject, ballot.options), castAt: ballot.castAt.getTime() },
          null,
          now,
          isRanked(subject),
        )
        if (Object.keys(delta).length === 0) return true
        await addToShard(transaction, subject, pickShard(subject), delta, new Date(now))
        return true
      }, 0),
    { attempts: 12, budget: 4_000, onRetry: () => widen(subject) },
  )
}

/** Removes ballots concurrently until the deadline. Returns how many. */
async function removeAll(
  ballots: readonly { id: string; subject: string }[],
  epoch: number,
  deadline: number,
): Promise<number> {
  const left = [...ballots]
  let removed = 0
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next && Date.now() < deadline; next = left.shift()) {
      if (await removeOne(next.id, next.subject, epoch)) removed++
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return removed
}

/**
 * Returns the note of the deletion that a call continues, or writes a new one. `writtenAt` is a time (ms) by which it was
 * certainly written. The note also counts the reader's first votes of the day, so a deletion does not reset the limit.
 */
async function noteOf(
  id: string,
  reader: string,
  { continues, after = 0 }: Earlier,
): Promise<{ note: DeletionNote; writtenAt: number }> {
  const now = Date.now()
  const today = dayOf(now)
  const { begunUnder, note: last } = await readAgain(() => readBegun(reader, new Date(startOfDay(today))))
  const goesOn =
    last !== null &&
    (continues === undefined
      ? after < last.at && now - last.at < repeatedWithin
      : continues <= last.at && now - last.at < repeatsFor)
  if (goesOn) return { note: last, writtenAt: last.at + requestTimeout }
  const note = {
    at: Math.max(now, (last?.at ?? 0) + 1),
    revision: last?.revision ?? 0,
    begun: countBegun(last, begunUnder, today),
    begunDay: today,
  }
  const expires = new Date(now + noteExistsFor)
  await writeNote(id, reader, note, expires)
  return { note, writtenAt: Date.now() }
}

/**
 * Removes a reader's ballots until none is left or the deadline (ms since 1970) is reached. It first writes a note. For
 * ten minutes, votes that were sent before it do not count; votes cast since carry its epoch and stay.
 *
 * A vote whose query did not see the note may still commit, for `commitsWithin` plus the time of a request. So the
 * deletion is done only when a listing after that time finds no ballot. A call with `continues` continues it.
 *
 * Throws `unavailable` when the retries of a removal are used up; what was removed stays removed.
 */
export async function forgetBallots(
  reader: string,
  deadline: number,
  earlier: Earlier = {},
): Promise<{ done: boolean; removed: number; epoch: number }> {
  const id = hashOf('forgotten', reader)
  const { note, writtenAt } = await noteOf(id, reader, earlier)
  const epoch = note.at
  const settled = writtenAt + settlesAfter
  let highest = note.revision
  let removed = 0
  for (;;) {
    const begun = Date.now()
    const ballots = await listBallotsBefore(reader, epoch, batch)
    if (ballots.length === 0) {
      if (begun >= settled) return { done: true, removed, epoch }
      await wait(settled - begun)
      continue
    }
    const newest = Math.max(...ballots.map(({ revision }) => revision))
    if (newest > highest) {
      await raiseNote(id, newest)
      highest = newest
    }
    removed += await removeAll(ballots, epoch, deadline)
    if (Date.now() >= deadline) return { done: false, removed, epoch }
  }
}

/**
 * Removes expired notes. Before each note, it removes the ballots that its deletion missed: an instance that was frozen
 * just before the commit may commit a vote much later. Stops at the deadline; the next call continues.
 */
export async function pruneNotes(now: number, deadline: number): Promise<void> {
  for (const { id, reader, at } of await listExpiredNotes(new Date(now), batch)) {
    for (;;) {
      if (Date.now() >= deadline) return
      const ballots = await listBallotsBefore(reader, at, batch, new Date(at + repeatsFor))
      if (ballots.length === 0 || (await removeAll(ballots, at, deadline)) === 0) break
    }
    await removeNote(id, at)
  }
}
