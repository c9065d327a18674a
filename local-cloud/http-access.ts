import type { IncomingMessage, ServerResponse } from 'node:http'
import { CloudError } from './cloud-error'
import type { Hosting } from './hosting'
import { readHttpEvent } from './http-event'
import { type HttpReply, readHttpReply } from './http-reply'
import type { FindRoute } from './http-routes'
import type { Workers } from './workers'

export interface HttpAccessOptions {
  findRoute: FindRoute
  workers: Workers
  hosting: Hosting
  envId: string
  /** Whether requests arrive through the phone preview. Functions are told this. */
  preview: boolean
  nextRequestId: () => string
  /** Receives a message about each reply that HTTP cannot carry. */
  report: (line: string) => void
}

/**
 * Limits of a function's event and result as JSON, in bytes. The event contains a body of at most 6 MB, perhaps as
 * base64.
 */
const limits = { request: 10 * 1024 * 1024, reply: 6 * 1024 * 1024 }

/**
 * The HTTP access service: routes of http.json to functions and to static files. Callers are anonymous, whatever they
 * send: a function gets an empty WX context. Function rules do not apply here; they only apply to clients' calls.
 * Returns false if no route matches.
 */
export function createHttpAccess(options: HttpAccessOptions) {
  const { findRoute, workers, hosting, envId, preview, nextRequestId, report } = options

  async function callFunction(
    req: IncomingMessage,
    res: ServerResponse,
    functionName: string,
    path: string,
    query: URLSearchParams,
  ): Promise<void> {
    const requestId = nextRequestId()
    const event = await readHttpEvent(req, path, query, {
      requestId,
      envId,
      appId: 'local',
      uin: 'local',
      ...(preview ? { preview } : {}),
    })
    const result = await workers.invoke({
      functionName,
      event: JSON.stringify(event),
      context: { openid: null, source: null },
      requestId,
      limits,
    })
    let reply: HttpReply
    try {
      reply = readHttpReply(result)
    } catch (error) {
      report(`${functionName} ${requestId}: ${error instanceof Error ? error.message : String(error)}`)
      throw error
    }
    send(req, res, reply, requestId)
  }

  return function handle(
    req: IncomingMessage,
    res: ServerResponse,
    path: string,
    query: URLSearchParams,
  ): Promise<void> | false {
    // The absolute address that a proxy sends, or `*`.
    if (!path.startsWith('/')) throw new CloudError('INVALID_PATH', 'the path must start with a slash')
    const found = findRoute(path)
    if (!found) return false
    const { route } = found
    return route.UpstreamResourceType === 'SCF'
      ? callFunction(req, res, route.UpstreamResourceName, found.path, query)
      : hosting.serve(req, res, found.path)
  }
}

/** Replies to HEAD, 204 and 304 keep the headers and lose the body. */
function send(req: IncomingMessage, res: ServerResponse, reply: HttpReply, requestId: string): void {
  if (res.destroyed) return
  const { status, body } = reply
  const { 'content-length': claimed, ...headers } = reply.headers
  const bodiless = status === 204 || status === 304
  if (!bodiless && req.method !== 'HEAD') headers['content-length'] = String(body.length)
  else if (!bodiless && claimed !== undefined && /^\d{1,9}$/.test(claimed))
    headers['content-length'] = claimed
  // Removes the headers that this cloud puts on every reply of its own. If a function forgets such a header, its reply
  // must lack it here too.
  for (const name of res.getHeaderNames()) res.removeHeader(name)
  res.writeHead(status, { ...headers, 'x-request-id': requestId })
  res.end(bodiless || req.method === 'HEAD' ? undefined : body)
}
