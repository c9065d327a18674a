import type { Json } from './protocol'

/** Who calls: a guest in single-page mode, which has no login; otherwise a reader. */
export type Caller = 'reader' | 'guest'

/** The cloud, as the test provides it. */
export interface Cloud {
  /**
   * Calls a function with an event and resolves to its result. Rejects with {@link CloudRefusal} where the platform
   * itself fails.
   */
  callFunction(name: string, event: Json, caller: Caller): Promise<unknown>
  /** Address of a `cloud://` file, if the cloud has files. */
  fileUrl?(fileId: string): Promise<string>
}

/** A failure of the platform, with the errCode `wx.cloud` reports. */
export class CloudRefusal extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

type FetchReply = { type: 'answered'; value: Json } | { type: 'refused'; message: string; code?: number }

/** Carries out a network call for the logic half. Never rejects. */
export async function answerFetch(
  cloud: Cloud,
  caller: Caller,
  name: string,
  args: Json,
): Promise<FetchReply> {
  const given = (typeof args === 'object' && args !== null ? args : {}) as Record<string, Json>
  try {
    return { type: 'answered', value: await carryOut(cloud, caller, name, given) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const code =
      error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined
    return { type: 'refused', message, ...(code === undefined ? {} : { code }) }
  }
}

async function carryOut(
  cloud: Cloud,
  caller: Caller,
  name: string,
  given: Record<string, Json>,
): Promise<Json> {
  switch (name) {
    case 'call-function': {
      const result = await cloud.callFunction(String(given.name), given.data ?? {}, caller)
      return (result === undefined ? null : JSON.parse(JSON.stringify(result))) as Json
    }
    case 'temp-file-url': {
      const list = Array.isArray(given.fileList) ? given.fileList : []
      const fileList = await Promise.all(
        list.map(async file => {
          const fileID = typeof file === 'string' ? file : String((file as { fileID?: Json }).fileID)
          const tempFileURL = await fileUrl(cloud, fileID)
          return { fileID, tempFileURL, status: 0, errMsg: 'ok' }
        }),
      )
      return { fileList }
    }
    case 'download-file':
      return { tempFilePath: await fileUrl(cloud, String(given.fileID)), statusCode: 200 }
    case 'downloadFile':
      return { tempFilePath: String(given.url), statusCode: 200 }
    case 'request':
      return request(given)
    default:
      throw new Error(`the host cannot fetch ${name}`)
  }
}

function fileUrl(cloud: Cloud, fileId: string): Promise<string> {
  if (!cloud.fileUrl) throw new CloudRefusal(-503003, 'storage file not exists')
  return cloud.fileUrl(fileId)
}

async function request(given: Record<string, Json>): Promise<Json> {
  const method = typeof given.method === 'string' ? given.method : 'GET'
  const reply = await fetch(String(given.url), {
    method,
    headers: new Headers(
      Object.entries(Object(given.header ?? {})).map(([key, value]): [string, string] => [
        key,
        String(value),
      ]),
    ),
    ...(method === 'GET' || given.data === undefined ? {} : { body: JSON.stringify(given.data) }),
  })
  const header: Record<string, string> = {}
  reply.headers.forEach((value, key) => {
    header[key] = value
  })
  const text = await reply.text()
  let data: Json = text
  try {
    data = JSON.parse(text) as Json
  } catch {
    // Not JSON: wx.request returns the text unchanged.
  }
  return { data, statusCode: reply.status, header }
}
