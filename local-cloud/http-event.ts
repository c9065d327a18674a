import type { IncomingMessage } from 'node:http'
import { CloudError } from './cloud-error'
import { readBody } from './http'

/** Only the gateway writes these headers. */
export interface HttpRequestContext {
  requestId: string
  envId: string
  appId: string
  uin: string
  /** An addition of this cloud: the request came to the phone preview, where readers have an identity. */
  preview?: true
}

/** What a function receives from the HTTP access service [CB service/access-cloud-function]. */
export interface HttpEvent {
  path: string
  httpMethod: string
  headers: Record<string, string>
  /** A repeated key gets an array. The platform's form is not documented. */
  queryStringParameters: Record<string, string | string[]>
  requestContext: HttpRequestContext
  body: string
  isBase64Encoded: boolean
}

/** Maximum size of a request's body in bytes [CB, EXCEED_MAX_PAYLOAD_SIZE]. */
const textLimit = 100 * 1024
const binaryLimit = 6 * 1024 * 1024

/** Hop-by-hop headers end at the gateway (RFC 9110, 7.6.1). */
export const connectionHeaders: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * Reads a request and builds the event for its function.
 * @throws CloudError EXCEED_MAX_PAYLOAD_SIZE
 */
export async function readHttpEvent(
  req: IncomingMessage,
  path: string,
  query: URLSearchParams,
  requestContext: HttpRequestContext,
): Promise<HttpEvent> {
  const isText = hasText(req)
  const limit = isText ? textLimit : binaryLimit
  const bytes = await readBody(
    req,
    limit,
    () =>
      new CloudError(
        'EXCEED_MAX_PAYLOAD_SIZE',
        `the body exceeds the limit of ${isText ? '100 KB for text' : '6 MB'}`,
      ),
  )
  return {
    path,
    httpMethod: req.method ?? 'GET',
    headers: headersOf(req),
    queryStringParameters: parametersOf(query),
    requestContext,
    body: bytes.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  }
}

function headersOf(req: IncomingMessage): Record<string, string> {
  // Without a prototype, because a header may have the name of a member of Object.
  const headers: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(req.headers)) {
    if (value === undefined || connectionHeaders.has(name)) continue
    headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  headers['x-real-ip'] = req.socket.remoteAddress?.replace(/^::ffff:/, '') ?? ''
  return headers
}

function parametersOf(query: URLSearchParams): HttpEvent['queryStringParameters'] {
  const parameters: HttpEvent['queryStringParameters'] = Object.create(null)
  for (const [name, value] of query) {
    const before = parameters[name]
    if (before === undefined) parameters[name] = value
    else if (Array.isArray(before)) before.push(value)
    else parameters[name] = [before, value]
  }
  return parameters
}

function hasText(req: IncomingMessage): boolean {
  const type = req.headers['content-type']
  if (type === undefined) return true
  return /^\s*(text\/|application\/(json|xml|javascript|x-www-form-urlencoded|[\w.-]+\+(json|xml))\s*(;|$))/i.test(
    type,
  )
}
