import { hashOf } from '../hash'

/** The subject of a ballot: a story's mood, which is ranked by time, or a poll, which has totals only. */
export type Subject = `mood:${string}` | `poll:${string}`

const moodPrefix = 'mood:'

/** Whether votes on a subject are also counted by hour and by day. */
export const isRanked = (subject: string): boolean => subject.startsWith(moodPrefix)

/** The story a mood subject belongs to, or null. */
export const storyOf = (subject: string): string | null =>
  isRanked(subject) ? subject.slice(moodPrefix.length) : null

/** The id of a reader's ballot on a subject: the same at every vote, so that a repeat finds it. */
export const ballotIdOf = (reader: string, subject: string): string => hashOf('ballot', reader, subject)

/**
 * The name under which a poll counts readers beside options, because one answer may have several options. No option has
 * this key.
 */
export const readersKey = '_'

/** The names a ballot's options are counted under. */
export function countedAs(subject: string, options: readonly string[]): string[] {
  return isRanked(subject) || options.length === 0 ? [...options] : [...options, readersKey]
}
