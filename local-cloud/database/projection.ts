import type { Document } from './ejson'
import { badValue, invalidParam } from './errors'
import { isDocument } from './order'
import { compileQuery, elementMatches, type Predicate, prepareQuery, queryContext } from './query'

/*
 * Projections of reads (aggregation uses mingo's). mingo's projection of reads returns a `$slice` without the other
 * fields, drops nested arrays of scalars differently, and is a hundred times slower.
 */

export type Projection = (document: Document) => Document

type Mode = 'inclusion' | 'exclusion'

/** Transforms the value at a path. `undefined` removes the field. */
interface Edit {
  path: readonly string[]
  change: (value: unknown) => unknown
}

/**
 * Checks a projection as MongoDB does and returns a function that applies it, or null if it changes nothing. A
 * positional `field.$` refers to `query`, the prepared query. The result shares unchanged parts with the document.
 */
export function prepareProjection(
  projection: Record<string, unknown>,
  query: Record<string, unknown>,
): Projection | null {
  const fields = Object.keys(projection)
  if (fields.length === 0) return null
  let mode: Mode | null = null
  const claim = (field: string, wanted: Mode): void => {
    if (mode !== null && mode !== wanted)
      throw badValue(`Cannot do ${wanted} on field ${field} in ${mode} projection`)
    mode = wanted
  }
  const edits: Edit[] = []
  const shown: string[] = []
  const hidden: string[] = []
  for (const field of fields) {
    const value = projection[field]
    const path = field.endsWith('.$') ? field.slice(0, -2) : field
    checkPath(path)
    if (isDocument(value)) {
      const edit = prepareOperator(path, value)
      edits.push({ path: path.split('.'), change: edit.change })
      shown.push(path)
      // A $slice alone keeps the other fields. An $elemMatch does not.
      if (edit.includes) claim(field, 'inclusion')
      continue
    }
    if (typeof value !== 'number' && typeof value !== 'boolean')
      throw badValue(`invalid projection of '${field}'`)
    const include = Number(value) !== 0
    if (path !== field) {
      if (!include) throw badValue(`positional projection '${field}' cannot be used with exclusion`)
      edits.push({ path: path.split('.'), change: positional(path, query) })
      claim(field, 'inclusion')
    } else if (field !== '_id') claim(field, include ? 'inclusion' : 'exclusion')
    ;(include ? shown : hidden).push(path)
  }
  refuseCollisions([...shown, ...hidden])
  const including = mode === 'inclusion' || (mode === null && edits.length === 0 && hidden.length === 0)
  if (including && !hidden.includes('_id')) shown.push('_id')
  const tree = treeOf(including ? shown : hidden)
  const pick = including ? include : exclude
  return document => {
    let result: unknown = pick(document, tree)
    for (const { path, change } of edits) result = editAt(result, path, change)
    return result as Document
  }
}

function checkPath(path: string): void {
  const parts = path.split('.')
  if (parts.includes('')) throw badValue(`FieldPath must not be empty or end with a '.': '${path}'`)
  const dollar = parts.find(part => part.startsWith('$'))
  if (dollar !== undefined) throw badValue(`FieldPath field names may not start with '$': '${path}'`)
  if (parts.includes('__proto__') || parts.includes('constructor')) {
    throw invalidParam(`the field name '${path}' is not allowed`)
  }
}

function refuseCollisions(paths: string[]): void {
  for (const [i, path] of paths.entries()) {
    const collision = paths.find((other, j) => i !== j && (other.startsWith(`${path}.`) || other === path))
    if (collision !== undefined) throw badValue(`Path collision at ${collision}`)
  }
}

function prepareOperator(
  field: string,
  value: Record<string, unknown>,
): { change: (value: unknown) => unknown; includes: boolean } {
  const [operator, ...more] = Object.keys(value)
  if (operator === undefined || more.length > 0) throw badValue(`invalid projection of '${field}'`)
  const operand = value[operator]
  if (operator === '$slice') return { change: slice(operand), includes: false }
  if (operator === '$elemMatch') {
    if (!isDocument(operand)) throw badValue('$elemMatch: Invalid argument, object required')
    if (field.includes('.')) throw badValue('Cannot use $elemMatch projection on a nested field')
    const prepared = prepareQuery({ v: { $elemMatch: operand } }) as { v: { $elemMatch: unknown } }
    const matches = elementMatches(prepared.v.$elemMatch, { context: queryContext } as never)
    return { change: value => firstMatch(value, matches), includes: true }
  }
  throw badValue(`Unsupported projection option: ${field}: { ${operator} }`)
}

/** An array with the first matching element. Undefined if no element matches. */
function firstMatch(value: unknown, matches: (item: unknown) => boolean): unknown {
  if (!Array.isArray(value)) return undefined
  const found = value.findIndex(matches)
  return found === -1 ? undefined : [value[found]]
}

function slice(operand: unknown): (value: unknown) => unknown {
  const numbers = Array.isArray(operand) ? operand : [operand]
  if (numbers.length === 0 || numbers.length > 2 || !numbers.every(Number.isInteger)) {
    throw badValue('$slice only supports numbers and [skip, limit] arrays')
  }
  const [first, limit] = numbers as [number, number | undefined]
  if (limit !== undefined && limit <= 0) throw badValue('$slice limit must be positive')
  return value => {
    if (!Array.isArray(value)) return value
    if (limit === undefined) return first < 0 ? value.slice(first) : value.slice(0, first)
    const from = first < 0 ? Math.max(0, value.length + first) : first
    return value.slice(from, from + limit)
  }
}

/** `field.$`: the first element that meets the query's conditions on that field. */
function positional(field: string, query: Record<string, unknown>): (value: unknown) => unknown {
  const tests: ((item: unknown) => boolean)[] = []
  collectConditions(query, field, tests)
  if (tests.length === 0) {
    throw badValue(
      "Executor error during find command: positional operator '.$' requires corresponding field in query specifier",
    )
  }
  return value => (Array.isArray(value) ? firstMatch(value, item => tests.every(test => test(item))) : value)
}

function collectConditions(
  query: Record<string, unknown>,
  field: string,
  tests: ((item: unknown) => boolean)[],
): void {
  for (const [key, condition] of Object.entries(query)) {
    if (key === '$and') {
      for (const part of condition as Record<string, unknown>[]) collectConditions(part, field, tests)
    } else if (key === field) {
      if (isDocument(condition) && isDocument(condition.$elemMatch)) {
        tests.push(elementMatches(condition.$elemMatch, { context: queryContext } as never))
      } else {
        const matches = compileQuery({ v: condition })
        tests.push(item => matches({ v: item }))
      }
    } else if (key.startsWith(`${field}.`)) {
      const matches: Predicate = compileQuery({ [key.slice(field.length + 1)]: condition })
      tests.push(item => isDocument(item) && matches(item))
    }
  }
}

/** A field name that maps to null includes the whole field. */
type Tree = Map<string, Tree | null>

function treeOf(paths: string[]): Tree {
  const root: Tree = new Map()
  for (const path of paths) {
    let tree = root
    const parts = path.split('.')
    for (const part of parts.slice(0, -1)) {
      const inner: Tree = tree.get(part) ?? new Map()
      tree.set(part, inner)
      tree = inner
    }
    tree.set(parts.at(-1) as string, null)
  }
  return root
}

const NOTHING = Symbol('nothing')

function include(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map(item => include(item, tree)).filter(item => item !== NOTHING)
  if (!isDocument(value)) return NOTHING
  const result: Document = {}
  for (const field of Object.keys(value)) {
    const inner = tree.get(field)
    if (inner === undefined) continue
    const child = inner === null ? value[field] : include(value[field], inner)
    if (child !== NOTHING) result[field] = child
  }
  return result
}

function exclude(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map(item => exclude(item, tree))
  if (!isDocument(value)) return value
  const result: Document = {}
  for (const field of Object.keys(value)) {
    const inner = tree.get(field)
    if (inner === undefined) result[field] = value[field]
    else if (inner !== null) result[field] = exclude(value[field], inner)
  }
  return result
}

function editAt(value: unknown, path: readonly string[], change: (value: unknown) => unknown): unknown {
  const [field, ...rest] = path
  if (field === undefined) return change(value)
  if (Array.isArray(value)) return value.map(item => editAt(item, path, change))
  if (!isDocument(value) || !Object.hasOwn(value, field)) return value
  const after = editAt(value[field], rest, change)
  if (after !== undefined) return { ...value, [field]: after }
  const { [field]: _left, ...others } = value
  return others
}
