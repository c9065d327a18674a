import type { IncomingMessage } from 'node:http'
import * as v from 'valibot'
import { CloudError } from './cloud-error'
import type { Database } from './database/database'
import type { Client } from './identity'
import type { Rules } from './rules'
import { defaultMaxAge, type Storage } from './storage'

export interface ClientDataOptions {
  database: Database
  storage: Storage
  rules: Rules
}

/** What a client asks of database or storage directly. Answers the reply's JSON value; throws CloudError. */
export type ClientRoute = (client: Client, body: unknown, req: IncomingMessage) => Promise<unknown> | unknown

/** A client reads 20 documents at once, whatever it asks for [云数据库限制]. */
const clientLimit = 20

/**
 * Direct access of clients to database and storage, under the security rules: the web SDK's `/web` with the database
 * actions, and the web API's storage routes.
 */
export function clientDataRoutes(options: ClientDataOptions): ReadonlyMap<string, ClientRoute> {
  const { database, storage, rules } = options
  return new Map<string, ClientRoute>([
    [
      '/web',
      async (client, body) => {
        const params = parse(DatabaseRequest, body)
        const ruled = underRules(params, client, rules)
        return (await database.handle(params.action, ruled)).response
      },
    ],
    [
      '/v1/storages/get-objects-upload-info',
      (client, body) =>
        parse(UploadList, body).map(({ objectId }) =>
          forObject(() => {
            const owner = storage.find(objectId)?.owner ?? client.uid
            if (!rules.mayWrite(client, { path: objectId, owner })) throw refused(objectId)
            const { url, authorization, fileId } = storage.permitUpload(objectId, client.uid)
            return {
              objectId,
              uploadUrl: url,
              authorization,
              token: 'local',
              cloudObjectMeta: 'local',
              cloudObjectId: fileId,
            }
          }),
        ),
    ],
    [
      '/v1/storages/get-objects-download-info',
      (client, body) =>
        parse(ObjectList, body).map(({ cloudObjectId, maxAge }) =>
          forObject(() => {
            const file = existing(storage, cloudObjectId)
            if (!rules.mayRead(client, file)) throw refused(cloudObjectId)
            return { cloudObjectId, downloadUrl: encodeURI(storage.address(file, maxAge)) }
          }),
        ),
    ],
    [
      '/v1/storages/delete-objects',
      (client, body) =>
        parse(ObjectList, body).map(({ cloudObjectId }) =>
          forObject(() => {
            const file = existing(storage, cloudObjectId)
            if (!rules.mayWrite(client, file)) throw refused(cloudObjectId)
            storage.remove(file.path)
            return { cloudObjectId }
          }),
        ),
    ],
  ])
}

const UploadList = v.pipe(v.array(v.object({ objectId: v.string() })), v.maxLength(50))
const ObjectList = v.pipe(
  v.array(
    v.object({
      cloudObjectId: v.string(),
      maxAge: v.optional(v.pipe(v.number(), v.minValue(1)), defaultMaxAge),
    }),
  ),
  v.maxLength(50),
)

const DatabaseRequest = v.looseObject({ action: v.string(), collectionName: v.string() })
type DatabaseRequest = v.InferOutput<typeof DatabaseRequest>

/** The request as the rules leave it. @throws CloudError DATABASE_PERMISSION_DENIED */
function underRules(params: DatabaseRequest, client: Client, rules: Rules): Record<string, unknown> {
  const access = accessOf(params.action)
  const may = rules.documents(params.collectionName, access, client)
  if (may === 'none') {
    throw new CloudError(
      'DATABASE_PERMISSION_DENIED',
      `-502003 the rules let no such client ${access} in ${params.collectionName}`,
    )
  }
  if ('transactionId' in params) {
    throw new CloudError('DATABASE_PERMISSION_DENIED', '-502003 transactions are for functions only')
  }
  const ruled: Record<string, unknown> = { ...params }
  if (params.action === 'database.getDocument') {
    const asked = typeof params.limit === 'number' ? params.limit : clientLimit
    ruled.limit = Math.min(asked, clientLimit)
  }
  if (access === 'write') checkWrite(params)
  if (params.action === 'database.insertDocument') {
    ruled.data = documentsOf(params).map(document => JSON.stringify({ ...document, _openid: client.uid }))
  } else if (may === 'own') {
    const own = { _openid: client.uid }
    if (params.action === 'database.aggregateDocuments') {
      const stages = Array.isArray(params.stages) ? (params.stages as unknown[]) : []
      ruled.stages = [{ stageKey: '$match', stageValue: JSON.stringify(own) }, ...stages]
    } else {
      const query = typeof params.query === 'string' ? parseText(params.query) : {}
      ruled.query = JSON.stringify({ $and: [query, own] })
    }
  }
  return ruled
}

function accessOf(action: string): 'read' | 'write' {
  switch (action) {
    case 'database.getDocument':
    case 'database.calculateDocument':
    case 'database.aggregateDocuments':
      return 'read'
    case 'database.insertDocument':
    case 'database.modifyDocument':
    case 'database.removeDocument':
      return 'write'
    default:
      throw new CloudError('INVALID_PARAM', `a client cannot do ${JSON.stringify(action)}`)
  }
}

/** `_openid` says whose a document is, so it is the platform's to write. */
function checkWrite(params: DatabaseRequest): void {
  if (params.upsert === true) {
    throw new CloudError('INVALID_PARAM', 'the local cloud does not offer doc().set() to clients')
  }
  const data = Array.isArray(params.data) ? params.data : [params.data]
  if (data.some(text => typeof text === 'string' && /"_openid(?:"|\.)/.test(text))) {
    throw new CloudError('DATABASE_PERMISSION_DENIED', '-502003 a client cannot write _openid')
  }
}

function documentsOf(params: DatabaseRequest): Record<string, unknown>[] {
  return (Array.isArray(params.data) ? params.data : []).map(text =>
    parse(v.looseObject({}), parseText(text)),
  )
}

function parseText(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch (error) {
    throw new CloudError('INVALID_PARAM', `not EJSON: ${error instanceof Error ? error.message : ''}`)
  }
}

function existing(storage: Storage, fileId: string) {
  const file = storage.find(storage.pathOf(fileId))
  if (!file) throw new CloudError('STORAGE_FILE_NONEXIST', `${fileId} does not exist`)
  return file
}

function refused(what: string): CloudError {
  return new CloudError('STORAGE_EXCEED_AUTHORITY', `-503002 the rules do not allow it: ${what}`)
}

/** Each object of a list has its own success or failure. */
function forObject(work: () => Record<string, unknown>): Record<string, unknown> {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof CloudError)) throw error
    return { code: error.code, message: error.message }
  }
}

function parse<Schema extends v.GenericSchema>(schema: Schema, body: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, body)
  if (result.success) return result.output
  const [issue] = result.issues
  throw new CloudError('INVALID_PARAM', `${v.getDotPath(issue) ?? 'body'}: ${issue.message}`)
}
