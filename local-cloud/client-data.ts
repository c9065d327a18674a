import type { IncomingMessage } from 'node:http'
import * as v from 'valibot'
import { parse } from './client-database'
import { CloudError } from './cloud-error'
import type { Client } from './identity'
import type { Rules } from './rules'
import { defaultMaxAge, type Storage } from './storage'

export interface ClientDataOptions {
  storage: Storage
  rules: Rules
}

/** A direct request of a client to database or storage. Returns the reply as a JSON value. Throws CloudError. */
export type ClientRoute = (client: Client, body: unknown, req: IncomingMessage) => Promise<unknown> | unknown

/** Direct access of clients to storage under the security rules: the storage routes of the web API. */
export function clientDataRoutes(options: ClientDataOptions): ReadonlyMap<string, ClientRoute> {
  const { storage, rules } = options
  return new Map<string, ClientRoute>([
    [
      '/v1/storages/get-objects-upload-info',
      (client, body) =>
        parse(UploadList, body).map(({ objectId }) =>
          forObject(() => {
            // An existing file keeps its owner, even if the owner is null: a function's file does not become the
            // client's.
            const before = storage.find(objectId)
            const owner = before ? before.owner : client.uid
            if (!rules.mayWrite(client, { path: objectId, owner })) throw refused(objectId)
            const { url, authorization, fileId } = storage.permitUpload(objectId, client)
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

function existing(storage: Storage, fileId: string) {
  const file = storage.find(storage.pathOf(fileId))
  if (!file) throw new CloudError('STORAGE_FILE_NONEXIST', `${fileId} does not exist`)
  return file
}

function refused(what: string): CloudError {
  return new CloudError('STORAGE_EXCEED_AUTHORITY', `-503002 the rules do not allow it: ${what}`)
}

/** Each object of a list succeeds or fails on its own. */
function forObject(work: () => Record<string, unknown>): Record<string, unknown> {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof CloudError)) throw error
    return { code: error.code, message: error.message }
  }
}
