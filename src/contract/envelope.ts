import * as v from 'valibot'

/**
 * Every way a call can fail. Pages choose their words by code (`cloud/words.ts`), never by message.
 *
 * | code | what it means | what the client does |
 * | --- | --- | --- |
 * | `invalid` | the input does not fit the contract; a mistake in the client, or a forged call | says so; never repeats it |
 * | `unauthenticated` | the platform gave no OPENID (Moments, a web guest), and this needs one | says where to take part; drops a vote |
 * | `forbidden` | this caller may not do this | says so; never repeats it |
 * | `not-found` | there is no such thing, or it was withdrawn | removes the cached copy, offers ways on |
 * | `conflict` | the state forbids it, as a poll that has closed | reads the state again and shows it |
 * | `too-many` | a limit of this reader is used up; `retryAfter` seconds until it is not | keeps a vote pending, says when |
 * | `unavailable` | the cloud was not reached, is busy or gave no reply in time; may have `retryAfter` | shows the cached copy, keeps a vote pending, asks again when the network is back or after `retryAfter` |
 * | `internal` | something unexpected, logged under its request id, or a reply that does not fit the contract | says so and offers to try again |
 *
 * After `unavailable` and `internal` the call may have taken effect all the same, so repeating it must be harmless.
 */
export const errorCodes = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
  'too-many',
  'unavailable',
  'internal',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** What a page sends to a function: which endpoint, and its input. Anything else in the event is dropped unread. */
export const Request = v.object({
  action: v.pipe(v.string(), v.maxLength(64)),
  data: v.optional(v.unknown()),
})

/** An error on the wire. `retryAfter` is in seconds and comes with `too-many` and `unavailable`. */
export const WireError = v.object({
  // A newer cloud may send a code that this client does not know: treat it as `internal`, not as a broken reply.
  code: v.fallback(v.picklist(errorCodes), 'internal'),
  message: v.string(),
  retryAfter: v.optional(v.pipe(v.number(), v.minValue(0))),
})

/** The reply of every function. Nothing is thrown across the wire. */
export const Reply = v.variant('ok', [
  v.object({ ok: v.literal(true), data: v.unknown() }),
  v.object({ ok: v.literal(false), error: WireError }),
])

export type Reply = v.InferOutput<typeof Reply>
export type WireError = v.InferOutput<typeof WireError>
