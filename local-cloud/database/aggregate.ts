import { Aggregator } from 'mingo/aggregator'
import { Context, evalExpr, ProcessingMode } from 'mingo/core'
import { Lazy, type Iterator as LazyIterator } from 'mingo/lazy'
import * as mingoStages from 'mingo/operators/pipeline'
import * as projections from 'mingo/operators/projection'
import type { Options } from 'mingo/types'
import { type Document, writeValue } from './ejson'
import { badValue, invalidParam, notOffered, requestFailed } from './errors'
import {
  accumulatorOperators,
  checkExpression,
  expressionOperators,
  isAccumulator,
  sameType,
} from './expressions'
import { compareValues, isDocument } from './order'
import { pathParts, visitPath } from './path'
import { prepareQuery, queryContext } from './query'
import { type SortSpec, sorted } from './sort'

type Stage = (input: LazyIterator, operand: unknown, options: Options) => LazyIterator
export type Pipeline = Record<string, unknown>[]

/** For stages that cannot stream: collects all input, then runs the stage once. */
const whole =
  (stage: (documents: Document[], operand: unknown, options: Options) => Document[]): Stage =>
  (input, operand, options) => {
    let output: LazyIterator | null = null
    return Lazy(() => {
      output ??= Lazy(stage(input.collect() as Document[], operand, options) as never) as LazyIterator
      return output.next()
    }) as LazyIterator
  }

const stages: Record<string, Stage> = {
  $sort: whole((documents, spec) => sorted(documents, spec as SortSpec, document => document)),
  $sample: whole((documents, operand) => {
    const size = (operand as { size: number }).size
    const rest = documents.slice()
    // Sampling without replacement: each document appears at most once.
    for (let i = 0; i < Math.min(size, rest.length); i++) {
      const j = i + Math.floor(Math.random() * (rest.length - i))
      ;[rest[i], rest[j]] = [rest[j] as Document, rest[i] as Document]
    }
    return rest.slice(0, size)
  }),
  $bucket: whole(bucket),
  $lookup: whole(lookup),
  $sortByCount: whole((documents, expression, options) => {
    const groups = new Map<string, { _id: unknown; count: number }>()
    for (const document of documents) {
      const _id = evaluate(document, expression, options) ?? null
      const key = writeValue(_id)
      const group = groups.get(key)
      if (group) group.count++
      else groups.set(key, { _id, count: 1 })
    }
    return [...groups.values()].sort((a, b) => b.count - a.count)
  }),
  $bucketAuto: (input, operand, options) => {
    const documents = input.collect() as Document[]
    if (documents.length === 0) return Lazy([] as never) as LazyIterator
    return (mingoStages.$bucketAuto as unknown as Stage)(
      Lazy(documents as never) as LazyIterator,
      operand,
      options,
    )
  },
  // As in MongoDB, $count of no documents returns no document, not zero.
  $count: whole((documents, name) =>
    documents.length === 0 ? [] : [{ [name as string]: documents.length }],
  ),
  $replaceRoot: whole((documents, operand, options) =>
    documents.map(document => newRoot(document, (operand as { newRoot: unknown }).newRoot, options)),
  ),
  $replaceWith: whole((documents, operand, options) =>
    documents.map(document => newRoot(document, operand, options)),
  ),
}

function evaluate(document: unknown, expression: unknown, options: Options): unknown {
  return evalExpr(document as never, expression as never, bare(options) as never)
}

/** mingo stores the root of the last evaluation in its options. Each document must be evaluated without it. */
function bare(options: Options): Record<string, unknown> {
  const { options: inner, local } = options as unknown as {
    options?: Record<string, unknown>
    local?: { variables?: object }
  }
  const base = inner ?? (options as unknown as Record<string, unknown>)
  return { ...base, variables: { ...(base.variables as object | undefined), ...local?.variables } }
}

function newRoot(document: Document, expression: unknown, options: Options): Document {
  const root = evaluate(document, expression, options)
  if (!isDocument(root)) {
    throw badValue(
      `'newRoot' expression must evaluate to an object, but resulting value was: ${writeValue(root)}`,
    )
  }
  return root
}

/** A bucket includes its lower bound and excludes its upper bound. Empty buckets are left out. */
function bucket(documents: Document[], operand: unknown, options: Options): Document[] {
  const { groupBy, boundaries, output } = operand as {
    groupBy: unknown
    boundaries: unknown[]
    output?: Record<string, unknown>
  }
  const hasDefault = 'default' in (operand as object)
  const groups = new Map<string, { _id: unknown; documents: Document[] }>()
  for (const document of documents) {
    const value = evaluate(document, groupBy, options)
    let _id: unknown
    const at = boundaries.findIndex(boundary => compareValues(value, boundary) < 0)
    if (value !== undefined && at > 0) _id = boundaries[at - 1]
    else if (hasDefault) _id = (operand as { default: unknown }).default
    else
      throw badValue('$switch could not find a matching branch for an input, and no default was specified.')
    const key = writeValue(_id)
    const group = groups.get(key) ?? { _id, documents: [] }
    group.documents.push(document)
    groups.set(key, group)
  }
  return [...groups.values()]
    .sort((a, b) => compareValues(a._id, b._id))
    .map(group => {
      const result: Document = { _id: group._id }
      for (const [field, expression] of Object.entries(output ?? { count: { $sum: 1 } })) {
        result[field] = evaluate(group.documents, expression, options)
      }
      return result
    })
}

interface Lookup {
  from: string
  as: string
  localField?: string
  foreignField?: string
  let?: Record<string, unknown>
  pipeline?: Pipeline
}

/** Supports both forms and their combination: first the equality of fields, then the pipeline over the matches. */
function lookup(documents: Document[], operand: unknown, options: Options): Document[] {
  const { from, as, localField, foreignField, let: variables, ...rest } = operand as Lookup
  const first = foreignField === undefined ? rest.pipeline?.[0]?.$match : undefined
  // Only $expr can read the variables of the outer document. Any other condition is looked up once, with an index.
  const query = isDocument(first) && !writeValue(first).includes('"$expr"') ? first : null
  const pipeline = query ? rest.pipeline?.slice(1) : rest.pipeline
  const foreign = (options.collectionResolver as unknown as CollectionOf)(from, query)
  const byValue = foreignField === undefined ? null : groupByField(foreign, foreignField)
  return documents.map(document => {
    let matched = foreign
    if (byValue && localField !== undefined) {
      const found = new Set<Document>()
      for (const key of fieldKeys(document, localField))
        for (const other of byValue.get(key) ?? []) found.add(other)
      // Keeps the order of the foreign collection.
      matched = found.size < 2 ? [...found] : foreign.filter(other => found.has(other))
    }
    if (pipeline) {
      const inner = bare(options)
      const outer = (inner.variables ?? {}) as Record<string, unknown>
      const values: Record<string, unknown> = { ...outer }
      for (const [name, expression] of Object.entries(variables ?? {})) {
        values[name] = evaluate(document, expression, options)
      }
      matched = runStages(matched, pipeline, { ...inner, variables: values })
    }
    return setAs(document, as, matched)
  })
}

function setAs(document: Document, path: string, value: unknown): Document {
  const [first, ...rest] = path.split('.') as [string, ...string[]]
  if (rest.length === 0) return { ...document, [first]: value }
  const inner = document[first]
  return { ...document, [first]: setAs(isDocument(inner) ? inner : {}, rest.join('.'), value) }
}

/** The join keys of a field: one for each element of an array, null for a missing field. */
function fieldKeys(document: Document, path: string): Set<string> {
  const keys = new Set<string>()
  visitPath(document, pathParts(path), 0, leaf => {
    if (Array.isArray(leaf)) for (const item of leaf) keys.add(writeValue(item ?? null))
    keys.add(writeValue(leaf ?? null))
    return false
  })
  return keys
}

function groupByField(documents: Document[], path: string): Map<string, Document[]> {
  const groups = new Map<string, Document[]>()
  for (const document of documents) {
    for (const key of fieldKeys(document, path)) {
      const group = groups.get(key)
      if (group) group.push(document)
      else groups.set(key, [document])
    }
  }
  return groups
}

const context = Context.from(
  Context.init({
    accumulator: accumulatorOperators as never,
    expression: expressionOperators as never,
    pipeline: { ...mingoStages, ...stages } as never,
    projection: projections as never,
  }),
  queryContext,
)

const refusedStages = new Set([
  '$geoNear',
  '$out',
  '$merge',
  '$graphLookup',
  '$setWindowFields',
  '$densify',
  '$fill',
  '$collStats',
  '$indexStats',
  '$currentOp',
  '$changeStream',
  '$documents',
  '$unionWith',
  '$redact',
])

/**
 * Checks a pipeline before it runs, as MongoDB does, and prepares the queries in it. Throws for an unknown stage or
 * operator (the error names it), for invalid operands, and for unsupported features.
 */
export function preparePipeline(pipeline: Pipeline): Pipeline {
  return pipeline.map(stage => {
    const names = Object.keys(stage)
    const name = names[0]
    if (names.length !== 1 || name === undefined) {
      throw badValue('A pipeline stage specification object must contain exactly one field.')
    }
    return { [name]: prepareStage(name, stage[name]) }
  })
}

/** Checks names that are given as text. The EJSON parser checks only keys. */
function checkName(name: unknown): void {
  if (typeof name !== 'string') return
  if (name.split('.').some(part => part === '__proto__' || part === 'constructor')) {
    throw invalidParam(`the field name '${name}' is not allowed`)
  }
}

const fail = (message: string): Error => requestFailed('FailedToParse', message)

function prepareStage(name: string, operand: unknown): unknown {
  if (refusedStages.has(name)) throw notOffered(`the aggregation stage ${name}`)
  switch (name) {
    case '$match':
      if (!isDocument(operand)) throw badValue('the match filter must be an expression in an object')
      return prepareQuery(operand)
    case '$sort': {
      const fields = isDocument(operand) ? Object.entries(operand) : []
      if (fields.length === 0) throw badValue('$sort stage must have at least one sort key')
      for (const [, direction] of fields) {
        if (direction !== 1 && direction !== -1)
          throw badValue('$sort key ordering must be 1 (for ascending) or -1 (for descending)')
      }
      return operand
    }
    case '$limit':
      if (!Number.isInteger(operand) || (operand as number) <= 0) throw badValue('the limit must be positive')
      return operand
    case '$skip':
      if (!Number.isInteger(operand) || (operand as number) < 0)
        throw badValue('Argument to $skip cannot be negative')
      return operand
    case '$count':
      if (typeof operand !== 'string' || operand === '')
        throw badValue('the count field must be a non-empty string')
      if (operand.startsWith('$') || operand.includes('.') || operand.includes('\0')) {
        throw badValue("the count field cannot be a $-prefixed path or contain '.'")
      }
      return operand
    case '$sample': {
      const size = isDocument(operand) ? operand.size : undefined
      if (typeof size !== 'number' || size < 0)
        throw badValue('size argument to $sample must be a positive integer')
      return { size: Math.trunc(size) }
    }
    case '$unwind': {
      const path = isDocument(operand) ? operand.path : operand
      if (typeof path !== 'string') throw badValue('expected a string as the path for $unwind stage')
      if (!path.startsWith('$') || path.length === 1)
        throw badValue(`path option to $unwind stage should be prefixed with a '$': ${path}`)
      if (isDocument(operand)) {
        checkName(operand.includeArrayIndex)
        for (const key of Object.keys(operand)) {
          if (!['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(key))
            throw badValue(`unrecognized option to $unwind stage: ${key}`)
        }
      }
      return operand
    }
    case '$group': {
      if (!isDocument(operand)) throw badValue("a group's fields must be specified in an object")
      if (!('_id' in operand)) throw badValue('a group specification must include an _id')
      for (const [field, value] of Object.entries(operand)) {
        if (field !== '_id') checkAccumulator(field, value)
      }
      checkExpression(operand._id)
      return operand
    }
    case '$project':
      if (!isDocument(operand) || Object.keys(operand).length === 0)
        throw badValue('$project specification must have at least one field')
      checkProjection(operand)
      return operand
    case '$addFields':
    case '$set':
      if (!isDocument(operand)) throw badValue(`${name} specification stage must be an object`)
      checkExpression(operand)
      return operand
    case '$replaceRoot':
      if (!isDocument(operand) || !('newRoot' in operand))
        throw badValue('no newRoot specified for the $replaceRoot stage')
      checkExpression(operand.newRoot)
      return operand
    case '$replaceWith':
    case '$sortByCount':
      if (
        name === '$sortByCount' &&
        !(typeof operand === 'string' && operand.startsWith('$')) &&
        !isDocument(operand)
      ) {
        throw badValue(
          'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
        )
      }
      checkExpression(operand)
      return operand
    case '$unset':
      return operand
    case '$bucket':
      checkBucket(operand)
      return operand
    case '$bucketAuto':
      if (!isDocument(operand) || !('groupBy' in operand) || !('buckets' in operand))
        throw badValue("$bucketAuto requires 'groupBy' and 'buckets' to be specified")
      if (!Number.isInteger(operand.buckets) || (operand.buckets as number) < 1)
        throw badValue("The $bucketAuto 'buckets' field must be greater than 0")
      checkExpression(operand.groupBy)
      return operand
    case '$facet': {
      if (!isDocument(operand) || Object.keys(operand).length === 0)
        throw badValue('the $facet specification must be a non-empty object')
      const facets: Record<string, unknown> = {}
      for (const [facet, inner] of Object.entries(operand)) {
        if (!Array.isArray(inner)) throw badValue(`arguments to $facet must be arrays, ${facet} is not`)
        facets[facet] = preparePipeline(inner as Pipeline)
      }
      return facets
    }
    case '$lookup':
      return prepareLookup(operand)
    default:
      throw badValue(`Unrecognized pipeline stage name: '${name}'`)
  }
}

function checkAccumulator(field: string, value: unknown): void {
  const names = isDocument(value) ? Object.keys(value) : []
  const name = names[0]
  if (!name?.startsWith('$')) throw badValue(`The field '${field}' must be an accumulator object`)
  if (names.length > 1) throw badValue(`The field '${field}' must specify one accumulator`)
  if (!isAccumulator(name)) throw badValue(`unknown group operator '${name}'`)
  if (field.includes('.')) throw badValue(`The field name '${field}' cannot contain '.'`)
  if (field.startsWith('$')) throw badValue(`The field name '${field}' cannot be an operator name`)
  checkExpression((value as Document)[name])
}

function checkProjection(projection: Record<string, unknown>): void {
  let exclusion: string | null = null
  let inclusion: string | null = null
  for (const [field, value] of Object.entries(projection)) {
    if (field.startsWith('$')) throw badValue(`FieldPath field names may not start with '$': '${field}'`)
    if (field === '' || field.startsWith('.') || field.endsWith('.'))
      throw badValue(`FieldPath must not be empty or end with a '.': '${field}'`)
    if (value === 0 || value === false) {
      if (field !== '_id') exclusion = field
    } else if (field !== '_id') inclusion = field
    checkExpression(value)
  }
  if (exclusion !== null && inclusion !== null) {
    throw badValue(
      `Invalid $project :: caused by :: Cannot do exclusion on field ${exclusion} in inclusion projection`,
    )
  }
}

function checkBucket(operand: unknown): void {
  if (!isDocument(operand)) throw badValue('Argument to $bucket stage must be an object')
  for (const key of Object.keys(operand)) {
    if (!['groupBy', 'boundaries', 'default', 'output'].includes(key))
      throw badValue(`Unrecognized option to $bucket: ${key}`)
  }
  const { groupBy, boundaries, output } = operand
  if (groupBy === undefined || boundaries === undefined)
    throw badValue("$bucket requires 'groupBy' and 'boundaries' to be specified.")
  if (!(typeof groupBy === 'string' && groupBy.startsWith('$')) && !isDocument(groupBy)) {
    throw badValue("The $bucket 'groupBy' field must be defined as a $-prefixed path or an expression")
  }
  if (!Array.isArray(boundaries) || boundaries.length < 2)
    throw badValue("The $bucket 'boundaries' field must have at least 2 values")
  for (let i = 1; i < boundaries.length; i++) {
    if (!sameType(boundaries[i - 1], boundaries[i]))
      throw badValue("All values in the 'boundaries' option to $bucket must have the same type")
    if (compareValues(boundaries[i - 1], boundaries[i]) >= 0)
      throw badValue("The 'boundaries' option to $bucket must be sorted, but elements are not")
  }
  if ('default' in operand) {
    const within =
      sameType(operand.default, boundaries[0]) &&
      compareValues(operand.default, boundaries[0]) >= 0 &&
      compareValues(operand.default, boundaries.at(-1)) < 0
    if (within)
      throw badValue(
        "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.",
      )
  }
  checkExpression(groupBy)
  if (output !== undefined) {
    if (!isDocument(output)) throw badValue("The $bucket 'output' field must be an object")
    for (const [field, value] of Object.entries(output)) checkAccumulator(field, value)
  }
}

function prepareLookup(operand: unknown): Lookup {
  if (!isDocument(operand)) throw fail('the $lookup stage specification must be an object')
  for (const key of Object.keys(operand)) {
    if (!['from', 'as', 'localField', 'foreignField', 'let', 'pipeline'].includes(key))
      throw fail(`unknown argument to $lookup: ${key}`)
  }
  const { from, as, localField, foreignField, pipeline, let: variables } = operand
  if (typeof from !== 'string' || from === '')
    throw fail("missing 'from' option to $lookup stage specification")
  checkName(as)
  if (typeof as !== 'string' || as === '') throw fail("must specify 'as' field for a $lookup")
  if ((localField === undefined) !== (foreignField === undefined)) {
    throw fail('$lookup requires both or neither of localField and foreignField to be specified')
  }
  if (localField === undefined && pipeline === undefined)
    throw fail("$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified")
  if (localField !== undefined && (typeof localField !== 'string' || typeof foreignField !== 'string'))
    throw fail('$lookup fields must be strings')
  if (variables !== undefined) {
    if (!isDocument(variables)) throw fail("$lookup argument 'let: ' must be an object")
    checkExpression(variables)
  }
  const result: Lookup = { from, as }
  if (typeof localField === 'string') Object.assign(result, { localField, foreignField })
  if (variables !== undefined) result.let = variables as Record<string, unknown>
  if (pipeline !== undefined) {
    if (!Array.isArray(pipeline)) throw fail("'pipeline' option must be specified as an array")
    result.pipeline = preparePipeline(pipeline as Pipeline)
  }
  return result
}

function runStages(documents: Document[], pipeline: Pipeline, options: Record<string, unknown>): Document[] {
  // mingo's $project and $unwind change nested objects in place, so they work on copies.
  const aggregator = new Aggregator(
    pipeline as never,
    { ...options, processingMode: ProcessingMode.CLONE_INPUT } as never,
  )
  return aggregator.run(documents as never) as Document[]
}

/** The documents of another collection, those that match a query where one is given. */
export type CollectionOf = (name: string, query: Record<string, unknown> | null) => Document[]

/** Runs a prepared pipeline. `collectionOf` reads other collections for `$lookup`. */
export function runPipeline(
  documents: Document[],
  pipeline: Pipeline,
  collectionOf: CollectionOf,
  now: number,
): Document[] {
  if (pipeline.length === 0) return documents
  return runStages(documents, pipeline, {
    context,
    scriptEnabled: false,
    collectionResolver: collectionOf,
    variables: { NOW: new Date(now) },
  })
}
