import * as v from 'valibot'

const Whole = v.pipe(v.number(), v.integer(), v.minValue(0))

/**
 * The revision of a reader's choice on one subject, a story's mood or a poll. On the wire it is called `wish`. It only
 * grows on one phone, so the cloud can drop a late repeat of an older choice: the phone's clock in milliseconds, but
 * always above the last revision known.
 */
export const Wish = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER))

/** When a reader had every vote deleted (ms, the cloud's clock); 0: never, as far as the phone knows. */
export const Epoch = Whole

/** What every request that casts a vote carries beside the choice. */
export const voteInput = {
  wish: Wish,
  /**
   * With a vote that waited on the phone: the revisions after which the choice was made. They are the confirmed one (0
   * without a ballot) and the phone's own whose reply was lost. If the cloud holds another revision, the choice was
   * changed elsewhere since: the vote changes nothing, and the reply is the present state.
   */
  basedOn: v.optional(v.pipe(v.array(Whole), v.minLength(1), v.maxLength(8))),
  /**
   * The deletion after which the choice was made. For ten minutes after a deletion a vote of another epoch changes
   * nothing, and the reply names the epoch. Clients from before this field are held against the deleted revisions.
   */
  epoch: v.optional(Epoch),
}

/** What every state that can be voted on says to one reader. */
export const voteState = {
  /** Whether this caller may vote now: false where the platform gives no identity (Moments, web guests). */
  canVote: v.boolean(),
  /** The revision the cloud holds for this reader, 0 before the first: a new phone starts above it. */
  wish: Whole,
  /** Only in the reply to a vote that was not granted because of a deletion: the epoch that counts. */
  epoch: v.optional(Epoch),
}
