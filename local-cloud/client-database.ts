import * as v from 'valibot'
import { CloudError } from './cloud-error'
import type { Database } from './database/database'
import type { Client } from './identity'
import { isJsonObject } from './json-object'
import type { Rules } from './rules'

/** A client reads at most 20 documents at once, whatever limit it asks for [云数据库限制]. */
const clientLimit = 20

/** Maximum nesting of a request's JSON, in levels. The engine's own limit is 100. */
const maxDepth = 100

/** Other fields that the web SDK sends (its version, its environment) are ignored. */
const Text = v.string()
const Ejson = v.pipe(v.unknown(), v.transform(parseDocument))
const Natural = v.pipe(v.number(), v.integer(), v.minValue(0))
const base = { collectionName: Text }

const requests = {
  'database.getDocument': v.object({
    ...base,
    queryType: v.optional(v.picklist(['WHERE', 'DOC'])),
    query: v.optional(Ejson, {}),
    order: v.optional(v.unknown()),
    projection: v.optional(Ejson),
    offset: v.optional(Natural, 0),
    limit: v.optional(Natural, clientLimit),
  }),
  'database.calculateDocument': v.object({ ...base, query: v.optional(Ejson, {}) }),
  'database.aggregateDocuments': v.object({
    ...base,
    stages: v.array(v.object({ stageKey: Text, stageValue: Text })),
  }),
  'database.insertDocument': v.object({
    ...base,
    data: v.union([
      v.pipe(v.array(Ejson), v.minLength(1)),
      v.pipe(
        Ejson,
        v.transform(document => [document]),
      ),
    ]),
  }),
  // A write without a query would change every document, so the query is required. `{}` is allowed.
  'database.modifyDocument': v.object({
    ...base,
    query: Ejson,
    data: Ejson,
    multi: v.optional(v.boolean(), false),
    merge: v.optional(v.boolean(), true),
    upsert: v.optional(v.boolean(), false),
  }),
  'database.removeDocument': v.object({ ...base, query: Ejson, multi: v.optional(v.boolean(), false) }),
} as const

type Action = keyof typeof requests
type Fields = Record<string, unknown>
const reads = new Set<string>([
  'database.getDocument',
  'database.calculateDocument',
  'database.aggregateDocuments',
])

const Named = v.looseObject({ action: v.string() })

/**
 * Runs a client's database request: parses it, checks it against the rules, and only then passes it to the engine.
 * Anything the parser does not know is refused, so that no unusual form of a request can get around the rules.
 * @throws CloudError DATABASE_PERMISSION_DENIED, INVALID_PARAM
 */
export async function askAsClient(
  database: Database,
  rules: Rules,
  client: Client,
  body: unknown,
): Promise<Fields> {
  const named = parse(Named, body)
  if (!Object.hasOwn(requests, named.action)) {
    throw new CloudError('INVALID_PARAM', `a client cannot do ${JSON.stringify(named.action)}`)
  }
  if ('transactionId' in named) throw denied('transactions are for functions only')
  const action = named.action as Action
  const { collectionName } = parse(v.object(base), body)
  const access = reads.has(action) ? 'read' : 'write'
  const may = rules.documents(collectionName, access, client)
  if (may === 'none') throw denied(`the rules let no such client ${access} in ${collectionName}`)
  const readable = (name: string) => rules.documents(name, 'read', client) === 'all'
  const ruled = underRules(action, body, client, may, readable)
  return (await database.handle(action, { collectionName, ...ruled })).response
}

/** The request's parameters after the rules have limited them. */
function underRules(
  action: Action,
  body: unknown,
  client: Client,
  may: 'all' | 'own' | 'own-asked',
  readable: (collection: string) => boolean,
): Fields {
  const limited = (query: Fields) => JSON.stringify(onlyOwn(query, client, may))
  switch (action) {
    case 'database.getDocument': {
      const { query, order, projection, limit, ...rest } = parse(requests[action], body)
      return {
        ...rest,
        query: limited(query),
        limit: Math.min(limit === 0 ? clientLimit : limit, clientLimit),
        ...(order === undefined ? {} : { order: textOf(order) }),
        ...(projection === undefined ? {} : { projection: JSON.stringify(projection) }),
      }
    }
    case 'database.calculateDocument':
      return { query: limited(parse(requests[action], body).query) }
    case 'database.aggregateDocuments': {
      const stages = parse(requests[action], body).stages.map(({ stageKey, stageValue }) => {
        const value = parseText(stageValue)
        checkStage(stageKey, value, readable)
        return { stageKey, stageValue: JSON.stringify(value) }
      })
      if (may === 'all') return { stages }
      const [first] = stages
      const asked = first?.stageKey === '$match' ? parseDocument(first.stageValue) : {}
      return { stages: [{ stageKey: '$match', stageValue: limited(asked) }, ...stages] }
    }
    case 'database.insertDocument': {
      const { data } = parse(requests[action], body)
      const own = client.uid === null ? {} : { _openid: client.uid }
      for (const document of data) {
        if (Object.hasOwn(document, '_openid')) throw denied('a client cannot write _openid')
      }
      return { data: data.map(document => JSON.stringify({ ...document, ...own })) }
    }
    case 'database.modifyDocument': {
      const { query, data, multi, merge, upsert } = parse(requests[action], body)
      if (upsert || !merge) {
        throw new CloudError('INVALID_PARAM', 'the local cloud does not offer doc().set() to clients')
      }
      checkUpdate(data)
      return { query: limited(query), data: JSON.stringify(data), multi, merge, upsert }
    }
    case 'database.removeDocument': {
      const { query, multi } = parse(requests[action], body)
      return { query: limited(query), multi }
    }
  }
}

/**
 * The query, limited to the client's own documents where the rules require it. A preset adds the condition itself. A
 * custom rule on `doc` only checks that the query contains the condition [安全规则, 查询条件必须是规则的子集].
 */
function onlyOwn(query: Fields, client: Client, may: 'all' | 'own' | 'own-asked'): Fields {
  walk(query)
  if (may === 'all') return query
  if (may === 'own') return { $and: [query, { _openid: client.uid }] }
  const asked = Object.hasOwn(query, '_openid') ? query._openid : undefined
  const value = isJsonObject(asked) && Object.keys(asked).length === 1 ? asked.$eq : asked
  if (value !== '{openid}' && value !== client.openid) {
    throw denied("the rule on doc wants a query that holds _openid: '{openid}'")
  }
  return { ...query, _openid: client.openid }
}

/** Operators that leave the collection or run code. The engine refuses them too, but the rules do not rely on that. */
const neverAsked = new Set([
  '$where',
  '$function',
  '$accumulator',
  '$out',
  '$merge',
  '$graphLookup',
  '$unionWith',
])

const stages = new Set([
  '$match',
  '$project',
  '$group',
  '$sort',
  '$limit',
  '$skip',
  '$unwind',
  '$lookup',
  '$facet',
  '$bucket',
  '$bucketAuto',
  '$sortByCount',
  '$count',
  '$sample',
  '$addFields',
  '$set',
  '$unset',
  '$replaceRoot',
  '$replaceWith',
])

/** `$lookup` reads whole collections, so the rules must let this client read all of them without condition. */
function checkStage(name: string, operand: unknown, readable: (collection: string) => boolean): void {
  if (!stages.has(name)) throw denied(`a client cannot use the stage ${JSON.stringify(name)}`)
  const inner = (pipeline: unknown) => {
    if (!Array.isArray(pipeline)) throw invalid(`${name} holds a pipeline that is no list`)
    for (const stage of pipeline as unknown[]) {
      const keys = isJsonObject(stage) ? Object.keys(stage) : []
      const [key] = keys
      if (keys.length !== 1 || key === undefined) throw invalid('a stage is an object with one field')
      checkStage(key, (stage as Fields)[key], readable)
    }
  }
  if (name === '$facet') {
    if (!isJsonObject(operand)) throw invalid('$facet needs an object')
    for (const pipeline of Object.values(operand)) inner(pipeline)
  } else if (name === '$lookup') {
    const { from, pipeline } = parse(
      v.object({ from: Text, pipeline: v.optional(v.array(v.unknown())) }),
      operand,
    )
    if (!readable(from)) throw denied(`the rules do not let this client read all of ${from}`)
    if (pipeline !== undefined) inner(pipeline)
  } else walk(operand)
}

/** Refuses operators that no query or expression of a client may contain, at any depth. */
function walk(value: unknown, depth = 0): void {
  if (depth > maxDepth) throw invalid(`nested deeper than ${maxDepth} levels`)
  if (Array.isArray(value)) for (const item of value) walk(item, depth + 1)
  else if (isJsonObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (neverAsked.has(key) || key === '$lookup') throw denied(`a client cannot use ${key}`)
      walk(inner, depth + 1)
    }
  }
}

/**
 * `_openid` names a document's owner, so only the platform writes it. Refuses it as a field, inside a path, and as
 * source or target of a rename.
 */
function checkUpdate(update: Fields): void {
  for (const [operator, fields] of Object.entries(update)) {
    if (!operator.startsWith('$') || !isJsonObject(fields)) {
      throw invalid('an update of a client is made of operators with their fields')
    }
    for (const [path, operand] of Object.entries(fields)) {
      const targets = operator === '$rename' ? [path, String(operand)] : [path]
      if (targets.some(target => target.split('.')[0] === '_openid')) {
        throw denied('a client cannot write _openid')
      }
    }
  }
}

function parseDocument(value: unknown): Fields {
  const document = typeof value === 'string' ? parseText(value) : value
  if (!isJsonObject(document)) throw invalid('an EJSON object is expected')
  return document
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid(`not EJSON: ${error instanceof Error ? error.message : ''}`)
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function denied(reason: string): CloudError {
  return new CloudError('DATABASE_PERMISSION_DENIED', `-502003 ${reason}`)
}

function invalid(reason: string): CloudError {
  return new CloudError('INVALID_PARAM', reason)
}

/** @throws CloudError INVALID_PARAM naming the first invalid field */
export function parse<Schema extends v.GenericSchema>(schema: Schema, body: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, body)
  if (result.success) return result.output
  const [issue] = result.issues
  throw invalid(`${v.getDotPath(issue) ?? 'body'}: ${issue.message}`)
}
