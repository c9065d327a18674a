import { createContext, Script } from 'node:vm'
import { Context } from 'mingo/core'
import * as mingoQuery from 'mingo/operators/query'
import { Query } from 'mingo/query'
import type { Options } from 'mingo/types'
import { badValue, notOffered } from './errors'
import { accumulatorOperators, checkExpression, expressionOperators } from './expressions'
import { MAX_REGEX_LENGTH, REGEX_BUDGET_MS } from './limits'
import { compareValues, isDocument, isRegExp, sameValue, typeRank } from './order'
import { pathParts, visitLeaves, visitPath } from './path'

export type Predicate = (document: Record<string, unknown>) => boolean

/*
 * mingo combines the conditions. The operators on single fields are our own: mingo's flatten nested arrays, ignore the
 * order of fields, compare arrays sorted, and accept malformed operands.
 */

type Leaf = (value: unknown) => boolean
type Operator = (selector: string, operand: unknown, options: Options) => Predicate

const any =
  (test: (operand: unknown) => Leaf): Operator =>
  (selector, operand) => {
    const leaf = test(operand)
    return document => visitLeaves(document, selector, leaf)
  }

const not =
  (operator: Operator): Operator =>
  (selector, operand, options) => {
    const matches = operator(selector, operand, options)
    return document => !matches(document)
  }

const equal = (operand: unknown): Leaf =>
  isRegExp(operand) ? value => matchesRegex(operand, value) : value => sameValue(value, operand)

/** Comparisons match only within one type. Null also matches missing fields. */
const bracketed =
  (holds: (order: number) => boolean) =>
  (operand: unknown): Leaf => {
    const rank = typeRank(operand)
    const isNaNOperand = Number.isNaN(operand)
    return value => {
      if (typeRank(value) !== rank) return false
      if (isNaNOperand !== Number.isNaN(value)) return false
      return holds(compareValues(value, operand))
    }
  }

const oneOf = (operand: unknown): Leaf => {
  const list = operand as unknown[]
  const patterns = list.filter(isRegExp)
  const strings = new Set(list.filter(item => typeof item === 'string'))
  const others = list.filter(item => typeof item !== 'string')
  return value => {
    if (typeof value === 'string') {
      return strings.has(value) || patterns.some(pattern => matchesRegex(pattern, value))
    }
    return others.some(item => sameValue(item, value))
  }
}

/** mingo's count 32 bits, and take any value for a number. */
const bits = (holds: (set: bigint, mask: bigint) => boolean): Operator =>
  any(operand => {
    const mask = Array.isArray(operand)
      ? operand.reduce((sum: bigint, place: number) => sum | (1n << BigInt(place)), 0n)
      : BigInt(operand as number)
    return value => typeof value === 'number' && Number.isInteger(value) && holds(BigInt(value) & mask, mask)
  })

function matchesRegex(pattern: RegExp, value: unknown): boolean {
  return typeof value === 'string' && pattern.test(value)
}

/** Visits the arrays at the end of a path, for $size, $all and $elemMatch. */
function visitArrays(document: unknown, selector: string, visit: (array: unknown[]) => boolean): boolean {
  return visitPath(document, pathParts(selector), 0, leaf => Array.isArray(leaf) && visit(leaf))
}

/** Tests one element of an array: with operators on the element itself, or with a query on its fields. */
export const elementMatches = (operand: unknown, options: Options): Leaf => {
  const criteria = operand as Record<string, unknown>
  const first = Object.keys(criteria)[0]
  const onValue = first?.startsWith('$') && !['$and', '$or', '$nor', '$expr'].includes(first)
  if (onValue) {
    const query = new Query({ v: criteria }, options)
    const looksInside = Object.keys(criteria).some(
      key => key === '$size' || key === '$elemMatch' || key === '$all',
    )
    // An element that is an array counts as one value. It is wrapped, so that operators do not look into it.
    return value => query.test({ v: Array.isArray(value) && !looksInside ? [value] : value })
  }
  const query = new Query(criteria, options)
  return value => isDocument(value) && query.test(value)
}

const typeNames: Record<string, (value: unknown) => boolean> = {
  double: value => typeof value === 'number' && !isInt64(value),
  string: value => typeof value === 'string',
  object: isDocument,
  array: Array.isArray,
  binData: value => bsonType(value) === 'Binary',
  undefined: () => false,
  objectId: value => bsonType(value) === 'ObjectId',
  bool: value => typeof value === 'boolean',
  date: value => typeRank(value) === typeRank(new Date(0)),
  null: value => value === null,
  regex: value => isRegExp(value) || bsonType(value) === 'BSONRegExp',
  int: value => typeof value === 'number' && isInt32(value),
  timestamp: value => bsonType(value) === 'Timestamp',
  long: value =>
    bsonType(value) === 'Long' || (typeof value === 'number' && isInt64(value) && !isInt32(value)),
  decimal: value => bsonType(value) === 'Decimal128',
  minKey: value => bsonType(value) === 'MinKey',
  maxKey: value => bsonType(value) === 'MaxKey',
  number: value => value !== undefined && typeRank(value) === typeRank(0),
}
const typeCodes: Record<string, string> = {
  1: 'double',
  2: 'string',
  3: 'object',
  4: 'array',
  5: 'binData',
  6: 'undefined',
  7: 'objectId',
  8: 'bool',
  9: 'date',
  10: 'null',
  11: 'regex',
  16: 'int',
  17: 'timestamp',
  18: 'long',
  19: 'decimal',
  '-1': 'minKey',
  127: 'maxKey',
}

function bsonType(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null ? (value as { _bsontype?: string })._bsontype : undefined
}

function isInt64(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER && !Object.is(value, -0)
}

function isInt32(value: number): boolean {
  return isInt64(value) && value >= -(2 ** 31) && value < 2 ** 31
}

function typeTest(name: unknown): (value: unknown) => boolean {
  const alias = Object.hasOwn(typeCodes, String(name)) ? typeCodes[String(name)] : String(name)
  const test = Object.hasOwn(typeNames, String(alias)) ? typeNames[String(alias)] : undefined
  if (!test) throw badValue(`Unknown type name alias: ${String(name)}`)
  return test
}

const operators: Record<string, Operator> = {
  $eq: any(equal),
  $ne: not(any(equal)),
  $gt: any(bracketed(order => order > 0)),
  $gte: any(bracketed(order => order >= 0)),
  $lt: any(bracketed(order => order < 0)),
  $lte: any(bracketed(order => order <= 0)),
  $in: any(oneOf),
  $nin: not(any(oneOf)),
  $regex: any(operand => value => matchesRegex(operand as RegExp, value)),
  $mod: any(operand => {
    const [divisor, remainder] = (operand as [number, number]).map(Math.trunc) as [number, number]
    return value =>
      typeof value === 'number' && Number.isFinite(value) && Math.trunc(value) % divisor === remainder
  }),
  $bitsAllSet: bits((set, mask) => set === mask),
  $bitsAnySet: bits(set => set !== 0n),
  $bitsAllClear: bits(set => set === 0n),
  $bitsAnyClear: bits((set, mask) => set !== mask),
  $exists: (selector, operand) => {
    const wanted = Boolean(operand)
    return document => visitPath(document, pathParts(selector), 0, leaf => leaf !== undefined) === wanted
  },
  $type: (selector, operand) => {
    const tests = (Array.isArray(operand) ? operand : [operand]).map(typeTest)
    return document =>
      visitLeaves(document, selector, value => value !== undefined && tests.some(test => test(value)))
  },
  $size: (selector, operand) => document =>
    visitArrays(document, selector, array => array.length === operand),
  $elemMatch: (selector, operand, options) => {
    const matches = elementMatches(operand, options)
    return document => visitArrays(document, selector, array => array.some(matches))
  },
  $all: (selector, operand, options) => {
    const predicates = (operand as unknown[]).map(item =>
      isDocument(item) && '$elemMatch' in item
        ? (operators.$elemMatch as Operator)(selector, item.$elemMatch, options)
        : (operators.$eq as Operator)(selector, item, options),
    )
    return document => predicates.length > 0 && predicates.every(matches => matches(document))
  },
  $not: (selector, operand, options) => {
    const query = new Query({ [selector]: operand }, options)
    return document => !query.test(document)
  },
}

/** Operators that contain queries, and the expressions in `$expr`. */
export const queryContext = Context.init({
  query: { ...mingoQuery, ...operators } as never,
  expression: expressionOperators as never,
  accumulator: accumulatorOperators as never,
})

const comparisons = new Set(['$eq', '$ne', '$gt', '$gte', '$lt', '$lte'])
const bitTests = new Set(['$bitsAllSet', '$bitsAnySet', '$bitsAllClear', '$bitsAnyClear'])
const geo = new Set([
  '$near',
  '$nearSphere',
  '$geoWithin',
  '$geoIntersects',
  '$geometry',
  '$maxDistance',
  '$minDistance',
])
const left = new Set(['$where', '$text', '$jsonSchema', '$comment'])

/**
 * Checks a query as MongoDB does and returns it in the engine's form: `$regex` strings are compiled and options merged
 * in. Throws BadValue for unknown operators, operands of the wrong type and unsupported features.
 */
export function prepareQuery(query: Record<string, unknown>): Record<string, unknown> {
  const prepared: Record<string, unknown> = {}
  for (const key of Object.keys(query)) {
    const value = query[key]
    if (!key.startsWith('$')) {
      prepared[key] = prepareCondition(value)
      continue
    }
    switch (key) {
      case '$and':
      case '$or':
      case '$nor':
        if (!Array.isArray(value) || value.length === 0) throw badValue(`${key} must be a nonempty array`)
        prepared[key] = value.map(part => {
          if (!isDocument(part)) throw badValue(`${key} entries need to be full objects`)
          return prepareQuery(part)
        })
        break
      case '$expr':
        checkExpression(value)
        prepared[key] = value
        break
      default:
        if (left.has(key)) throw notOffered(`the query operator ${key}`)
        throw badValue(`unknown top level operator: ${key}`)
    }
  }
  return prepared
}

function prepareCondition(value: unknown): unknown {
  if (isRegExp(value) || bsonType(value) === 'BSONRegExp') return toRegExp(value)
  if (!isDocument(value)) return value
  const keys = Object.keys(value)
  if (!keys[0]?.startsWith('$')) return { $eq: value }
  const prepared: Record<string, unknown> = {}
  for (const key of keys) {
    if (!key.startsWith('$')) throw badValue(`unknown operator: ${key}`)
    if (key === '$options') {
      if (!('$regex' in value)) throw badValue('$options needs a $regex')
      continue
    }
    const operand = value[key]
    prepared[key] = key === '$regex' ? toRegExp(operand, value.$options) : prepareOperand(key, operand)
  }
  return prepared
}

function prepareOperand(operator: string, operand: unknown): unknown {
  if (comparisons.has(operator)) {
    if (operator !== '$eq' && operator !== '$ne') {
      if (isRegExp(operand) || bsonType(operand) === 'BSONRegExp') {
        throw badValue(`Can't have RegEx as arg to predicate over field with ${operator}`)
      }
      return operand
    }
    if (bsonType(operand) !== 'BSONRegExp' && !isRegExp(operand)) return operand
    if (operator === '$ne') throw badValue("Can't have regex as arg to $ne.")
    return toRegExp(operand)
  }
  switch (operator) {
    case '$in':
    case '$nin':
      if (!Array.isArray(operand)) throw badValue(`${operator} needs an array`)
      return operand.map(item => {
        if (isDocument(item) && Object.keys(item)[0]?.startsWith('$'))
          throw badValue(`cannot nest $ under ${operator}`)
        return bsonType(item) === 'BSONRegExp' || isRegExp(item) ? toRegExp(item) : item
      })
    case '$all':
      if (!Array.isArray(operand)) throw badValue('$all needs an array')
      return operand.map(item => {
        if (isDocument(item) && Object.keys(item)[0]?.startsWith('$')) {
          if (Object.keys(item)[0] !== '$elemMatch') throw badValue('no $ expressions in $all')
          return { $elemMatch: prepareOperand('$elemMatch', item.$elemMatch) }
        }
        return bsonType(item) === 'BSONRegExp' || isRegExp(item) ? toRegExp(item) : item
      })
    case '$elemMatch': {
      if (!isDocument(operand)) throw badValue('$elemMatch needs an Object')
      const first = Object.keys(operand)[0]
      const onValue = first?.startsWith('$') && !['$and', '$or', '$nor', '$expr'].includes(first)
      return onValue ? prepareCondition(operand) : prepareQuery(operand)
    }
    case '$size':
      if (typeof operand !== 'number' || !Number.isInteger(operand))
        throw badValue(`Failed to parse $size. Expected an integer: $size: ${JSON.stringify(operand)}`)
      if (operand < 0)
        throw badValue(`Failed to parse $size. Expected a non-negative number in: $size: ${operand}`)
      return operand
    case '$mod':
      if (!Array.isArray(operand)) throw badValue('malformed mod, needs to be an array')
      if (operand.length < 2) throw badValue('malformed mod, not enough elements')
      if (operand.length > 2) throw badValue('malformed mod, too many elements')
      if (typeof operand[0] !== 'number' || !Number.isFinite(operand[0]))
        throw badValue('malformed mod, divisor not a number')
      if (typeof operand[1] !== 'number' || !Number.isFinite(operand[1]))
        throw badValue('malformed mod, remainder not a number')
      if (Math.trunc(operand[0]) === 0) throw badValue('divisor cannot be 0')
      return operand
    case '$exists':
      return typeof operand === 'number' ? operand !== 0 : operand !== false && operand !== null
    case '$type': {
      const names = Array.isArray(operand) ? operand : [operand]
      if (names.length === 0) throw badValue('$type must match at least one type')
      names.forEach(typeTest)
      return operand
    }
    case '$not':
      if (isRegExp(operand) || bsonType(operand) === 'BSONRegExp') return { $regex: toRegExp(operand) }
      if (!isDocument(operand)) throw badValue('$not needs a regex or a document')
      if (Object.keys(operand).length === 0) throw badValue('$not cannot be empty')
      if (!Object.keys(operand)[0]?.startsWith('$'))
        throw badValue(`unknown operator: ${Object.keys(operand)[0]}`)
      return prepareCondition(operand)
    default:
      if (bitTests.has(operator)) {
        const valid =
          Array.isArray(operand) && operand.every(bit => Number.isInteger(bit) && bit >= 0)
            ? true
            : typeof operand === 'number' && Number.isInteger(operand) && operand >= 0
        if (!valid) throw badValue(`${operator} takes an Array, a number, or a BinData`)
        return operand
      }
      if (geo.has(operator)) throw notOffered(`the geo operator ${operator}`)
      if (left.has(operator)) throw notOffered(`the query operator ${operator}`)
      throw badValue(`unknown operator: ${operator}`)
  }
}

/** Converts a pattern with MongoDB's options (i, m, s, x, u) to a JavaScript one. Refuses any other option. */
export function toRegExp(pattern: unknown, options?: unknown): RegExp {
  let source: string
  let flags: string
  if (isRegExp(pattern)) {
    source = pattern.source
    flags = pattern.flags
  } else if (bsonType(pattern) === 'BSONRegExp') {
    source = (pattern as { pattern: string }).pattern
    flags = (pattern as { options: string }).options
  } else if (typeof pattern === 'string') {
    source = pattern
    flags = ''
  } else throw badValue('$regex has to be a string')
  if (options !== undefined) {
    if (typeof options !== 'string') throw badValue('$options has to be a string')
    flags = options
  }
  if (source.length > MAX_REGEX_LENGTH) throw badValue('Regular expression is too long')
  if (source.includes('\0')) throw badValue('Regular expression cannot contain an embedded null byte')
  let javascript = ''
  for (const flag of new Set(flags)) {
    if (flag === 'x') source = withoutComments(source)
    else if ('ims'.includes(flag)) javascript += flag
    else if (flag !== 'u') throw badValue(`invalid flag in regex options: ${flag}`)
  }
  // PCRE counts code points, and so does JavaScript with the flag u. But u also refuses harmless escapes such as `\\-`.
  return compile(source, `${javascript}u`) ?? compile(source, javascript) ?? invalidRegex(source)
}

function compile(source: string, flags: string): RegExp | null {
  try {
    return new RegExp(source, flags)
  } catch {
    return null
  }
}

function invalidRegex(source: string): never {
  throw badValue(`Regular expression is invalid: ${source.slice(0, 80)}`)
}

function withoutComments(source: string): string {
  return source.replace(/\\.|\[(?:\\.|[^\]])*\]|\s+|#[^\n]*/g, part =>
    part.startsWith('\\') || part.startsWith('[') ? part : '',
  )
}

/** Compiles a prepared query. */
export function compileQuery(prepared: Record<string, unknown>): Predicate {
  if (Object.keys(prepared).length === 0) return () => true
  const query = new Query(prepared, { context: queryContext, scriptEnabled: false })
  return document => query.test(document)
}

const regexKeys = new Set(['$regex', '$regexMatch', '$regexFind', '$regexFindAll'])

/** Whether the value contains a regular expression at any depth. Then it must run under a time limit. */
export function holdsRegex(value: unknown): boolean {
  if (isRegExp(value) || bsonType(value) === 'BSONRegExp') return true
  if (Array.isArray(value)) return value.some(holdsRegex)
  return isDocument(value) && Object.keys(value).some(key => regexKeys.has(key) || holdsRegex(value[key]))
}

const sandbox = createContext({ run: undefined as unknown })
const script = new Script('run()')

/**
 * Runs a pure function under a time limit. Without it a regular expression with endless backtracking would block all
 * callers. `vm` is the only way in Node to interrupt one.
 */
export function bounded<T>(run: () => T): T {
  sandbox.run = run
  try {
    return script.runInContext(sandbox, { timeout: REGEX_BUDGET_MS }) as T
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      throw badValue(`(MaxTimeMSExpired) the regular expression took longer than ${REGEX_BUDGET_MS} ms`)
    }
    throw error
  } finally {
    sandbox.run = undefined
  }
}
