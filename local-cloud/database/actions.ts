import * as v from 'valibot'
import { JsonObject } from '../json-object'
import { invalidParam } from './errors'
import { DEFAULT_LIMIT, MAX_LIMIT } from './limits'

/** The parameters that the SDK sends, per action. Fields that the engine does not use (envName, tokens) are ignored. */

const text = v.string()
/** MongoDB's rules for collection names. The SDK allows even fewer names. */
const collectionName = v.pipe(
  text,
  v.maxLength(255),
  v.regex(/^(?!system\.)[^$\0]+$/, 'Invalid collection name'),
)
const transactionId = v.optional(v.pipe(text, v.minLength(1)))
const natural = v.pipe(v.number(), v.integer(), v.minValue(0))

/** Old SDKs send EJSON as text, some callers send the object itself. Both become text here. */
const ejson = v.union([
  text,
  v.pipe(
    JsonObject,
    v.transform(value => JSON.stringify(value)),
  ),
])

const schemas = {
  'database.addCollection': v.object({ collectionName }),
  'database.getDocument': v.object({
    collectionName,
    queryType: v.optional(v.picklist(['WHERE', 'DOC'])),
    query: v.optional(ejson),
    order: v.optional(ejson),
    projection: v.optional(ejson),
    offset: v.optional(natural, 0),
    limit: v.optional(
      v.pipe(
        natural,
        v.transform(limit => Math.min(limit || DEFAULT_LIMIT, MAX_LIMIT)),
      ),
      DEFAULT_LIMIT,
    ),
    transactionId,
  }),
  'database.calculateDocument': v.object({ collectionName, query: v.optional(ejson), transactionId }),
  'database.insertDocument': v.object({
    collectionName,
    data: v.pipe(v.array(ejson), v.minLength(1)),
    transactionId,
  }),
  'database.modifyDocument': v.object({
    collectionName,
    query: v.optional(ejson),
    data: ejson,
    multi: v.optional(v.boolean(), false),
    merge: v.optional(v.boolean(), true),
    upsert: v.optional(v.boolean(), false),
    transactionId,
  }),
  'database.modifyAndReturnDoc': v.object({
    collectionName,
    query: v.optional(ejson),
    data: ejson,
    transactionId,
  }),
  'database.removeDocument': v.object({
    collectionName,
    query: v.optional(ejson),
    multi: v.optional(v.boolean(), false),
    transactionId,
  }),
  'database.aggregateDocuments': v.object({
    collectionName,
    stages: v.array(v.object({ stageKey: text, stageValue: text })),
  }),
  'database.startTransaction': v.object({}),
  'database.commitTransaction': v.object({ transactionId: v.pipe(text, v.minLength(1)) }),
  'database.abortTransaction': v.object({ transactionId: v.pipe(text, v.minLength(1)) }),
} as const

export type ActionName = keyof typeof schemas
export type Params<Name extends ActionName> = v.InferOutput<(typeof schemas)[Name]>

export function isAction(name: string): name is ActionName {
  return Object.hasOwn(schemas, name)
}

/** The checked parameters of an action. Throws INVALID_PARAM naming the first invalid field. */
export function parseParams<Name extends ActionName>(name: Name, params: unknown): Params<Name> {
  const result = v.safeParse(schemas[name], params)
  if (!result.success) {
    const [issue] = result.issues
    throw invalidParam(`${name}: ${v.getDotPath(issue) ?? 'params'}: ${issue.message}`)
  }
  return result.output as Params<Name>
}
