import { calculateObjectSize, EJSON } from 'bson'
import { invalidParam, requestFailed } from './errors'
import { MAX_DEPTH, MAX_DOCUMENT_BYTES } from './limits'
import { isDate, isDocument } from './order'

/** A stored document; `_id` is always its first field, as in MongoDB. */
export type Document = Record<string, unknown>

const INT32 = 2 ** 31
const CANONICAL_NUMBER = /^-?\d+$/
const NOT_FINITE: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity'])

/**
 * Parses extended JSON into the engine's form: JavaScript numbers and dates, BSON wrappers for types that JavaScript
 * lacks. Throws INVALID_PARAM for malformed or too deeply nested input. `now` (milliseconds) replaces
 * `db.serverDate()`.
 */
export function parseValue(text: string, now: number): unknown {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw invalidParam(`malformed EJSON: ${text.slice(0, 80)}`)
  }
  return revive(json, now, 0)
}

/** Like `parseValue`, but only accepts an object. */
export function parseObject(text: string, now: number, what: string): Record<string, unknown> {
  const value = parseValue(text, now)
  if (!isDocument(value)) throw invalidParam(`${what} must be an object`)
  return value
}

function revive(value: unknown, now: number, depth: number): unknown {
  // JSON.parse reads 1e400 so. Who means it writes `$numberDouble`.
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
    throw invalidParam('malformed number in EJSON: it is beyond the range of a double')
  }
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_DEPTH) throw invalidParam(`nested deeper than ${MAX_DEPTH} levels`)
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = revive(value[i], now, depth + 1)
    return value
  }
  const object = value as Record<string, unknown>
  const keys = Object.keys(object)
  if (keys.length > 0 && (keys[0] as string).charCodeAt(0) === 36) {
    const special = reviveSpecial(object, keys, now)
    if (special !== undefined) return special
  }
  for (const key of keys) {
    // mingo recognises objects by their constructor, so a document must not have its own `constructor`. It recognises
    // the wrappers of other BSON types by `_bsontype`.
    if (key === '__proto__' || key === 'constructor' || key === '_bsontype') {
      throw invalidParam(`the field name '${key}' is not allowed`)
    }
    const child = object[key]
    if (typeof child === 'object' || typeof child === 'number') object[key] = revive(child, now, depth + 1)
  }
  return object
}

function reviveSpecial(object: Record<string, unknown>, keys: string[], now: number): unknown {
  const key = keys[0] as string
  const inner = object[key]
  if (keys.length === 1) {
    switch (key) {
      case '$numberInt':
        return integer(inner)
      case '$numberLong': {
        const number = integer(inner)
        return Number.isSafeInteger(number) ? number : deserialize(object)
      }
      case '$numberDouble':
        return double(inner)
      case '$date':
        return isDocument(inner) && 'offset' in inner ? serverDate(inner, now) : date(inner)
      case '$tcb_server_date':
        return serverDate(isDocument(inner) ? inner : {}, now)
      default:
    }
  }
  switch (key) {
    case '$oid':
    case '$binary':
    case '$uuid':
    case '$symbol':
    case '$code':
    case '$timestamp':
    case '$numberDecimal':
    case '$minKey':
    case '$maxKey':
    case '$undefined':
    case '$regularExpression':
    case '$dbPointer':
      return key === '$undefined' ? null : deserialize(object)
    default:
      return undefined
  }
}

function integer(inner: unknown): number {
  const text = String(inner)
  const isWithin = CANONICAL_NUMBER.test(text) && text.length <= 20
  // bson would keep the lowest 64 bits.
  if (!isWithin || BigInt.asIntN(64, BigInt(text)) !== BigInt(text)) {
    throw invalidParam(`malformed number in EJSON: ${text.slice(0, 40)}`)
  }
  return Number(text)
}

function double(inner: unknown): number {
  const number = Number(inner)
  const text = String(inner)
  if (!Number.isFinite(number) && !NOT_FINITE.has(text)) {
    throw invalidParam(`malformed number in EJSON: ${text.slice(0, 40)}`)
  }
  return number
}

/** The date format of EJSON. Requires a time zone, because without one the text depends on the machine's zone. */
const isoDate = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/

/** JavaScript turns February 30 into March 1. */
const isRealDay = (text: string): boolean => {
  const day = text.slice(0, 10)
  return new Date(`${day}T00:00:00Z`).toJSON()?.slice(0, 10) === day
}

/** `db.serverDate()`: wx-server-sdk writes `$tcb_server_date`, the web SDK `{ $date: { offset } }`. */
function serverDate({ offset: given }: Record<string, unknown>, now: number): Date {
  const offset = revive(given ?? 0, now, 1)
  const value = typeof offset === 'number' ? new Date(now + offset) : null
  if (value === null || Number.isNaN(value.getTime())) throw invalidParam('malformed serverDate')
  return value
}

function date(inner: unknown): Date {
  const millis =
    typeof inner === 'object' && inner !== null && '$numberLong' in inner
      ? integer(inner.$numberLong)
      : typeof inner === 'string'
        ? isoDate.test(inner)
          ? Date.parse(isRealDay(inner) ? inner : '')
          : Number.NaN
        : typeof inner === 'number'
          ? inner
          : Number.NaN
  const value = new Date(millis)
  if (Number.isNaN(value.getTime()))
    throw invalidParam(`malformed date in EJSON: ${JSON.stringify(inner).slice(0, 40)}`)
  return value
}

function deserialize(object: Record<string, unknown>): unknown {
  try {
    return EJSON.deserialize(object, { relaxed: false })
  } catch {
    throw invalidParam(`malformed EJSON: ${JSON.stringify(object).slice(0, 80)}`)
  }
}

/**
 * Writes canonical EJSON. Hand-written for the common types of a document: several times faster than `EJSON.stringify`,
 * and every write needs it. bson writes the other types.
 */
export function writeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      return writeNumber(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'undefined':
      return 'null'
    default:
  }
  if (value === null) return 'null'
  if (Array.isArray(value)) {
    let text = '['
    for (let i = 0; i < value.length; i++) text += (i === 0 ? '' : ',') + writeValue(value[i])
    return `${text}]`
  }
  if (isDate(value)) return `{"$date":{"$numberLong":"${value.getTime()}"}}`
  if (!isDocument(value)) return EJSON.stringify(value, { relaxed: false })
  let text = '{'
  for (const key of Object.keys(value)) {
    const child = value[key]
    if (child === undefined) continue
    text += `${(text.length === 1 ? '' : ',') + JSON.stringify(key)}:${writeValue(child)}`
  }
  return `${text}}`
}

function writeNumber(value: number): string {
  if (Number.isInteger(value) && !Object.is(value, -0)) {
    if (value >= -INT32 && value < INT32) return `{"$numberInt":"${value}"}`
    if (Number.isSafeInteger(value)) return `{"$numberLong":"${value}"}`
  }
  return `{"$numberDouble":"${Object.is(value, -0) ? '-0.0' : value}"}`
}

/**
 * Refuses field names that MongoDB cannot address, and documents that are too deep or too large. Returns the canonical
 * text.
 */
export function sealDocument(document: Document): string {
  checkNames(document, 0)
  const text = writeValue(document)
  // EJSON is at most a little shorter than BSON, so only few documents have to be measured.
  if (text.length > MAX_DOCUMENT_BYTES / 4 && calculateObjectSize(document) > MAX_DOCUMENT_BYTES) {
    throw invalidParam(`the document is larger than ${MAX_DOCUMENT_BYTES} bytes`)
  }
  return text
}

function checkNames(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return
  if (depth > MAX_DEPTH) throw invalidParam(`nested deeper than ${MAX_DEPTH} levels`)
  if (Array.isArray(value)) {
    for (const item of value) checkNames(item, depth + 1)
    return
  }
  if (!isDocument(value)) return
  for (const key of Object.keys(value)) {
    if (key.startsWith('$')) {
      throw requestFailed(
        'DollarPrefixedFieldName',
        `the dollar ($) prefixed field '${key}' is not valid for storage`,
      )
    }
    // A trailing dot is allowed, as in the real cloud: node-sdk's own tests store `key.`.
    if (key.includes('.') && key.indexOf('.') < key.length - 1) {
      throw invalidParam(`the dotted field '${key}' is not valid for storage`)
    }
    if (key.includes('\0')) throw invalidParam('a field name cannot contain a NUL character')
    if (key === '__proto__' || key === 'constructor') {
      throw invalidParam(`the field name '${key}' is not allowed`)
    }
    checkNames(value[key], depth + 1)
  }
}
