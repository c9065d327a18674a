import { Context, ProcessingMode } from 'mingo/core'
import * as projectionOperators from 'mingo/operators/projection'
import { Query } from 'mingo/query'
import type { Document } from './ejson'
import { badValue, invalidParam } from './errors'
import { isDocument } from './order'
import { prepareQuery, queryContext } from './query'

const context = Context.from(queryContext, Context.init({ projection: projectionOperators as never }))

export type Projection = (document: Document) => Document

/**
 * Checks a projection as MongoDB does and returns what it does to a document. `query` is the prepared query, which a
 * positional `field.$` refers to. The result never shares a part that the projection changed.
 */
export function prepareProjection(
  projection: Record<string, unknown>,
  query: Record<string, unknown>,
): Projection | null {
  const fields = Object.keys(projection)
  if (fields.length === 0) return null
  let mode: 'inclusion' | 'exclusion' | null = null
  for (const field of fields) {
    if (field === '' || field.startsWith('.') || field.endsWith('.')) {
      throw badValue(`FieldPath must not end with a '.' or be empty: '${field}'`)
    }
    if (field.startsWith('$')) throw badValue(`FieldPath field names may not start with '$': '${field}'`)
    if (field.split('.').includes('__proto__')) throw invalidParam(`the field name '${field}' is not allowed`)
    const value = projection[field]
    if (isDocument(value)) {
      checkOperator(field, value)
      continue
    }
    if (typeof value !== 'number' && typeof value !== 'boolean')
      throw badValue(`invalid projection of '${field}'`)
    if (field === '_id') continue
    const here = Number(value) === 0 ? 'exclusion' : 'inclusion'
    if (mode !== null && mode !== here) {
      throw badValue(`Cannot do ${here} on field ${field} in ${mode} projection`)
    }
    mode = here
  }
  for (const [i, field] of fields.entries()) {
    const collision = fields.find((other, j) => i !== j && other.startsWith(`${field}.`))
    if (collision)
      throw badValue(`Path collision at ${collision} remaining portion ${collision.slice(field.length + 1)}`)
  }
  if (fields.every(field => !field.includes('.') && !isDocument(projection[field])))
    return simple(projection, mode)
  const prepared = prepareOperators(projection)
  const run = new Query(query, { context, scriptEnabled: false, processingMode: ProcessingMode.CLONE_INPUT })
  return document => {
    // The query is asked again by the cursor; the document is known to match it.
    const found = run.find([structuredCloneDocument(document)], prepared).all()[0]
    return (found as Document | undefined) ?? {}
  }
}

function simple(projection: Record<string, unknown>, mode: 'inclusion' | 'exclusion' | null): Projection {
  const wanted = Object.keys(projection).filter(field => Number(projection[field]) !== 0)
  const unwanted = Object.keys(projection).filter(field => Number(projection[field]) === 0)
  const including = mode === 'inclusion' || (mode === null && wanted.includes('_id'))
  if (including) {
    const keep = new Set(wanted)
    if (projection._id === undefined) keep.add('_id')
    return document => {
      const result: Document = {}
      for (const field of Object.keys(document)) if (keep.has(field)) result[field] = document[field]
      return result
    }
  }
  const drop = new Set(unwanted)
  return document => {
    const result: Document = {}
    for (const field of Object.keys(document)) if (!drop.has(field)) result[field] = document[field]
    return result
  }
}

function checkOperator(field: string, value: Record<string, unknown>): void {
  const keys = Object.keys(value)
  const operator = keys[0]
  if (keys.length !== 1 || operator === undefined) throw badValue(`invalid projection of '${field}'`)
  const operand = value[operator]
  if (operator === '$slice') {
    const numbers = Array.isArray(operand) ? operand : [operand]
    if (numbers.length > 2 || numbers.length === 0 || !numbers.every(Number.isInteger)) {
      throw badValue('$slice only supports numbers and [skip, limit] arrays')
    }
    if (Array.isArray(operand) && operand.length === 2 && (operand[1] as number) <= 0) {
      throw badValue('$slice limit must be positive')
    }
    return
  }
  if (operator === '$elemMatch') {
    if (!isDocument(operand)) throw badValue('$elemMatch: Invalid argument, object required')
    if (field.includes('.')) throw badValue('Cannot use $elemMatch projection on a nested field')
    return
  }
  throw badValue(`Unsupported projection option: ${field}: { ${operator} }`)
}

function prepareOperators(projection: Record<string, unknown>): Record<string, never> {
  const prepared: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(projection)) {
    prepared[field] =
      isDocument(value) && isDocument(value.$elemMatch)
        ? { $elemMatch: prepareQuery(value.$elemMatch) }
        : value
  }
  return prepared as Record<string, never>
}

/** mingo's exclusions cut fields out of nested objects in place: it must never see a stored document. */
function structuredCloneDocument(value: Document): Document {
  return clone(value) as Document
}

function clone(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clone)
  if (!isDocument(value)) return value
  const copy: Document = {}
  for (const key of Object.keys(value)) copy[key] = clone(value[key])
  return copy
}
