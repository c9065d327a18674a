import * as v from 'valibot'
import { CloudError } from './cloud-error'
import type { Client } from './identity'
import type { Rules } from './rules'
import type { Action } from './sdk-api'
import { defaultMaxAge, type Storage } from './storage'

const UploadMetadata = v.object({ path: v.string() })
const DownloadUrls = v.object({
  file_list: v.pipe(
    v.array(v.object({ fileid: v.string(), max_age: v.optional(v.pipe(v.number(), v.minValue(0))) })),
    v.maxLength(50),
  ),
})
/** Whose rights a function asks about: the SDK fills these fields in from its context. */
const FileAuthority = v.object({
  openId: v.optional(v.string(), ''),
  uid: v.optional(v.string(), ''),
  fileList: v.pipe(
    v.array(v.object({ path: v.string(), type: v.picklist(['READ', 'WRITE', 'READWRITE']) })),
    v.maxLength(50),
  ),
})
const DeleteFiles = v.object({ fileid_list: v.pipe(v.array(v.string()), v.maxLength(50)) })

/** The storage actions of functions, which bypass the rules. At most 50 files per request, as in the real cloud. */
export function storageActions(storage: Storage, rules: Rules): [string, Action][] {
  return [
    [
      'storage.getUploadMetadata',
      params => {
        const { path } = parse(UploadMetadata, params)
        const { url, authorization, fileId } = storage.permitUpload(path, null)
        return {
          kind: 'storage',
          response: { data: { url, authorization, token: 'local', fileId, cosFileId: 'local' } },
        }
      },
    ],
    [
      'storage.batchGetDownloadUrl',
      params => ({
        kind: 'storage',
        response: {
          data: {
            download_list: parse(DownloadUrls, params).file_list.map(({ fileid, max_age }) =>
              forFile(fileid, () => {
                const file = storage.find(storage.pathOf(fileid))
                if (!file) throw new CloudError('STORAGE_FILE_NONEXIST', 'file does not exist')
                const maxAge = max_age ?? defaultMaxAge
                return { tempFileURL: storage.address(file, maxAge), maxAge }
              }),
            ),
          },
        },
      }),
    ],
    [
      'storage.getFileAuthority',
      params => {
        const { openId, uid, fileList } = parse(FileAuthority, params)
        const client: Client =
          openId !== ''
            ? { kind: 'reader', openid: openId, uid: openId }
            : uid !== ''
              ? { kind: 'visitor', openid: null, uid }
              : { kind: 'guest', openid: null, uid: null }
        const data = fileList.map(({ path: asked, type }) => {
          const path = asked.startsWith('cloud://') ? storage.pathOf(asked) : asked
          const file = storage.find(path) ?? { path, owner: client.uid }
          return {
            path: asked,
            cosFileId: storage.fileId(path),
            ...(type === 'WRITE' ? {} : { read: rules.mayRead(client, file) }),
            ...(type === 'READ' ? {} : { write: rules.mayWrite(client, file) }),
          }
        })
        return { kind: 'storage', response: { data } }
      },
    ],
    [
      'storage.batchDeleteFile',
      params => ({
        kind: 'storage',
        response: {
          data: {
            delete_list: parse(DeleteFiles, params).fileid_list.map(fileid =>
              forFile(fileid, () => {
                if (!storage.remove(storage.pathOf(fileid))) {
                  throw new CloudError('STORAGE_FILE_NONEXIST', 'file does not exist')
                }
                return {}
              }),
            ),
          },
        },
      }),
    ],
  ]
}

/** Each file of a list succeeds or fails on its own. */
function forFile(fileID: string, work: () => Record<string, unknown>): Record<string, unknown> {
  try {
    return { code: 'SUCCESS', fileID, ...work() }
  } catch (error) {
    if (!(error instanceof CloudError)) throw error
    return { code: error.code, fileID, tempFileURL: '' }
  }
}

function parse<Schema extends v.GenericSchema>(schema: Schema, params: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, params)
  if (result.success) return result.output
  const [issue] = result.issues
  throw new CloudError('INVALID_PARAM', `${v.getDotPath(issue) ?? 'request'}: ${issue.message}`)
}
