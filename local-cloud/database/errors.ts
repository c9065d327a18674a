import { CloudError } from '../cloud-error'

/*
 * Codes and wordings of the real gateway. wx-server-sdk 4 turns the string into a number
 * (`TCB_ERR_CODE` in its source: DATABASE_REQUEST_FAILED is -502001, INVALID_PARAM -501007, anything it does
 * not know -501001), node-sdk hands the string through.
 */

const CONTACT = 'Please check your request, but if the problem cannot be solved, contact us.'
const PERSISTS = 'Please check your request, but if the problem persists, contact us.'

/** The request itself is malformed: a missing field, broken EJSON, a value outside its range. */
export function invalidParam(message: string): CloudError {
  return new CloudError('INVALID_PARAM', `[InvalidParameter] ${message}`)
}

/** MongoDB refused the operation. `codeName` is MongoDB's own, for example `BadValue` or `TypeMismatch`. */
export function requestFailed(codeName: string, message: string): CloudError {
  return new CloudError('DATABASE_REQUEST_FAILED', `[FailedOperation] (${codeName}) ${message}`)
}

/** An unknown command or operator, refused by its name. */
export function badValue(message: string): CloudError {
  return requestFailed('BadValue', message)
}

/** Something MongoDB has and this engine leaves out on purpose. */
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

/** Another writer was first: the transaction is over, whatever the caller does next. */
export function transactionConflict(): CloudError {
  return new CloudError(
    'DATABASE_TRANSACTION_CONFLICT',
    `[ResourceUnavailable.TransactionConflict] Transaction is conflict, maybe resource operated by others. ${PERSISTS}`,
  )
}

/** Committed, aborted, expired, or never started. */
export function transactionMissing(): CloudError {
  return new CloudError(
    'DATABASE_TRANSACTION_FAIL',
    `[ResourceUnavailable.TransactionNotExist] Transaction does not exist on the server, transaction must be commit or abort in 30 seconds. ${PERSISTS}`,
  )
}

/** The disk took nothing of it, so nothing happened; the same request may succeed later. */
export function writeRefused(reason: string): CloudError {
  return new CloudError('SYS_ERR', `[InternalError] the database file cannot be written: ${reason}`)
}

/** The same of a commit: the SDK passes its code on as it is, and this one says that the transaction is lost. */
export function commitRefused(reason: string): CloudError {
  return new CloudError('DATABASE_TRANSACTION_FAIL', `[FailedOperation] ${reason}. ${PERSISTS}`)
}

/** A file of the database is not what was written: it is left as it is. */
export class DamagedDatabase extends Error {
  override readonly name = 'DamagedDatabase'

  constructor(
    readonly file: string,
    readonly reason: string,
  ) {
    super(`${file}: ${reason}`)
  }
}
