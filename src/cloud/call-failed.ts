import type { ErrorCode } from '#contract/envelope'

/** Why a call failed, by code; `retryAfter` in seconds where the cloud said when to come back. */
export class CallFailed extends Error {
  readonly code: ErrorCode
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, message: string, retryAfter?: number) {
    super(message)
    this.code = code
    this.retryAfter = retryAfter
  }
}
