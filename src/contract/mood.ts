import * as v from 'valibot'
import { endpoint } from './endpoint'
import { ArticleId } from './ids'

/** The four moods of 您此时的心情. Adding one is adding a line here (and its face to features/moods/faces.ts). */
export const moods = { happy: '开心', sad: '难过', like: '点赞', pass: '飘过' } as const

export type Mood = keyof typeof moods

export const moodKeys = Object.keys(moods) as Mood[]

export const Mood = v.picklist(moodKeys)

/** Counts keyed by mood. Strings, not Mood: an older client survives a newer mood. */
export const MoodCounts = v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(0)))
export type MoodCounts = v.InferOutput<typeof MoodCounts>

/**
 * The number of a reader's wish for one story. It only grows on one phone, so the cloud can drop a late repeat of an
 * older wish. Milliseconds since 1970 serve, made strictly increasing (see cloud/next-wish.ts).
 */
export const Wish = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER))

/** A story's mood as one reader sees it. `own` is null without a vote and for readers the cloud does not know. */
export const MoodState = v.object({
  counts: MoodCounts,
  own: v.nullable(v.string()),
  /** Whether this caller may vote: false where the platform gives no identity (Moments, web guests). */
  canVote: v.boolean(),
  /** The wish the cloud holds for this reader, 0 before the first: a new phone starts above it. */
  wish: v.pipe(v.number(), v.integer(), v.minValue(0)),
})
export type MoodState = v.InferOutput<typeof MoodState>

/**
 * Sets, changes or (null) takes back the caller's mood on a story. A state, not an event: repeating a call changes
 * nothing. Errors: `unauthenticated` without an OPENID, `not-found`, `too-many` with retryAfter, `unavailable`.
 */
export const setMood = endpoint('reactions/setMood', {
  input: v.object({ articleId: ArticleId, mood: v.nullable(Mood), wish: Wish }),
  output: MoodState,
})
