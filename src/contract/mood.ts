import * as v from 'valibot'
import { endpoint } from './endpoint'
import { ArticleId } from './ids'
import { voteInput, voteState } from './vote'

/** The four moods of 您此时的心情. To add one, add a line here and its face in features/moods/MoodVote.scss. */
export const moods = { happy: '开心', sad: '难过', like: '点赞', pass: '飘过' } as const

export type Mood = keyof typeof moods

export const moodKeys = Object.keys(moods) as Mood[]

export const Mood = v.picklist(moodKeys)

/** Counts by mood. Keys are strings, not Mood, so that an older client accepts a newer mood. */
export const MoodCounts = v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(0)))
export type MoodCounts = v.InferOutput<typeof MoodCounts>

/**
 * The moods of a story as seen by one reader. `own` is null without a vote and if the platform does not identify the
 * reader.
 */
export const MoodState = v.object({
  counts: MoodCounts,
  own: v.nullable(v.string()),
  ...voteState,
})
export type MoodState = v.InferOutput<typeof MoodState>

/**
 * Sets, changes or (null) takes back the caller's mood on a story. Idempotent: repeating a call changes nothing.
 * Errors: `unauthenticated` without an OPENID, `not-found`, `too-many` with retryAfter, `unavailable`.
 */
export const setMood = endpoint('reactions/setMood', {
  input: v.object({ articleId: ArticleId, mood: v.nullable(Mood), ...voteInput }),
  output: MoodState,
})
