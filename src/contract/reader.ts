import * as v from 'valibot'
import { endpoint } from './endpoint'
import { Epoch } from './vote'

/**
 * Removes the caller's ballots, on moods and polls; the counts follow. A call removes as many as it has time for: call
 * again, with `continues`, until `done`. It is done when no vote sent before the deletion can still arrive, about five
 * seconds after it began. Repeating it is harmless. Errors: `unauthenticated` without an OPENID, `unavailable`.
 */
export const forgetReader = endpoint('reactions/forgetReader', {
  input: v.object({
    /** The `epoch` of the last reply: the call goes on with that deletion and leaves later votes alone. */
    continues: v.optional(Epoch),
  }),
  output: v.object({
    done: v.boolean(),
    /** Ballots this call removed. */
    removed: v.pipe(v.number(), v.integer(), v.minValue(0)),
    /** The deletion's epoch: what votes carry from now on. */
    epoch: v.optional(Epoch),
  }),
})
