import { type MoodState, moodKeys } from '#contract/mood'
import type { Caller } from '../caller'
import { readAgain } from '../retry'
import { readVotes } from '../stores/votes'
import type { CastVotes } from './cast-ballot'
import { ballotIdOf, type Subject } from './subject'

/** The subject of a story's mood vote; polls have subjects of their own. */
export const moodSubject = (articleId: string): Subject => `mood:${articleId}`

/** A story's moods as a caller sees them. Every mood has its count, 0 included. */
export function moodStateOf({ counts, ballot, deletion }: CastVotes, canVote: boolean): MoodState {
  return {
    counts: { ...Object.fromEntries(moodKeys.map(mood => [mood, 0])), ...counts },
    own: ballot?.options[0] ?? null,
    canVote,
    wish: Math.max(0, ballot?.revision ?? 0),
    ...deletion,
  }
}

/** Reads a story's moods, and the caller's own. */
export async function readMood(subject: Subject, caller: Caller): Promise<MoodState> {
  const ballotId = caller.known ? ballotIdOf(await caller.reader(), subject) : null
  return moodStateOf(await readAgain(() => readVotes(subject, ballotId)), caller.known)
}
