import * as v from 'valibot'
import { endpoint } from './endpoint'

/**
 * Removes the caller's ballots, on moods and polls; the counts follow. A call removes as many as it has time for: call
 * again until `done`. Repeating it is harmless. Errors: `unauthenticated` without an OPENID, `unavailable`.
 */
export const forgetReader = endpoint('reactions/forgetReader', {
  input: v.object({}),
  output: v.object({
    done: v.boolean(),
    /** Ballots this call removed. */
    removed: v.pipe(v.number(), v.integer(), v.minValue(0)),
  }),
})
