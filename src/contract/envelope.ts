import * as v from 'valibot'

/** Every way a call can fail, and no other: screens choose their words by code, never by message. */
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
  // A newer cloud may know a code this client does not: it is drawn as `internal`, not as a broken reply.
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
