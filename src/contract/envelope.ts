import * as v from 'valibot'

/**
 * All error codes of a call. Pages choose the text for readers by code (`cloud/words.ts`), never by message.
 *
 * | code | what it means | what the client does |
 * | --- | --- | --- |
 * | `invalid` | the input does not fit the contract: a bug in the client, or a forged call | tells the reader; never retries |
 * | `unauthenticated` | the platform gave no OPENID (Moments, a web guest), and this call needs one | says where the reader can take part; drops a vote |
 * | `forbidden` | this caller may not do this | tells the reader; never retries |
 * | `not-found` | it does not exist, or was withdrawn | removes the cached copy, offers other pages |
 * | `conflict` | the current state forbids it, for example a closed poll | reads the state again and shows it |
 * | `too-many` | the reader reached a limit, which ends after `retryAfter` seconds | keeps a vote pending, says when to come back |
 * | `unavailable` | the cloud was not reached, is busy or gave no reply in time; may have `retryAfter` | shows the cached copy, keeps a vote pending, retries when the network is back or after `retryAfter` |
 * | `internal` | something unexpected, logged under its request id, or a reply that does not fit the contract | tells the reader and offers a retry |
 *
 * After `unavailable` and `internal` the call may have taken effect anyway, so every endpoint must be idempotent.
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

/** A call from a page to a function: the endpoint and its input. The function ignores everything else in the event. */
export const Request = v.object({
  action: v.pipe(v.string(), v.maxLength(64)),
  data: v.optional(v.unknown()),
})

/** An error in a reply. `retryAfter` (s) is present with `too-many` and sometimes with `unavailable`. */
export const WireError = v.object({
  // A newer cloud may send a code that this client does not know: treat it as `internal`, not as a broken reply.
  code: v.fallback(v.picklist(errorCodes), 'internal'),
  message: v.string(),
  retryAfter: v.optional(v.pipe(v.number(), v.minValue(0))),
})

/** The reply of every function. Functions reply with an error; they never throw to the client. */
export const Reply = v.variant('ok', [
  v.object({ ok: v.literal(true), data: v.unknown() }),
  v.object({ ok: v.literal(false), error: WireError }),
])

export type Reply = v.InferOutput<typeof Reply>
export type WireError = v.InferOutput<typeof WireError>
