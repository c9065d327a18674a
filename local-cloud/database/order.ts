/**
 * BSON's comparison order. Sorting, ranges, equality and indexes all use it. Source: MongoDB manual, "Comparison/Sort
 * Order".
 */

export type Value = unknown

/** A bound before (`side` -1) or after (`side` 1) all values of one BSON type. A one-sided range ends there. */
export class TypeEdge {
  constructor(
    readonly rank: number,
    readonly side: -1 | 1,
  ) {}
}

const RANK = {
  minKey: 0,
  null: 1,
  number: 2,
  string: 3,
  object: 4,
  array: 5,
  binary: 6,
  objectId: 7,
  boolean: 8,
  date: 9,
  timestamp: 10,
  regex: 11,
  maxKey: 12,
} as const

const rankOfBsonType: Record<string, number> = {
  MinKey: RANK.minKey,
  Long: RANK.number,
  Int32: RANK.number,
  Double: RANK.number,
  Decimal128: RANK.number,
  BSONSymbol: RANK.string,
  Binary: RANK.binary,
  ObjectId: RANK.objectId,
  Timestamp: RANK.timestamp,
  BSONRegExp: RANK.regex,
  MaxKey: RANK.maxKey,
}

/** Whether BSON calls the value a document: not an array, date, regex or BSON wrapper. */
export function isDocument(value: Value): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  if ('_bsontype' in value) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

// `instanceof` fails for values made in another realm (jest, vm). The tag works.
export function isDate(value: Value): value is Date {
  return Object.prototype.toString.call(value) === '[object Date]'
}

export function isRegExp(value: Value): value is RegExp {
  return Object.prototype.toString.call(value) === '[object RegExp]'
}

/** The type name of a value in MongoDB's error messages. */
export function typeName(value: Value): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'array'
  if (isDate(value)) return 'date'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'double'
  return typeof value
}

/** Position of the value's type in BSON's order. In a query, values of different ranks never match. */
export function typeRank(value: Value): number {
  switch (typeof value) {
    case 'undefined':
      return RANK.null
    case 'number':
    case 'bigint':
      return RANK.number
    case 'string':
      return RANK.string
    case 'boolean':
      return RANK.boolean
    default:
  }
  if (value === null) return RANK.null
  if (Array.isArray(value)) return RANK.array
  const bsonType = (value as { _bsontype?: string })._bsontype
  if (bsonType !== undefined) return rankOfBsonType[bsonType] ?? RANK.object
  if (isDate(value)) return RANK.date
  if (isRegExp(value)) return RANK.regex
  return RANK.object
}

/**
 * Compares strings by UTF-8 bytes, that is by code point. JavaScript compares UTF-16 units, which differs above U+D7FF.
 */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    if (x >= 0xd800 && y >= 0xd800) {
      const xSurrogate = x < 0xe000
      if (xSurrogate !== y < 0xe000) return xSurrogate ? 1 : -1
    }
    return x < y ? -1 : 1
  }
  return a.length - b.length
}

function toNumber(value: Value): number | bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  const wrapped = value as { _bsontype: string; toBigInt?: () => bigint; toString(): string }
  if (wrapped._bsontype === 'Long' && wrapped.toBigInt) return wrapped.toBigInt()
  return Number(wrapped.toString())
}

function compareNumbers(a: Value, b: Value): number {
  const x = toNumber(a)
  const y = toNumber(b)
  if (x < y) return -1
  if (x > y) return 1
  if (x === y || Number(x) === Number(y)) return 0
  // One of them is NaN, which sorts before every number and is equal to itself.
  const xNaN = Number.isNaN(x)
  const yNaN = Number.isNaN(y)
  return xNaN === yNaN ? 0 : xNaN ? -1 : 1
}

function compareDocuments(a: Record<string, unknown>, b: Record<string, unknown>): number {
  const keysA = Object.keys(a)
  const keysB = Object.keys(b)
  const length = Math.min(keysA.length, keysB.length)
  for (let i = 0; i < length; i++) {
    const keyA = keysA[i] as string
    const keyB = keysB[i] as string
    const valueA = a[keyA]
    const valueB = b[keyB]
    const order =
      typeRank(valueA) - typeRank(valueB) || compareText(keyA, keyB) || compareValues(valueA, valueB)
    if (order !== 0) return order
  }
  return keysA.length - keysB.length
}

/** Negative, zero or positive, for all BSON types. `undefined` means a missing field and is equal to null. */
export function compareValues(a: Value, b: Value): number {
  if (a === b) return 0
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  if (a instanceof TypeEdge) {
    if (b instanceof TypeEdge) return a.rank - b.rank || a.side - b.side
    return a.rank - typeRank(b) || a.side
  }
  if (b instanceof TypeEdge) return typeRank(a) - b.rank || -b.side
  const rank = typeRank(a)
  const difference = rank - typeRank(b)
  if (difference !== 0) return difference
  switch (rank) {
    case RANK.number:
      return compareNumbers(a, b)
    case RANK.string:
      return compareText(String(a), String(b))
    case RANK.boolean:
    case RANK.date:
      return Number(a) - Number(b)
    case RANK.object:
      return compareDocuments(a as Record<string, unknown>, b as Record<string, unknown>)
    case RANK.array: {
      const x = a as unknown[]
      const y = b as unknown[]
      const length = Math.min(x.length, y.length)
      for (let i = 0; i < length; i++) {
        const order = compareValues(x[i], y[i])
        if (order !== 0) return order
      }
      return x.length - y.length
    }
    case RANK.objectId:
      return compareText(String(a), String(b))
    case RANK.binary: {
      const x = (a as { value(): Uint8Array }).value()
      const y = (b as { value(): Uint8Array }).value()
      return x.length - y.length || Buffer.compare(Buffer.from(x), Buffer.from(y))
    }
    case RANK.timestamp:
      return compareNumbers(BigInt(String(a)), BigInt(String(b)))
    case RANK.regex:
      return compareText(regexText(a), regexText(b))
    default:
      return 0
  }
}

function regexText(value: Value): string {
  if (isRegExp(value)) return `${value.source}\0${value.flags}`
  const { pattern, options } = value as { pattern: string; options: string }
  return `${pattern}\0${options}`
}

export function sameValue(a: Value, b: Value): boolean {
  return a === b || compareValues(a, b) === 0
}
