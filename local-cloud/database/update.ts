import type { Document } from './ejson'
import { badValue, invalidParam, requestFailed } from './errors'
import { MAX_DEPTH } from './limits'
import { compareValues, isDocument, isRegExp, sameValue, typeName, typeRank } from './order'
import { isArrayIndex } from './path'
import { elementMatches, prepareQuery, queryContext, toRegExp } from './query'
import { compareBySort } from './sort'

/*
 * The update operators. mingo's are not used. They do nothing where MongoDB fails (`$inc` on text, `$push` on a number,
 * a field inside null), skip `$sort` and `$slice` on a missing array, and leave holes in arrays. Each operator here is
 * a function from the old value to the new value. One strict walk along the path finds the value.
 */

/** As an old value: the field is missing. As a new value: remove the field. */
const MISSING = Symbol('missing')

type Rule = (before: unknown, operand: unknown, path: string) => unknown

const typeMismatch = (message: string): Error => requestFailed('TypeMismatch', message)

function isNumeric(value: unknown): value is number {
  return typeof value === 'number'
}

const arithmetic =
  (
    operator: string,
    verb: string,
    start: (operand: number) => number,
    combine: (a: number, b: number) => number,
  ): Rule =>
  (before, operand, path) => {
    if (!isNumeric(operand)) {
      throw typeMismatch(`Cannot ${verb} with non-numeric argument: {${path}: ${JSON.stringify(operand)}}`)
    }
    if (before === MISSING) return start(operand)
    if (!isNumeric(before)) {
      throw typeMismatch(
        `Cannot apply ${operator} to a value of non-numeric type. The field '${path}' is of non-numeric type ${typeName(before)}`,
      )
    }
    return combine(before, operand)
  }

function arrayOr(before: unknown, operator: string, path: string): unknown[] {
  if (before === MISSING) return []
  if (!Array.isArray(before)) {
    throw badValue(`The field '${path}' must be an array but is of type ${typeName(before)} (${operator})`)
  }
  return before
}

const pushModifiers = new Set(['$each', '$position', '$sort', '$slice'])

const push: Rule = (before, operand, path) => {
  const array = arrayOr(before, '$push', path).slice()
  const modifiers =
    isDocument(operand) && Object.keys(operand).some(key => key.startsWith('$'))
      ? operand
      : { $each: [operand] }
  for (const key of Object.keys(modifiers)) {
    if (!pushModifiers.has(key)) throw badValue(`Unrecognized clause in $push: ${key}`)
  }
  const { $each, $position, $sort, $slice } = modifiers as Record<string, unknown>
  if (!Array.isArray($each))
    throw badValue(`The argument to $each in $push must be an array but it was of type: ${typeName($each)}`)
  let at = array.length
  if ($position !== undefined) {
    if (!Number.isInteger($position)) throw badValue('The value for $position must be an integer value')
    at = ($position as number) < 0 ? Math.max(0, array.length + ($position as number)) : ($position as number)
  }
  array.splice(at, 0, ...$each)
  if ($sort !== undefined) {
    if ($sort === 1 || $sort === -1) array.sort((a, b) => $sort * compareValues(a, b))
    else if (
      isDocument($sort) &&
      Object.keys($sort).length > 0 &&
      Object.values($sort).every(d => d === 1 || d === -1)
    ) {
      array.sort(compareBySort($sort as Record<string, 1 | -1>))
    } else
      throw badValue(
        'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
      )
  }
  if ($slice !== undefined) {
    if (!Number.isInteger($slice)) throw badValue('The value for $slice must be an integer value')
    const count = $slice as number
    return count < 0 ? array.slice(count) : array.slice(0, count)
  }
  return array
}

const addToSet: Rule = (before, operand, path) => {
  const array = arrayOr(before, '$addToSet', path).slice()
  const each = isDocument(operand) && '$each' in operand
  if (each && Object.keys(operand).length > 1)
    throw badValue('Found unexpected fields after $each in $addToSet')
  const values = each ? operand.$each : [operand]
  if (!Array.isArray(values))
    throw typeMismatch(
      `The argument to $each in $addToSet must be an array but it was of type ${typeName(values)}`,
    )
  for (const value of values) if (!array.some(item => sameValue(item, value))) array.push(value)
  return array
}

const pop: Rule = (before, operand, path) => {
  if (operand !== 1 && operand !== -1)
    throw requestFailed('FailedToParse', `$pop expects 1 or -1, found: ${JSON.stringify(operand)}`)
  if (before === MISSING) return MISSING
  if (!Array.isArray(before))
    throw typeMismatch(`Path '${path}' contains an element of non-array type '${typeName(before)}'`)
  return operand === 1 ? before.slice(0, -1) : before.slice(1)
}

const pull: Rule = (before, operand, path) => {
  if (before === MISSING) return MISSING
  if (!Array.isArray(before)) throw badValue(`Cannot apply $pull to a non-array value (${path})`)
  const matches = pullPredicate(operand)
  const retained = before.filter(item => !matches(item))
  return retained.length === before.length ? before : retained
}

/**
 * A plain object matches elements that contain its fields. Operators match the element itself. Other values match equal
 * elements.
 */
function pullPredicate(operand: unknown): (item: unknown) => boolean {
  if (!isDocument(operand)) {
    if (isRegExp(operand) || (operand as { _bsontype?: string } | null)?._bsontype === 'BSONRegExp') {
      const pattern = toRegExp(operand)
      return item => typeof item === 'string' && pattern.test(item)
    }
    return item => sameValue(item, operand)
  }
  const prepared = prepareQuery({ v: { $elemMatch: operand } }) as { v: { $elemMatch: unknown } }
  return elementMatches(prepared.v.$elemMatch, { context: queryContext } as never)
}

const pullAll: Rule = (before, operand, path) => {
  if (!Array.isArray(operand))
    throw badValue(`$pullAll requires an array argument but was given a ${typeName(operand)}`)
  if (before === MISSING) return MISSING
  if (!Array.isArray(before)) throw badValue(`Cannot apply $pullAll to a non-array value (${path})`)
  const retained = before.filter(item => !operand.some(value => sameValue(value, item)))
  return retained.length === before.length ? before : retained
}

const bit: Rule = (before, operand, path) => {
  if (!isDocument(operand))
    throw badValue(
      `The $bit modifier is not compatible with a ${typeName(operand)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
    )
  const operations = Object.entries(operand)
  if (operations.length === 0)
    throw badValue(
      `You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}`,
    )
  if (before !== MISSING && !Number.isInteger(before)) {
    throw badValue(
      `Cannot apply $bit to a value of non-integral type. ${path} has the field of non-integer type ${typeName(before)}`,
    )
  }
  let value = BigInt(before === MISSING ? 0 : (before as number))
  for (const [name, argument] of operations) {
    if (!Number.isInteger(argument))
      throw badValue(
        `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(argument)}' is not supported here`,
      )
    const mask = BigInt(argument as number)
    if (name === 'and') value &= mask
    else if (name === 'or') value |= mask
    else if (name === 'xor') value ^= mask
    else
      throw badValue(
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator`,
      )
  }
  return Number(value)
}

const rules: Record<string, Rule> = {
  $set: (_before, operand) => operand,
  $inc: arithmetic(
    '$inc',
    'increment',
    amount => amount,
    (a, b) => a + b,
  ),
  $mul: arithmetic(
    '$mul',
    'multiply',
    () => 0,
    (a, b) => a * b,
  ),
  $min: (before, operand) => (before === MISSING || compareValues(operand, before) < 0 ? operand : before),
  $max: (before, operand) => (before === MISSING || compareValues(operand, before) > 0 ? operand : before),
  $push: push,
  $addToSet: addToSet,
  $pop: pop,
  $pull: pull,
  $pullAll: pullAll,
  $bit: bit,
  $unset: () => MISSING,
}
/** These operators leave a missing field missing, so they create no objects along its path. */
const neverCreates = new Set(['$unset', '$pop', '$pull', '$pullAll'])

interface Step {
  path: string
  parts: readonly string[]
  operator: string
  operand: unknown
}

export type Update = (document: Document, now: number) => Document

/**
 * Checks an update as MongoDB does and returns a function that applies it. The new document shares unchanged parts with
 * the old one (it is the same object if nothing changed). Throws for unknown operators, conflicting paths, `_id`, and
 * invalid operands.
 */
export function prepareUpdate(update: Record<string, unknown>): Update {
  const operators = Object.keys(update)
  if (operators.length === 0)
    throw requestFailed(
      'FailedToParse',
      "'$set' is empty. You must specify a field like so: {$set: {<field>: ...}}",
    )
  const steps: Step[] = []
  const touched: string[] = []
  const touch = (path: string): void => {
    checkPath(path)
    for (const other of touched) {
      if (other === path || other.startsWith(`${path}.`) || path.startsWith(`${other}.`)) {
        throw requestFailed(
          'ConflictingUpdateOperators',
          `Updating the path '${path}' would create a conflict at '${other.length < path.length ? other : path}'`,
        )
      }
    }
    touched.push(path)
  }
  for (const operator of operators) {
    const fields = update[operator]
    if (!operator.startsWith('$')) {
      throw requestFailed(
        'FailedToParse',
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      )
    }
    if (operator === '$setOnInsert') continue
    if (operator !== '$rename' && operator !== '$currentDate' && !(operator in rules)) {
      throw requestFailed(
        'FailedToParse',
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      )
    }
    if (!isDocument(fields)) {
      throw requestFailed(
        'FailedToParse',
        `Modifiers operate on fields but we found type ${typeName(fields)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${JSON.stringify(fields)}}`,
      )
    }
    for (const path of Object.keys(fields)) {
      touch(path)
      const operand = fields[path]
      if (operator === '$rename') {
        if (typeof operand !== 'string')
          throw badValue(`The 'to' field for $rename must be a string: ${path}: ${JSON.stringify(operand)}`)
        if (operand === path)
          throw badValue(`The source and target field for $rename must differ: ${path}: "${path}"`)
        touch(operand)
      }
      if (
        operator === '$currentDate' &&
        operand !== true &&
        !(isDocument(operand) && operand.$type === 'date')
      ) {
        throw badValue(
          `${JSON.stringify(operand)} is not valid for $currentDate: use true or {$type: 'date'}`,
        )
      }
      steps.push({ path, parts: path.split('.'), operator, operand })
    }
  }
  // MongoDB applies an update in the order of its paths, whatever the operator. Only the result of $rename depends on
  // that order.
  return (document, now) => {
    let result = document
    for (const { path, parts, operator, operand } of steps) {
      if (operator === '$rename') result = rename(result, path, operand as string)
      else if (operator === '$currentDate')
        result = change(result, parts, () => new Date(now), true, path) as Document
      else {
        const rule = rules[operator] as Rule
        result = change(
          result,
          parts,
          before => rule(before, operand, path),
          !neverCreates.has(operator),
          path,
        ) as Document
      }
    }
    return result
  }
}

function checkPath(path: string): void {
  const parts = path.split('.')
  if (path === '') throw requestFailed('EmptyFieldName', 'An empty update path is not valid.')
  if (parts.length > MAX_DEPTH) throw invalidParam(`nested deeper than ${MAX_DEPTH} levels`)
  for (const part of parts) {
    if (part === '') {
      throw requestFailed(
        'EmptyFieldName',
        `The update path '${path}' contains an empty field name, which is not allowed.`,
      )
    }
    if (part.startsWith('$')) {
      throw requestFailed(
        'DollarPrefixedFieldName',
        `The dollar ($) prefixed field '${part}' in '${path}' is not valid for storage.`,
      )
    }
    if (part.includes('\0') || part === '__proto__' || part === 'constructor' || part === '_bsontype') {
      throw invalidParam(`the field name '${part.replaceAll('\0', '\\0')}' is not allowed`)
    }
  }
  if (parts[0] === '_id') {
    throw requestFailed(
      'ImmutableField',
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    )
  }
}

/** A copy of `value` in which `rule` has replaced the field at `parts`. The same object if the field did not change. */
function change(
  value: unknown,
  parts: readonly string[],
  rule: (before: unknown) => unknown,
  creates: boolean,
  path: string,
  at = 0,
): unknown {
  const part = parts[at] as string
  const last = at === parts.length - 1
  if (Array.isArray(value)) {
    if (!isArrayIndex(part)) {
      if (!creates) return value
      throw requestFailed(
        'PathNotViable',
        `Cannot create field '${part}' in element {${parts[at - 1]}: ${JSON.stringify(value).slice(0, 60)}}`,
      )
    }
    const position = Number(part)
    const exists = position < value.length
    if (!exists && !creates) return value
    if (!exists && position > value.length + 1_500_000)
      throw badValue(`can't backfill more than 1500000 elements`)
    const after = next(exists ? value[position] : MISSING)
    if (exists && after === value[position]) return value
    const copy = value.slice()
    while (copy.length < position) copy.push(null)
    copy[position] = after === MISSING ? null : after
    return copy
  }
  if (!isDocument(value)) {
    if (!creates) return value
    throw requestFailed(
      'PathNotViable',
      `Cannot create field '${part}' in element {${parts[at - 1]}: ${JSON.stringify(value ?? null).slice(0, 60)}}`,
    )
  }
  const exists = Object.hasOwn(value, part)
  if (!exists && !creates) return value
  const before = exists ? value[part] : MISSING
  const after = next(before)
  if (after === before) return value
  if (after === MISSING) {
    const { [part]: _removed, ...rest } = value
    return rest
  }
  return { ...value, [part]: after }

  function next(before: unknown): unknown {
    if (last) return rule(before)
    return change(before === MISSING ? {} : before, parts, rule, creates, path, at + 1)
  }
}

function rename(document: Document, from: string, to: string): Document {
  let value: unknown = MISSING
  // The paths of source and target must not go through an array.
  for (const path of [from, to]) {
    let place: unknown = document
    for (const part of path.split('.').slice(0, -1)) {
      if (isDocument(place)) place = place[part]
      if (Array.isArray(place))
        throw badValue(
          `The ${path === from ? 'source' : 'destination'} field cannot be an array element, '${path}' has an array field called '${part}'`,
        )
    }
  }
  const removed = change(
    document,
    from.split('.'),
    before => {
      value = before
      return MISSING
    },
    false,
    from,
  ) as Document
  if (value === MISSING) return document
  return change(removed, to.split('.'), () => value, true, to) as Document
}

/** Whether an update left the document unchanged, both in values and in the order of fields. */
export function unchanged(before: Document, after: Document): boolean {
  return before === after || (typeRank(before) === typeRank(after) && compareValues(before, after) === 0)
}
