import { CloudError } from '../cloud-error'

/*
 * Error codes and texts of the real gateway. wx-server-sdk 4 turns the code into a number (`TCB_ERR_CODE` in its
 * source: DATABASE_REQUEST_FAILED is -502001, INVALID_PARAM -501007, every unknown code -501001). node-sdk passes the
 * code on unchanged.
 */

const CONTACT = 'Please check your request, but if the problem cannot be solved, contact us.'
const PERSISTS = 'Please check your request, but if the problem persists, contact us.'

/** The request itself is malformed: a missing field, invalid EJSON, a value outside its range. */
export function invalidParam(message: string): CloudError {
  return new CloudError('INVALID_PARAM', `[InvalidParameter] ${message}`)
}

/** MongoDB refused the operation. `codeName` is MongoDB's own, for example `BadValue` or `TypeMismatch`. */
export function requestFailed(codeName: string, message: string): CloudError {
  return new CloudError('DATABASE_REQUEST_FAILED', `[FailedOperation] (${codeName}) ${message}`)
}

/** An unknown command or operator. The error names it. */
export function badValue(message: string): CloudError {
  return requestFailed('BadValue', message)
}

/** A feature that MongoDB has and this engine does not support. */
export function notOffered(what: string): CloudError {
  return requestFailed('CommandNotSupported', `${what} is not offered by the local cloud`)
}

export function missingCollection(name: string): CloudError {
  return new CloudError(
    'DATABASE_COLLECTION_NOT_EXIST',
    `[ResourceNotFound] Db or Table not exist: ${name}. ${CONTACT}`,
  )
}

export function collectionExists(name: string): CloudError {
  return new CloudError(
    'DATABASE_COLLECTION_ALREADY_EXIST',
    `[ResourceUnavailable.ResourceExist] Table exist: ${name}. ${CONTACT}`,
  )
}

export function duplicateKey(collection: string, index: string, key: string): CloudError {
  return new CloudError(
    'DATABASE_REQUEST_FAILED',
    `[FailedOperation.Insert] multiple write errors: [{write errors: [{E11000 duplicate key error collection: ${collection} index: ${index} dup key: ${key}}]}, {<nil>}]`,
  )
}

/** Another writer was first. The transaction has ended and cannot continue. */
export function transactionConflict(): CloudError {
  return new CloudError(
    'DATABASE_TRANSACTION_CONFLICT',
    `[ResourceUnavailable.TransactionConflict] Transaction is conflict, maybe resource operated by others. ${PERSISTS}`,
  )
}

/** The transaction was committed, was aborted, has expired, or was never started. */
export function transactionMissing(): CloudError {
  return new CloudError(
    'DATABASE_TRANSACTION_FAIL',
    `[ResourceUnavailable.TransactionNotExist] Transaction does not exist on the server, transaction must be commit or abort in 30 seconds. ${PERSISTS}`,
  )
}

/** The disk refused the write and nothing changed. The same request may succeed later. */
export function writeRefused(reason: string): CloudError {
  return new CloudError('SYS_ERR', `[InternalError] the database file cannot be written: ${reason}`)
}

/** The same error for a commit. The SDK passes this code on unchanged; it says that the transaction is lost. */
export function commitRefused(reason: string): CloudError {
  return new CloudError('DATABASE_TRANSACTION_FAIL', `[FailedOperation] ${reason}. ${PERSISTS}`)
}

/** A file of the database is damaged. It is left unchanged. */
export class DamagedDatabase extends Error {
  override readonly name = 'DamagedDatabase'

  constructor(
    readonly file: string,
    readonly reason: string,
  ) {
    super(`${file}: ${reason}`)
  }
}
