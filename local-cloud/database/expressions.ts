import { evalExpr } from 'mingo/core'
import * as mingoAccumulators from 'mingo/operators/accumulator'
import * as mingoExpressions from 'mingo/operators/expression'
import type { Options } from 'mingo/types'
import {
  dayOfYear,
  formatDate,
  fromWallClock,
  isoDate,
  isoDayOfWeek,
  isoWeek,
  parseDate,
  parseDateAs,
  week,
  zoneOffset,
} from './dates'
import { badValue, invalidParam, notOffered } from './errors'
import { compareValues, isDate, isDocument, isRegExp, sameValue, typeName, typeRank } from './order'

/*
 * Expression operators and accumulators in which mingo differs from MongoDB: null and missing fields, the order across
 * types, code points against bytes, weeks, errors in place of NaN. mingo's own are used for all others.
 */

type Operator = (object: unknown, expression: unknown, options: Options) => unknown

const evaluate = (object: unknown, expression: unknown, options: Options): unknown =>
  evalExpr(object as never, expression as never, options)

const isNil = (value: unknown): boolean => value === null || value === undefined

/** An operator with a fixed number of arguments, given as a list (a single argument also without a list). */
function withArguments(
  name: string,
  least: number,
  most: number,
  compute: (values: unknown[], options: Options) => unknown,
): Operator {
  return (object, expression, options) => {
    const list = Array.isArray(expression) ? expression : [expression]
    if (list.length < least || list.length > most) {
      throw badValue(
        `Expression ${name} takes ${least === most ? `exactly ${least}` : `at least ${least} arguments, and at most ${most}`} arguments. ${list.length} were passed in.`,
      )
    }
    return compute(
      list.map(item => evaluate(object, item, options)),
      options,
    )
  }
}

/** Missing sorts before null here, as in MongoDB's expressions (but not in its queries). */
function compareOperands(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
  return compareValues(a, b)
}

const comparison = (name: string, holds: (order: number) => boolean): Operator =>
  withArguments(name, 2, 2, ([a, b]) => holds(compareOperands(a, b)))

const numeric = (name: string, compute: (value: number) => number): Operator =>
  withArguments(name, 1, 1, ([value]) => {
    if (isNil(value)) return null
    if (typeof value !== 'number')
      throw badValue(`${name} only supports numeric types, not ${typeName(value)}`)
    return compute(value)
  })

/** `$trunc` and `$round` to a number of decimal places. Halves are rounded to even, as in MongoDB. */
const rounding = (name: string, toInteger: (value: number) => number): Operator =>
  withArguments(name, 1, 2, values => {
    const [value, places] = values.length === 1 ? [values[0], 0] : values
    if (isNil(value) || isNil(places)) return null
    if (typeof value !== 'number')
      throw badValue(`${name} only supports numeric types, not ${typeName(value)}`)
    if (!Number.isInteger(places)) throw badValue(`precision argument to ${name} must be a integral value`)
    if ((places as number) < -20 || (places as number) > 100)
      throw badValue(
        `cannot apply ${name} with precision value ${String(places)} value must be in [-20, 100]`,
      )
    if (!Number.isFinite(value)) return value
    const moved = movePoint(value, places as number)
    return Number.isFinite(moved) ? movePoint(toInteger(moved), -(places as number)) : value
  })

/** Moves the decimal point. Multiplying would change the digits. */
function movePoint(value: number, places: number): number {
  const [digits, exponent = 0] = String(value).split('e')
  return Number(`${digits}e${Number(exponent) + places}`)
}

function halfToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

// ---- strings

function textOf(value: unknown, name: string): string {
  if (isNil(value)) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (isDate(value)) return value.toISOString()
  throw badValue(`can't convert from BSON type ${typeName(value)} to String (${name})`)
}

const substringOfBytes: Operator = withArguments('$substrBytes', 3, 3, ([value, start, length]) => {
  const bytes = Buffer.from(textOf(value, '$substrBytes'))
  if (typeof start !== 'number')
    throw badValue(`$substrBytes: starting index must be a numeric type (is BSON type ${typeName(start)})`)
  if (typeof length !== 'number')
    throw badValue(`$substrBytes: length must be a numeric type (is BSON type ${typeName(length)})`)
  const from = Math.trunc(start)
  if (from < 0 || from >= bytes.length) return ''
  // A negative length means the rest of the string.
  const to = length < 0 ? bytes.length : Math.min(bytes.length, from + Math.trunc(length))
  const continues = (at: number): boolean => at < bytes.length && ((bytes[at] as number) & 0xc0) === 0x80
  if (continues(from))
    throw badValue('$substrBytes: Invalid range, starting index is a UTF-8 continuation byte.')
  if (continues(to))
    throw badValue('$substrBytes: Invalid range, ending index is in the middle of a UTF-8 character.')
  return bytes.subarray(from, to).toString()
})

const substringOfCodePoints: Operator = withArguments('$substrCP', 3, 3, ([value, start, length]) => {
  const points = [...textOf(value, '$substrCP')]
  if (!Number.isInteger(start))
    throw badValue('$substrCP: starting index cannot be represented as a 32-bit integral value')
  if (!Number.isInteger(length))
    throw badValue('$substrCP: length cannot be represented as a 32-bit integral value')
  if ((start as number) < 0) throw badValue('$substrCP: the starting index must be nonnegative integer.')
  if ((length as number) < 0) throw badValue('$substrCP: length must be a nonnegative integer.')
  return points.slice(start as number, (start as number) + (length as number)).join('')
})

/** `$indexOfCP` and `$indexOfBytes`: positions count code points or bytes. */
function indexOf(
  name: string,
  lengthOf: (text: string) => number,
  cut: (text: string, from: number, to: number) => string,
): Operator {
  return withArguments(name, 2, 4, ([value, search, from = 0, to]) => {
    if (isNil(value)) return null
    if (typeof value !== 'string')
      throw badValue(`${name} requires a string as the first argument, found: ${typeName(value)}`)
    if (typeof search !== 'string')
      throw badValue(`${name} requires a string as the second argument, found: ${typeName(search)}`)
    for (const bound of [from, to ?? 0]) {
      if (!Number.isInteger(bound))
        throw badValue(
          `${name} requires an integral starting or ending index, found a value of type: ${typeName(bound)}`,
        )
      if ((bound as number) < 0)
        throw badValue(`${name} requires a nonnegative index, found: ${String(bound)}`)
    }
    const length = lengthOf(value)
    const end = Math.min(length, (to as number | undefined) ?? length)
    if ((from as number) > end) return -1
    const window = cut(value, from as number, end)
    const found = window.indexOf(search)
    return found === -1 ? -1 : (from as number) + lengthOf(window.slice(0, found))
  })
}

const codePoints = (text: string): number => [...text].length

const length = (name: string, lengthOf: (text: string) => number): Operator =>
  withArguments(name, 1, 1, ([value]) => {
    if (typeof value !== 'string')
      throw badValue(
        `${name} requires a string argument, found: ${value === undefined ? 'missing' : typeName(value)}`,
      )
    return lengthOf(value)
  })

// ---- dates

/** Date operators accept a date, a list with one date, or `{date, timezone}`. Null and missing give null. */
const datePart =
  (name: string, part: (local: Date) => number): Operator =>
  (object, expression, options) => {
    const single = Array.isArray(expression) ? expression[0] : expression
    if (Array.isArray(expression) && expression.length !== 1) {
      throw badValue(
        `${name} accepts exactly one argument if given an array, but was given ${expression.length}`,
      )
    }
    const named = isDocument(single) && 'date' in single
    if (named) {
      for (const key of Object.keys(single)) {
        if (key !== 'date' && key !== 'timezone') throw badValue(`unrecognized option to ${name}: "${key}"`)
      }
    }
    const value = evaluate(object, named ? single.date : single, options)
    const zone = named && 'timezone' in single ? evaluate(object, single.timezone, options) : undefined
    if (isNil(value) || zone === null) return null
    const date = asDate(value)
    return part(new Date(date.getTime() + zoneOffset(zone, date) * 60_000))
  }

function asDate(value: unknown): Date {
  if (isDate(value)) return value
  const wrapped = value as { _bsontype?: string; getTimestamp?: () => Date }
  if (wrapped?._bsontype === 'ObjectId' && wrapped.getTimestamp) return wrapped.getTimestamp()
  throw badValue(`can't convert from BSON type ${typeName(value)} to Date`)
}

function options(
  name: string,
  object: unknown,
  expression: unknown,
  context: Options,
  known: readonly string[],
): Record<string, unknown> {
  if (!isDocument(expression)) throw badValue(`${name} only supports an object as its argument`)
  const values: Record<string, unknown> = {}
  for (const key of Object.keys(expression)) {
    if (!known.includes(key)) throw badValue(`Unrecognized argument to ${name}: ${key}`)
    values[key] = evaluate(object, expression[key], context) ?? null
  }
  return values
}

const dateToString: Operator = (object, expression, context) => {
  const { date, format, timezone, onNull } = options('$dateToString', object, expression, context, [
    'date',
    'format',
    'timezone',
    'onNull',
  ])
  if (date === undefined) throw badValue("Missing 'date' parameter to $dateToString")
  if (date === null) return onNull ?? null
  if (format === null || timezone === null) return null
  if (format !== undefined && typeof format !== 'string')
    throw badValue("$dateToString requires that 'format' be a string")
  const standard =
    timezone === undefined || timezone === 'UTC' ? '%Y-%m-%dT%H:%M:%S.%LZ' : '%Y-%m-%dT%H:%M:%S.%L'
  return formatDate(asDate(date), format ?? standard, timezone)
}

const dateFromString: Operator = (object, expression, context) => {
  const given = options('$dateFromString', object, expression, context, [
    'dateString',
    'format',
    'timezone',
    'onError',
    'onNull',
  ])
  const { dateString, format, timezone, onError, onNull } = given
  if (isNil(dateString)) return onNull ?? null
  if (timezone === null || format === null) return null
  if (typeof dateString === 'string') {
    const date =
      typeof format === 'string' ? parseDateAs(dateString, format, timezone) : parseDate(dateString, timezone)
    if (date) return date
  }
  if ('onError' in given) return onError
  if (typeof dateString !== 'string')
    throw badValue(`$dateFromString requires that 'dateString' be a string, found: ${typeName(dateString)}`)
  throw badValue(`Error parsing date string '${dateString}'`)
}

const dateFromParts: Operator = (object, expression, context) => {
  const parts = options('$dateFromParts', object, expression, context, [
    'year',
    'month',
    'day',
    'hour',
    'minute',
    'second',
    'millisecond',
    'isoWeekYear',
    'isoWeek',
    'isoDayOfWeek',
    'timezone',
  ])
  const iso = 'isoWeekYear' in parts
  if (!iso && !('year' in parts))
    throw badValue("$dateFromParts requires either 'year' or 'isoWeekYear' to be present")
  for (const [name, value] of Object.entries(parts)) {
    if (value === null) return null
    if (name !== 'timezone' && !Number.isInteger(value))
      throw badValue(`'${name}' must evaluate to an integer, found ${typeName(value)}`)
  }
  const part = (name: string, otherwise: number): number => (parts[name] as number | undefined) ?? otherwise
  const year = part(iso ? 'isoWeekYear' : 'year', 1970)
  if (year < 1 || year > 9999)
    throw badValue(
      `'${iso ? 'isoWeekYear' : 'year'}' must evaluate to an integer in the range 1 to 9999, found ${year}`,
    )
  const day = iso
    ? isoDate(year, part('isoWeek', 1), part('isoDayOfWeek', 1))
    : new Date(Date.UTC(2000, part('month', 1) - 1, part('day', 1))).setUTCFullYear(
        year + yearsOver(part('month', 1)),
        modulo(part('month', 1) - 1, 12),
        part('day', 1),
      )
  const wall =
    day +
    ((part('hour', 0) * 60 + part('minute', 0)) * 60 + part('second', 0)) * 1000 +
    part('millisecond', 0)
  return fromWallClock(wall, parts.timezone)
}

const yearsOver = (month: number): number => Math.floor((month - 1) / 12)
const modulo = (value: number, by: number): number => ((value % by) + by) % by

const dateToParts: Operator = (object, expression, context) => {
  const { date, timezone, iso8601 } = options('$dateToParts', object, expression, context, [
    'date',
    'timezone',
    'iso8601',
  ])
  if (isNil(date) || timezone === null) return null
  const moment = asDate(date)
  const local = new Date(moment.getTime() + zoneOffset(timezone, moment) * 60_000)
  const time = {
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: local.getUTCMilliseconds(),
  }
  if (iso8601 !== true) {
    return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate(), ...time }
  }
  const { year, week: weekNumber } = isoWeek(local)
  return { isoWeekYear: year, isoWeek: weekNumber, isoDayOfWeek: isoDayOfWeek(local), ...time }
}

// ---- arrays, sets, objects

const needsArray = (name: string, value: unknown): unknown[] => {
  if (!Array.isArray(value))
    throw badValue(
      `The argument to ${name} must be an array, but was of type: ${value === undefined ? 'missing' : typeName(value)}`,
    )
  return value
}

function distinct(values: unknown[]): unknown[] {
  const result: unknown[] = []
  for (const value of values) if (!result.some(other => sameValue(other, value))) result.push(value)
  return result
}

const setOperator = (name: string, compute: (sets: unknown[][]) => unknown[]): Operator =>
  withArguments(name, 0, 1000, values => {
    if (values.some(isNil)) return null
    for (const value of values) {
      if (!Array.isArray(value))
        throw badValue(`All operands of ${name} must be arrays. One argument is of type: ${typeName(value)}`)
    }
    return compute(values as unknown[][])
  })

const slice: Operator = withArguments('$slice', 2, 3, ([value, first, second]) => {
  if (isNil(value) || isNil(first) || second === null) return null
  const array = needsArray('$slice', value)
  if (!Number.isInteger(first)) throw badValue('Second argument to $slice must be numeric and integral')
  if (second === undefined)
    return (first as number) < 0 ? array.slice(first as number) : array.slice(0, first as number)
  if (!Number.isInteger(second)) throw badValue('Third argument to $slice must be numeric and integral')
  if ((second as number) <= 0) throw badValue(`Third argument to $slice must be positive: ${String(second)}`)
  const from = (first as number) < 0 ? Math.max(0, array.length + (first as number)) : (first as number)
  return array.slice(from, from + (second as number))
})

const arrayToObject: Operator = withArguments('$arrayToObject', 1, 1, ([value]) => {
  if (isNil(value)) return null
  const entries = needsArray('$arrayToObject', value)
  const result: Record<string, unknown> = {}
  for (const entry of entries) {
    let key: unknown
    let item: unknown
    if (Array.isArray(entry) && entry.length === 2) [key, item] = entry
    else if (isDocument(entry) && 'k' in entry && 'v' in entry && Object.keys(entry).length === 2) {
      key = entry.k
      item = entry.v
    } else throw badValue("$arrayToObject requires an array of size 2 arrays or of objects with 'k' and 'v'")
    if (typeof key !== 'string')
      throw badValue(`$arrayToObject requires keys of type string, found: ${typeName(key)}`)
    if (key === '__proto__' || key === 'constructor')
      throw invalidParam(`the field name '${key}' is not allowed`)
    result[key] = item
  }
  return result
})

function mergeAll(values: unknown[]): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const value of values) {
    if (isNil(value)) continue
    if (!isDocument(value))
      throw badValue(
        `$mergeObjects requires object inputs, but input ${JSON.stringify(value)} is of type ${typeName(value)}`,
      )
    Object.assign(result, value)
  }
  return result
}

// ---- accumulators, which are expressions as well

type Fold = (values: unknown[]) => unknown

const numbers = (values: unknown[]): number[] => values.filter(value => typeof value === 'number')

function deviation(values: unknown[], sample: boolean): number | null {
  const list = numbers(values)
  const divisor = list.length - (sample ? 1 : 0)
  if (divisor < 1) return null
  const mean = list.reduce((a, b) => a + b, 0) / list.length
  return Math.sqrt(list.reduce((total, value) => total + (value - mean) ** 2, 0) / divisor)
}

function extreme(values: unknown[], sign: 1 | -1): unknown {
  let best: unknown = null
  for (const value of values) {
    if (isNil(value)) continue
    if (best === null || compareValues(value, best) * sign > 0) best = value
  }
  return best
}

const folds: Record<string, Fold> = {
  $sum: values => numbers(values).reduce((a, b) => a + b, 0),
  $avg: values => {
    const list = numbers(values)
    return list.length === 0 ? null : list.reduce((a, b) => a + b, 0) / list.length
  },
  $max: values => extreme(values, 1),
  $min: values => extreme(values, -1),
  $stdDevPop: values => deviation(values, false),
  $stdDevSamp: values => deviation(values, true),
  $mergeObjects: mergeAll,
}

/** Only in `$group`: an expression of the same name takes an array instead. */
const groupFolds: Record<string, Fold> = {
  $push: values => values.filter(value => value !== undefined),
  $addToSet: values => distinct(values.filter(value => value !== undefined)),
  $first: values => values[0] ?? null,
  $last: values => values.at(-1) ?? null,
}

function valuesOf(group: unknown[], expression: unknown, context: Options): unknown[] {
  return group.map(document => evaluate(document, expression, plain(context) as unknown as Options))
}

/** Options without the root of an outer evaluation, so that each document becomes its own root. */
function plain(context: Options): Record<string, unknown> {
  const { options: inner, local } = context as unknown as {
    options?: Record<string, unknown>
    local?: { variables?: Record<string, unknown> }
  }
  const base = inner ?? (context as unknown as Record<string, unknown>)
  return { ...base, variables: { ...(base.variables as object | undefined), ...local?.variables } }
}

const accumulated: Record<string, Operator> = {}
for (const [name, fold] of Object.entries({ ...folds, ...groupFolds })) {
  accumulated[name] = (group, expression, context) => fold(valuesOf(group as unknown[], expression, context))
}

/** mingo looks up expressions first, even inside `$group`. There, `object` is the array of documents. */
const asExpression: Record<string, Operator> = {}
for (const [name, fold] of Object.entries(folds)) {
  asExpression[name] = (object, expression, context) => {
    if (Array.isArray(object)) return (accumulated[name] as Operator)(object, expression, context)
    if (Array.isArray(expression)) {
      const values = expression.map(item => evaluate(object, item, context))
      // The single value of a list is expanded if it is an array, as a single operand is.
      return fold(values.length === 1 && Array.isArray(values[0]) ? values[0] : values)
    }
    const value = evaluate(object, expression, context)
    return fold(Array.isArray(value) ? value : [value])
  }
}

const own: Record<string, Operator> = {
  ...asExpression,
  $eq: comparison('$eq', order => order === 0),
  $ne: comparison('$ne', order => order !== 0),
  $gt: comparison('$gt', order => order > 0),
  $gte: comparison('$gte', order => order >= 0),
  $lt: comparison('$lt', order => order < 0),
  $lte: comparison('$lte', order => order <= 0),
  $cmp: withArguments('$cmp', 2, 2, ([a, b]) => Math.sign(compareOperands(a, b))),
  $not: withArguments('$not', 1, 1, ([value]) => !truthy(value)),
  $and: (object, expression, context) =>
    asList(expression).every(item => truthy(evaluate(object, item, context))),
  $or: (object, expression, context) =>
    asList(expression).some(item => truthy(evaluate(object, item, context))),
  $switch: (object, expression, context) => {
    if (!isDocument(expression) || !Array.isArray(expression.branches) || expression.branches.length === 0) {
      throw badValue('$switch requires at least one branch.')
    }
    for (const branch of expression.branches as Record<string, unknown>[]) {
      if (!isDocument(branch) || !('case' in branch) || !('then' in branch))
        throw badValue("$switch requires each branch have a 'case' and a 'then' expression")
      if (truthy(evaluate(object, branch.case, context))) return evaluate(object, branch.then, context)
    }
    if (!('default' in expression))
      throw badValue('$switch could not find a matching branch for an input, and no default was specified.')
    return evaluate(object, expression.default, context)
  },
  $mod: withArguments('$mod', 2, 2, ([a, b]) => {
    if (isNil(a) || isNil(b)) return null
    if (typeof a !== 'number' || typeof b !== 'number')
      throw badValue(`$mod only supports numeric types, not ${typeName(a)} and ${typeName(b)}`)
    if (b === 0) throw badValue("can't $mod by zero")
    return a % b
  }),
  $trunc: rounding('$trunc', Math.trunc),
  $round: rounding('$round', halfToEven),
  $ln: numeric('$ln', value => {
    if (value <= 0) throw badValue(`$ln's argument must be a positive number, but is ${value}`)
    return Math.log(value)
  }),
  $log10: numeric('$log10', value => {
    if (value <= 0) throw badValue(`$log10's argument must be a positive number, but is ${value}`)
    return Math.log10(value)
  }),
  $substr: substringOfBytes,
  $substrBytes: substringOfBytes,
  $substrCP: substringOfCodePoints,
  $indexOfCP: indexOf('$indexOfCP', codePoints, (text, from, to) => [...text].slice(from, to).join('')),
  $indexOfBytes: indexOf(
    '$indexOfBytes',
    text => Buffer.byteLength(text),
    (text, from, to) => Buffer.from(text).subarray(from, to).toString(),
  ),
  $strLenCP: length('$strLenCP', codePoints),
  $strLenBytes: length('$strLenBytes', text => Buffer.byteLength(text)),
  $split: withArguments('$split', 2, 2, ([value, separator]) => {
    if (isNil(value) || isNil(separator)) return null
    if (typeof value !== 'string' || typeof separator !== 'string')
      throw badValue('$split requires an expression that evaluates to a string')
    if (separator === '') throw badValue('$split requires a non-empty separator')
    return value.split(separator)
  }),
  // ASCII letters only, as in MongoDB.
  $toLower: withArguments('$toLower', 1, 1, ([value]) =>
    textOf(value, '$toLower').replace(/[A-Z]+/g, part => part.toLowerCase()),
  ),
  $toUpper: withArguments('$toUpper', 1, 1, ([value]) =>
    textOf(value, '$toUpper').replace(/[a-z]+/g, part => part.toUpperCase()),
  ),
  $strcasecmp: withArguments('$strcasecmp', 2, 2, ([a, b]) =>
    Math.sign(compareValues(textOf(a, '$strcasecmp').toUpperCase(), textOf(b, '$strcasecmp').toUpperCase())),
  ),
  $year: datePart('$year', date => date.getUTCFullYear()),
  $month: datePart('$month', date => date.getUTCMonth() + 1),
  $dayOfMonth: datePart('$dayOfMonth', date => date.getUTCDate()),
  $dayOfWeek: datePart('$dayOfWeek', date => date.getUTCDay() + 1),
  $dayOfYear: datePart('$dayOfYear', dayOfYear),
  $hour: datePart('$hour', date => date.getUTCHours()),
  $minute: datePart('$minute', date => date.getUTCMinutes()),
  $second: datePart('$second', date => date.getUTCSeconds()),
  $millisecond: datePart('$millisecond', date => date.getUTCMilliseconds()),
  $week: datePart('$week', week),
  $isoWeek: datePart('$isoWeek', date => isoWeek(date).week),
  $isoWeekYear: datePart('$isoWeekYear', date => isoWeek(date).year),
  $isoDayOfWeek: datePart('$isoDayOfWeek', isoDayOfWeek),
  $dateToString: dateToString,
  $dateFromString: dateFromString,
  $dateFromParts: dateFromParts,
  $dateToParts: dateToParts,
  $size: withArguments('$size', 1, 1, ([value]) => needsArray('$size', value).length),
  $slice: slice,
  $in: withArguments('$in', 2, 2, ([value, list]) => {
    if (!Array.isArray(list))
      throw badValue(
        `$in requires an array as a second argument, found: ${list === undefined ? 'missing' : typeName(list)}`,
      )
    return list.some(item => sameValue(item, value))
  }),
  $indexOfArray: withArguments('$indexOfArray', 2, 4, ([value, search, from = 0, to]) => {
    if (isNil(value)) return null
    const array = needsArray('$indexOfArray', value)
    for (const bound of [from, to ?? 0]) {
      if (!Number.isInteger(bound) || (bound as number) < 0)
        throw badValue(`$indexOfArray requires a nonnegative integral index, found: ${String(bound)}`)
    }
    const end = Math.min(array.length, (to as number | undefined) ?? array.length)
    for (let i = from as number; i < end; i++) if (sameValue(array[i], search)) return i
    return -1
  }),
  $arrayToObject: arrayToObject,
  $setUnion: setOperator('$setUnion', sets => distinct(sets.flat())),
  $setIntersection: setOperator('$setIntersection', ([first = [], ...others]) =>
    distinct(first.filter(item => others.every(set => set.some(other => sameValue(other, item))))),
  ),
  $setDifference: withArguments('$setDifference', 2, 2, ([a, b]) => {
    if (isNil(a) || isNil(b)) return null
    const [left, right] = [needsArray('$setDifference', a), needsArray('$setDifference', b)]
    return distinct(left.filter(item => !right.some(other => sameValue(other, item))))
  }),
  $setEquals: withArguments('$setEquals', 2, 1000, values => {
    const sets = values.map(value => distinct(needsArray('$setEquals', value)).sort(compareValues))
    return sets.every(set => compareValues(set, sets[0]) === 0)
  }),
  $setIsSubset: withArguments('$setIsSubset', 2, 2, ([a, b]) => {
    const [left, right] = [needsArray('$setIsSubset', a), needsArray('$setIsSubset', b)]
    return left.every(item => right.some(other => sameValue(other, item)))
  }),
}

function asList(expression: unknown): unknown[] {
  return Array.isArray(expression) ? expression : [expression]
}

/** Null, missing, false and zero are false. Everything else is true, including the empty string. */
function truthy(value: unknown): boolean {
  return !isNil(value) && value !== false && value !== 0
}

const refused = new Set([
  '$function',
  '$accumulator',
  '$where',
  '$meta',
  '$rand',
  '$sampleRate',
  '$toHashedIndexKey',
])

export const expressionOperators: Record<string, unknown> = { ...mingoExpressions, ...own }
export const accumulatorOperators: Record<string, unknown> = { ...mingoAccumulators, ...accumulated }

export function isAccumulator(name: string): boolean {
  return Object.hasOwn(accumulatorOperators, name) && !refused.has(name)
}

/**
 * Refuses an expression that MongoDB would not parse: an unknown operator (the error names it), or two operators in one
 * object. Without this check the error would occur only if there is a document to evaluate.
 */
export function checkExpression(expression: unknown): void {
  if (Array.isArray(expression)) {
    for (const item of expression) checkExpression(item)
    return
  }
  if (!isDocument(expression) || isRegExp(expression)) return
  const keys = Object.keys(expression)
  const operator = keys.find(key => key.startsWith('$'))
  if (operator !== undefined) {
    if (keys.length > 1) throw badValue('an object representing an expression must have exactly one field')
    if (refused.has(operator)) throw notOffered(`the expression ${operator}`)
    if (!Object.hasOwn(expressionOperators, operator) && !isAccumulator(operator)) {
      throw badValue(`Unrecognized expression '${operator}'`)
    }
    if (operator === '$literal') return
  }
  for (const key of keys) checkExpression(expression[key])
}

/** Whether two values have the same type in BSON's order. */
export function sameType(a: unknown, b: unknown): boolean {
  return typeRank(a) === typeRank(b)
}
