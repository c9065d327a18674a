import * as v from 'valibot'
import { parse } from './client-database'
import { CloudError } from './cloud-error'
import { JsonObject } from './json-object'

/** A request to the database routes of the web API, translated into an action of the SDK's protocol. */
export interface DocumentsRequest {
  /** Input of `askAsClient`. */
  body: Record<string, unknown>
  /** Converts its reply to the form that the web SDK reads. */
  reply(response: Record<string, unknown>): unknown
}

/** `/v1/database/instances/(default)/databases/(default)/collections/<name>/documents[/…]` */
const place =
  /^\/v1\/database\/instances\/([^/]+)\/databases\/([^/]+)\/collections\/([^/]+)\/documents(?:\/([^/]+))?$/

const List = v.object({ data: v.object({ list: v.array(v.string()) }) })
const Total = v.object({ data: v.object({ total: v.number() }) })
const Inserted = v.object({ data: v.object({ insertedIds: v.array(v.unknown()) }) })
const Updated = v.object({ data: v.object({ updated: v.number(), upsert_id: v.unknown() }) })
const Deleted = v.object({ data: v.object({ deleted: v.number() }) })

const Add = v.object({ data: v.unknown() })
const Change = v.object({
  query: v.unknown(),
  data: v.unknown(),
  multi: v.optional(v.boolean(), false),
  upsert: v.optional(v.boolean(), false),
  replaceMode: v.optional(v.boolean(), false),
})
const Remove = v.object({ query: v.unknown(), multi: v.optional(v.boolean(), false) })
const Stage = v.pipe(
  JsonObject,
  v.check(stage => Object.keys(stage).length === 1, 'a stage is an object with one field'),
)
const Aggregate = v.object({ pipeline: v.array(Stage) })

/**
 * Whether a path belongs to the database routes. Unsupported ones among them are refused; no other service may answer.
 */
export function isDatabasePath(path: string): boolean {
  return path === '/v1/database' || path.startsWith('/v1/database/')
}

/**
 * Translates a request of @cloudbase/js-sdk 3 to the document routes.
 * @throws CloudError INVALID_PARAM for unsupported requests, DATABASE_PERMISSION_DENIED for transactions and
 * collections
 */
export function documentsRequest(
  method: string,
  path: string,
  query: URLSearchParams,
  json: () => unknown,
): DocumentsRequest {
  const [, instance, database, encodedName, last] = place.exec(path) ?? []
  if (encodedName === undefined) {
    throw new CloudError(
      'DATABASE_PERMISSION_DENIED',
      `-502003 transactions and collections are for functions only: ${method} ${path}`,
    )
  }
  if (decode(instance) !== '(default)' || decode(database) !== '(default)') {
    throw new CloudError('INVALID_PARAM', 'the local cloud has the (default) database only')
  }
  const collectionName = decode(encodedName)
  if (query.has('transactionId')) {
    throw new CloudError('DATABASE_PERMISSION_DENIED', '-502003 transactions are for functions only')
  }
  const request = (action: string, more: object, reply: DocumentsRequest['reply']): DocumentsRequest => ({
    body: { ...more, action: `database.${action}`, collectionName },
    reply,
  })
  const list: DocumentsRequest['reply'] = response => ({ list: documents(response) })

  switch (`${method} ${last === undefined ? '' : method === 'POST' ? last : ':id'}`) {
    case 'GET ': {
      const asked = optional(query, 'query')
      if (query.get('count') === 'true') {
        return request('calculateDocument', asked, response => ({ total: parse(Total, response).data.total }))
      }
      const numbers = { ...optionalNumber(query, 'offset'), ...optionalNumber(query, 'limit') }
      const shown = { ...optional(query, 'order'), ...optional(query, 'projection') }
      return request('getDocument', { ...asked, ...numbers, ...shown }, list)
    }
    case 'GET :id': {
      const one = { query: { _id: decode(last) }, ...optional(query, 'projection'), limit: 1 }
      return request('getDocument', one, response => {
        const [found] = documents(response)
        if (found === undefined) throw new CloudError('NOT_FOUND', `there is no document ${decode(last)}`)
        return found
      })
    }
    case 'POST ': {
      const { data } = parse(Add, json())
      return request('insertDocument', { data }, response => ({
        insertedIds: parse(Inserted, response).data.insertedIds,
      }))
    }
    case 'PATCH ': {
      const { replaceMode, upsert, ...change } = parse(Change, json())
      const more = { ...change, upsert, merge: !(replaceMode || upsert) }
      return request('modifyDocument', more, response => {
        const { updated, upsert_id } = parse(Updated, response).data
        return { updated, ...(upsert_id === null ? {} : { upsertedId: upsert_id }) }
      })
    }
    case 'POST remove':
      return request('removeDocument', parse(Remove, json()), response => ({
        deleted: parse(Deleted, response).data.deleted,
      }))
    case 'POST aggregations': {
      const stages = parse(Aggregate, json()).pipeline.flatMap(stage =>
        Object.entries(stage).map(([stageKey, value]) => ({ stageKey, stageValue: JSON.stringify(value) })),
      )
      return request('aggregateDocuments', { stages }, list)
    }
    default:
      throw new CloudError('INVALID_PARAM', `the local cloud does not offer ${method} ${path}`)
  }
}

function documents(response: Record<string, unknown>): unknown[] {
  return parse(List, response).data.list.map(text => JSON.parse(text) as unknown)
}

function optional(query: URLSearchParams, name: string): Record<string, unknown> {
  const value = query.get(name)
  return value === null || value === '' ? {} : { [name]: value }
}

function optionalNumber(query: URLSearchParams, name: string): Record<string, unknown> {
  const value = query.get(name)
  return value === null || value === '' ? {} : { [name]: Number(value) }
}

function decode(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? '')
  } catch {
    throw new CloudError('INVALID_PARAM', `${part} is no encoded name`)
  }
}
