import type { IncomingMessage, ServerResponse } from 'node:http'
import * as v from 'valibot'
import { CloudError } from './cloud-error'
import type { Database } from './database/database'
import type { RequestContext } from './function-call'
import { describeError, readBody, sendJson } from './http'
import type { InvocationRecord, Meter, OperationKind } from './meter'
import type { Weather } from './weather'
import type { Workers } from './workers'

/** Who sent an SDK request: a running function, or a tool outside (then both fields are absent). */
export interface Sender {
  record: InvocationRecord | undefined
  context: RequestContext | undefined
  /** The openapi names that the function's config.json declares; undefined for tools outside. */
  openapi: readonly string[] | undefined
}

export interface ActionResult {
  /** Merged into the reply: `{ data: … }`, or `{ transactionId }`. */
  response: Record<string, unknown>
  kind: OperationKind
  /** Number of documents examined. */
  examined?: number
}

/** Answers one action of the SDK's protocol. Throws CloudError. */
export type Action = (params: Record<string, unknown>, sender: Sender) => Promise<ActionResult> | ActionResult

/** Answers the multipart action `wx.openApi` with protobuf bytes. */
export type OpenApi = (body: Buffer, contentType: string, sender: Sender) => Promise<Buffer>

export interface SdkApiOptions {
  database: Database
  actions: ReadonlyMap<string, Action>
  openApi: OpenApi
  workers: Workers
  weather: Weather
  meter: Meter
  nextRequestId: () => string
}

/** A request of the SDK, apart from the connection that carries it. */
export interface SdkRequest {
  query: URLSearchParams
  contentType: string
  /** Reads the body. Rejects with a CloudError. */
  body(): Promise<Buffer>
  requestId: string
  /** Whether it is executed twice, as if it had arrived twice. The first result is the answer. */
  twice: boolean
}

export interface SdkApi {
  /** Executes a request. Returns JSON, or the bytes of a file. Never rejects. */
  answer(request: SdkRequest): Promise<string | Buffer>
  /** The same for a request over HTTP, in the present weather. */
  handle(req: IncomingMessage, res: ServerResponse, query: URLSearchParams): Promise<void>
}

/** Maximum size of one request in bytes: a document of 16 MB and its envelope. */
const bodyLimit = 32 * 1024 * 1024

const Params = v.looseObject({ action: v.string() })

/**
 * `POST /admin`: the protocol of wx-server-sdk and @cloudbase/node-sdk. Errors are sent with HTTP 200, as in the real
 * cloud.
 */
export function createSdkApi(options: SdkApiOptions): SdkApi {
  const { database, actions, openApi, workers, weather, meter, nextRequestId } = options

  function senderOf(query: URLSearchParams): Sender {
    const key = query.get('instance')
    if (key === null) return { record: undefined, context: undefined, openapi: undefined }
    const running = workers.running(key)
    if (running) {
      const { openapi } = running.built.config.permissions
      return { record: running.record, context: running.context, openapi }
    }
    // The function has already answered, but its code still sends requests. They are executed and belong to no
    // invocation.
    if (workers.knows(key)) return { record: undefined, context: undefined, openapi: [] }
    throw new CloudError('INVALID_REQUEST_SOURCE', 'the function instance that asks has ended')
  }

  async function perform(params: Record<string, unknown>, sender: Sender): Promise<Record<string, unknown>> {
    const action = String(params.action)
    let kind = kindOf(action)
    let examined = 0
    try {
      if (action.startsWith('database.')) {
        const handled = await database.handle(action, params)
        kind = handled.kind
        examined = handled.examined
        return handled.response
      }
      const handler = actions.get(action)
      if (!handler) {
        throw new CloudError(
          'INVALID_PARAM',
          `the local cloud does not offer the action ${JSON.stringify(action)}`,
        )
      }
      const result = await handler(params, sender)
      kind = result.kind
      return result.response
    } finally {
      meter.count(sender.record, kind, examined)
    }
  }

  async function answer({
    query,
    contentType,
    body,
    requestId,
    twice,
  }: SdkRequest): Promise<string | Buffer> {
    try {
      const sender = senderOf(query)
      const bytes = await body()
      if (contentType.startsWith('multipart/')) {
        meter.count(sender.record, 'openapi', 0)
        return await openApi(bytes, contentType, sender)
      }
      const params = parseParams(bytes)
      const first = perform(params, sender)
      if (twice) perform(params, sender).catch(() => undefined)
      return JSON.stringify({ requestId, ...(await first) })
    } catch (error) {
      return JSON.stringify(describeError(error, requestId))
    }
  }

  return {
    answer,
    async handle(req, res, query) {
      const requestId = nextRequestId()
      const contentType = req.headers['content-type'] ?? ''
      const tooLarge = () =>
        new CloudError('INVALID_PARAM', `request larger than ${bodyLimit / 1024 / 1024} MB`)
      const reply = await weather.pass('operations', res, twice =>
        answer({ query, contentType, body: () => readBody(req, bodyLimit, tooLarge), requestId, twice }),
      )
      if (reply === null) return
      if (typeof reply === 'string') sendJson(res, 200, reply)
      else {
        res.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': reply.length })
        res.end(reply)
      }
    },
  }
}

function parseParams(body: Buffer): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(body.toString())
  } catch (error) {
    throw new CloudError(
      'INVALID_PARAM',
      `the request is not JSON: ${error instanceof Error ? error.message : ''}`,
    )
  }
  const result = v.safeParse(Params, parsed)
  if (!result.success) throw new CloudError('INVALID_PARAM', 'the request has no action')
  return result.output
}

function kindOf(action: string): OperationKind {
  if (action.startsWith('functions.')) return 'call'
  if (action.startsWith('storage.')) return 'storage'
  if (action.startsWith('wx.')) return 'openapi'
  if (action.endsWith('Transaction')) return 'transaction'
  return /\.(get|calculate|aggregate)/.test(action) ? 'read' : 'write'
}
