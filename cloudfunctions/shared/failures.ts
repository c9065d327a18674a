/** How the SDK's failures look (measured against wx-server-sdk 4.0.2). */

interface SdkFailure {
  errCode?: unknown
  code?: unknown
}

const conflictOrTimeout = -501001
const duplicateKey = -502001
const missingCollection = -502005

const networkCodes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'EAI_AGAIN',
  'ENOTFOUND',
])

/**
 * How a commit says that its transaction is gone (it ran over its 30 s, or the gateway was started again) or lost a
 * conflict. The SDK hands these through as node-sdk's words, without an errCode.
 */
const lostTransactions = new Set(['DATABASE_TRANSACTION_FAIL', 'DATABASE_TRANSACTION_CONFLICT'])

function fieldsOf(error: unknown): SdkFailure {
  return typeof error === 'object' && error !== null ? error : {}
}

export function isDuplicate(error: unknown): boolean {
  return fieldsOf(error).errCode === duplicateKey
}

export function isMissingCollection(error: unknown): boolean {
  return fieldsOf(error).errCode === missingCollection
}

/**
 * Whether running a transaction again can help: a conflict or a timeout inside it (-501001), the race of two inserts
 * (-502001), a commit whose transaction is gone, or a reply lost on the way, which comes as a network error without
 * errCode.
 */
export function isTransient(error: unknown): boolean {
  const { errCode, code } = fieldsOf(error)
  if (errCode === conflictOrTimeout || errCode === duplicateKey) return true
  return typeof code === 'string' && (networkCodes.has(code) || lostTransactions.has(code))
}
