import type { PollPlace, PollState } from '#contract/poll'
import { AppError } from '../app-error'
import { BoundedMap } from '../bounded-map'
import type { Caller } from '../caller'
import type { Transaction } from '../cloud'
import { log } from '../log'
import { requirePublished, requirePublishedTopic } from '../require-published'
import { readAgain } from '../retry'
import { listPolls, markAnswered, type Poll } from '../stores/polls'
import { fixForm, type PollForm, readVotes } from '../stores/votes'
import type { CastVotes } from './cast-ballot'
import { ballotIdOf, readersKey, type Subject } from './subject'

export const pollSubject = (pollId: string): Subject => `poll:${pollId}`

const formOf = ({ options, choices }: Poll): PollForm => ({
  options: options.map(({ key }) => key).sort(),
  choices,
})

const sameForm = (a: PollForm, b: PollForm): boolean =>
  a.choices === b.choices && a.options.join() === [...b.options].sort().join()

/** Refuses a row that was changed after readers had answered, because their ballots would then mean something else. */
function requireForm(poll: Poll, fixed: PollForm | null): void {
  if (!fixed || sameForm(formOf(poll), fixed)) return
  const { options, choices } = fixed
  log('error', 'broken-poll', {
    id: poll.id,
    path: 'options',
    problem: `answered already: its keys stay ${options.join(', ')}, its choices ${choices}`,
  })
  throw new AppError('not-found', 'no such poll')
}

/** How long (ms) an instance caches a poll's row. */
const believedFor = 3_000
const known = new BoundedMap<string, { polls: Poll[]; at: number }>(500)

async function pollsAt(place: PollPlace, now: number): Promise<Poll[]> {
  const key = JSON.stringify(place)
  const seen = known.get(key)
  if (seen && now - seen.at < believedFor) return seen.polls
  const polls = await readAgain(() => listPolls(place))
  known.set(key, { polls, at: now })
  return polls
}

/** A poll takes answers from `opensAt` until just before `closesAt`. */
export function phaseOf({ opensAt, closesAt }: Poll, now: number): 'coming' | 'open' | 'closed' {
  if (now < opensAt) return 'coming'
  return now < closesAt ? 'open' : 'closed'
}

/**
 * Chooses one of several polls at one place: the open one, else the one that closed last, else the one that opens
 * first.
 */
export function choosePoll(polls: readonly Poll[], now: number): Poll | undefined {
  const byName = (a: Poll, b: Poll): number => (a.id < b.id ? -1 : 1)
  const [opened] = polls
    .filter(poll => phaseOf(poll, now) !== 'coming')
    .sort((a, b) => b.closesAt - a.closesAt || byName(a, b))
  const [coming] = polls
    .filter(poll => phaseOf(poll, now) === 'coming')
    .sort((a, b) => a.opensAt - b.opensAt || byName(a, b))
  return opened ?? coming
}

/** The poll of a place. Null if there is none, or if readers cannot see its story or topic. */
export async function findPoll(place: PollPlace, now: number): Promise<Poll | null> {
  const poll = choosePoll(await pollsAt(place, now), now)
  if (!poll) return null
  const { articleId, topicId } = poll
  try {
    if (articleId !== undefined) await readAgain(() => requirePublished(articleId))
    if (topicId !== undefined) await readAgain(() => requirePublishedTopic(topicId))
    return poll
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return null
    throw error
  }
}

/** Reads a poll and the caller's answer. Throws as `pollStateOf` does. */
export async function readPollState(poll: Poll, caller: Caller, now: number): Promise<PollState> {
  const subject = pollSubject(poll.id)
  const ballotId = caller.known ? ballotIdOf(await caller.reader(), subject) : null
  const votes = await readAgain(() => readVotes(subject, ballotId))
  return pollStateOf(poll, votes, caller.known, now)
}

/** A poll as a caller sees it. Throws `not-found` if its row was changed after readers had answered. */
export function pollStateOf(
  poll: Poll,
  { counts, ballot, form, deletion }: CastVotes,
  isKnown: boolean,
  now: number,
): PollState {
  requireForm(poll, form)
  const { articleId: _, topicId: __, ...shown } = poll
  const phase = phaseOf(poll, now)
  const canVote = isKnown && phase === 'open'
  const own = ballot?.options ?? []
  const result = {
    counts: Object.fromEntries(poll.options.map(({ key }) => [key, counts[key] ?? 0])),
    readers: counts[readersKey] ?? 0,
  }
  return {
    ...shown,
    closed: phase === 'closed',
    own,
    canVote,
    wish: Math.max(0, ballot?.revision ?? 0),
    ...deletion,
    // A result seen before answering influences the answer; this does not matter for callers who cannot answer.
    result: phase === 'coming' || (canVote && own.length === 0) ? null : result,
  }
}

/** The poll of a place as the caller sees it, or null where there is none to show. */
export async function readPollAt(place: PollPlace, caller: Caller): Promise<PollState | null> {
  const now = Date.now()
  const poll = await findPoll(place, now)
  if (!poll) return null
  try {
    return await readPollState(poll, caller, now)
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return null
    throw error
  }
}

/**
 * The poll's part of an answer's transaction: fixes the poll's form with the first ballot, and throws `not-found` if
 * the row no longer matches the form. A ballot without options chooses nothing, so it does not fix the form.
 */
export function fixFormOf(
  poll: Poll,
  options: readonly string[],
): (transaction: Transaction, fixed: PollForm | null) => Promise<void> {
  return async (transaction, fixed) => {
    if (fixed) {
      requireForm(poll, fixed)
      return
    }
    if (options.length === 0) return
    requireForm(poll, await fixForm(transaction, pollSubject(poll.id), formOf(poll)))
    // This instance's copy may be older than a publication that changed the options.
    const present = await markAnswered(transaction, poll.id)
    if (!present || !sameForm(formOf(present), formOf(poll))) {
      known.clear()
      throw new AppError('not-found', 'the poll has just changed')
    }
  }
}
