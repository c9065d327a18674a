import * as v from 'valibot'
import { endpoint } from './endpoint'
import { Epoch } from './vote'

/**
 * Removes the caller's ballots on moods and polls, and updates the counts. One call removes as many as its time allows:
 * call again with `continues` until `done`. `done` waits until no vote sent before the deletion can still arrive, about
 * five seconds after the deletion began. Idempotent. Errors: `unauthenticated` without an OPENID, `unavailable`.
 */
export const forgetReader = endpoint('reactions/forgetReader', {
  input: v.object({
    /** The `epoch` of the last reply: continues that deletion and leaves later votes alone. */
    continues: v.optional(Epoch),
    /**
     * Without `continues`: the last epoch that the phone knows. It lets the cloud tell a repeated call, which continues
     * the last deletion, from another deletion, which also removes the votes cast since the last one.
     */
    after: v.optional(Epoch),
  }),
  output: v.object({
    done: v.boolean(),
    /** Number of ballots that this call removed. */
    removed: v.pipe(v.number(), v.integer(), v.minValue(0)),
    /** The epoch of the deletion; later votes must carry it. */
    epoch: v.optional(Epoch),
  }),
})
