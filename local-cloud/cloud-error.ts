/**
 * An error the local cloud answers with, as the real gateway does: HTTP 200 and `{ code, message, requestId }`.
 * `code` is the gateway's string (for example `DATABASE_COLLECTION_NOT_EXIST`); the SDK maps it to a number
 * such as -502005 before the function sees it.
 */
export class CloudError extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'CloudError'
    this.code = code
  }
}
