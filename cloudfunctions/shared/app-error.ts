import type { ErrorCode } from '#contract/envelope'

/**
 * An expected failure, which is sent to the caller. The message is for developers and logs; the client chooses the
 * words for readers by `code`. `retryAfter` is in seconds.
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
