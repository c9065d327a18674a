import type { ErrorCode } from '#contract/envelope'

/**
 * A failure we expect and the caller may know about. The message is for developers and logs; readers' words are chosen
 * by code on the phone. `retryAfter` is in seconds.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, message: string, retryAfter?: number) {
    super(message)
    this.name = 'AppError'
    this.code = code
    this.retryAfter = retryAfter
  }
}
