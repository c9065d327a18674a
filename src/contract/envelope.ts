import * as v from 'valibot'

/**
 * The format of all calls and replies, and their error codes. Pages choose the text for readers by the code
 * (`cloud/words.ts`), never by the message, which is for developers.
 *
 * | code | what it means | what the client does |
 * | --- | --- | --- |
 * | `invalid` | the input does not match the contract: a bug in the client, or a forged call | tells the reader; never retries |
 * | `unauthenticated` | the call needs an OPENID, but the platform gave none (readers in Moments, web visitors) | says where the reader can vote; drops the vote |
 * | `forbidden` | the caller has no permission | tells the reader; never retries |
 * | `not-found` | what the call asks for does not exist, or was withdrawn | removes the cached copy, offers other pages |
 * | `conflict` | the current state does not allow the call, for example the poll is closed | reads the state again and shows it |
 * | `too-many` | the reader has reached a limit; the next call is allowed after `retryAfter` seconds | keeps a vote pending, says when to try again |
 * | `unavailable` | there is no network, the cloud is busy, or it did not reply in time; may have `retryAfter` | shows the cached copy, keeps a vote pending, retries when the network is back or after `retryAfter` |
 * | `internal` | an unexpected error, logged with the request id, or a reply that does not match the contract | tells the reader and offers a retry |
 *
 * After `unavailable` or `internal`, the cloud may still have executed the call, so every endpoint must be idempotent.
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
  // A newer version of the cloud may send a code that this client does not know. The client treats it as `internal`.
  code: v.fallback(v.picklist(errorCodes), 'internal'),
  message: v.string(),
  retryAfter: v.optional(v.pipe(v.number(), v.minValue(0))),
})

/** The reply of every function. After a failure, a function returns `ok: false`; it never throws to the client. */
export const Reply = v.variant('ok', [
  v.object({ ok: v.literal(true), data: v.unknown() }),
  v.object({ ok: v.literal(false), error: WireError }),
])

export type Reply = v.InferOutput<typeof Reply>
export type WireError = v.InferOutput<typeof WireError>
