/** What the SDK's failures look like (measured with wx-server-sdk 4.0.2). */

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
 * What a commit's error says when its transaction does not exist any more (it ran longer than 30 s, or the gateway
 * restarted) or lost a conflict. The SDK passes on node-sdk's message, without an errCode.
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
 * Whether running a transaction again can help: after a conflict or a timeout inside it (-501001), a race of two
 * inserts (-502001), a commit whose transaction does not exist any more, or a lost reply, which arrives as a network
 * error without errCode.
 */
export function isTransient(error: unknown): boolean {
  const { errCode, code } = fieldsOf(error)
  if (errCode === conflictOrTimeout || errCode === duplicateKey) return true
  return typeof code === 'string' && (networkCodes.has(code) || lostTransactions.has(code))
}
