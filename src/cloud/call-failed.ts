import type { ErrorCode } from '#contract/envelope'

/** A failed call, with its error code; `retryAfter` in seconds if the cloud gave one. */
export class CallFailed extends Error {
  readonly code: ErrorCode
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, message: string, retryAfter?: number) {
    super(message)
    this.code = code
    this.retryAfter = retryAfter
  }
}
