import * as v from 'valibot'

const Whole = v.pipe(v.number(), v.integer(), v.minValue(0))

/**
 * The revision of a reader's choice on one subject (a story's mood or a poll). On the wire it is called `wish`. It is
 * the phone's clock in milliseconds, but always higher than the last revision known. So it only grows on one phone, and
 * the cloud can drop a late repeat of an older choice.
 */
export const Revision = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER))

/** When the reader last deleted all votes (ms, the cloud's clock). 0: never, as far as the phone knows. */
export const Epoch = Whole

/** What every request that casts a vote contains in addition to the choice. */
export const voteInput = {
  wish: Revision,
  /**
   * Only with a vote that waited on the phone: the revisions on which the choice is based. They are the confirmed one
   * (0 without a ballot), and this phone's revisions whose reply was lost. If the cloud holds another revision, the
   * reader has changed the choice on another phone: the vote changes nothing, and the reply is the current state.
   */
  basedOn: v.optional(v.pipe(v.array(Whole), v.minLength(1), v.maxLength(8))),
  /**
   * The last deletion that the phone knew of when it sent the vote. For ten minutes after a deletion, a vote with
   * another epoch changes nothing, and the reply contains the current epoch. For eight days the same holds for a vote
   * that waited on the phone and is the first on its subject. For older clients, which send no epoch, the cloud
   * compares the vote with the deleted revisions.
   */
  epoch: v.optional(Epoch),
}

/** What the state of every subject tells a reader. */
export const voteState = {
  /** Whether this caller may vote now. False if the platform gives no identity (Moments, web guests). */
  canVote: v.boolean(),
  /** The revision that the cloud holds for this reader, 0 before the first. A new phone starts above it. */
  wish: Whole,
  /** Only in the reply to a vote refused because of a deletion: the current epoch. */
  epoch: v.optional(Epoch),
  /**
   * With `epoch`: how long ago that deletion began (ms). A tap that is older was on its way during the deletion, so the
   * phone must not send it again.
   */
  sinceDeletion: v.optional(Whole),
}
