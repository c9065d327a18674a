import * as v from 'valibot'
import { Picture } from './article'
import { endpoint } from './endpoint'
import { ArticleId, Instant, TopicId } from './ids'
import { voteInput, voteState } from './vote'

/** A poll's id is its row's: the console's own, or one an editor typed. */
export const PollId = v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{1,40}$/))

/**
 * An option's key: what ballots hold. It never changes once somebody has answered; its label may. Counts travel keyed by
 * it, and `v.record` drops these two names.
 */
export const OptionKey = v.pipe(v.string(), v.regex(/^(?!(?:constructor|prototype)$)[a-z0-9-]{1,24}$/))

export const pollOptionsAtLeast = 2
export const pollOptionsAtMost = 8

export const PollOption = v.object({
  key: OptionKey,
  label: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(60)),
  picture: v.optional(Picture),
})
export type PollOption = v.InferOutput<typeof PollOption>

const Count = v.pipe(v.number(), v.integer(), v.minValue(0))

/** What readers answered: by option, and how many readers did. With several choices the counts add up to more. */
export const PollResult = v.object({ counts: v.record(v.string(), Count), readers: Count })
export type PollResult = v.InferOutput<typeof PollResult>

/** A poll as one reader sees it. */
export const PollState = v.object({
  id: PollId,
  question: v.string(),
  options: v.array(PollOption),
  choices: v.picklist(['one', 'several']),
  opensAt: Instant,
  closesAt: Instant,
  closed: v.boolean(),
  /** Keys the caller chose; empty before answering. */
  own: v.array(v.string()),
  /** `canVote`: from `opensAt` until it is `closed`, for callers the cloud knows. */
  ...voteState,
  /** Null before it opens, and while the caller could answer and has not; Moments readers, who cannot, see it. */
  result: v.nullable(PollResult),
})
export type PollState = v.InferOutput<typeof PollState>

/** The poll itself, or the one attached to a story or a topic. */
export const PollPlace = v.union([
  v.object({ pollId: PollId }),
  v.object({ articleId: ArticleId }),
  v.object({ topicId: TopicId }),
])
export type PollPlace = v.InferOutput<typeof PollPlace>

/**
 * Reads 云投 as the caller sees it; of several at a place the open one, else the last one, else the next one. `poll` is
 * null where there is none: not attached, its story withdrawn, or its row broken. Errors: `invalid`.
 */
export const readPoll = endpoint('reactions/readPoll', {
  input: PollPlace,
  output: v.object({ poll: v.nullable(PollState) }),
})

/**
 * Sets the caller's answer: one key, or several where the poll allows it; no key takes the answer back. A state, not
 * an event: repeating a call changes nothing. Errors: `invalid` for keys the poll does not have, `unauthenticated`
 * without an OPENID, `not-found`, `conflict` before it opens and after it closed, `too-many` with retryAfter,
 * `unavailable`.
 */
export const answerPoll = endpoint('reactions/answerPoll', {
  input: v.object({
    pollId: PollId,
    options: v.pipe(
      v.array(OptionKey),
      v.maxLength(pollOptionsAtMost),
      v.check(keys => new Set(keys).size === keys.length, 'the same option twice'),
    ),
    ...voteInput,
  }),
  output: PollState,
})
