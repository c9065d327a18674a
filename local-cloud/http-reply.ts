import { validateHeaderName, validateHeaderValue } from 'node:http'
import * as v from 'valibot'
import { CloudError } from './cloud-error'
import { jsonType } from './http'
import { connectionHeaders } from './http-event'

/** The reply that the client receives. */
export interface HttpReply {
  status: number
  /** Names in lower case. */
  headers: Record<string, string>
  body: Buffer
}

/** An array as a header's value is refused: the documentation does not say whether the platform accepts one. */
const Composed = v.object({
  statusCode: v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599)),
  headers: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])), {}),
  body: v.optional(v.string(), ''),
  isBase64Encoded: v.optional(v.boolean(), false),
})

const base64 = /^[A-Za-z0-9+/]*={0,2}$/

/**
 * Interprets a function's result as the HTTP access service does: an object with a `statusCode` is a reply, a string is
 * plain text, anything else is JSON [CB service/access-cloud-function].
 * @param result JSON text
 * @throws CloudError INVALID_RESPONSE if it has the form of a reply but is not a valid one
 */
export function readHttpReply(result: string): HttpReply {
  const value: unknown = JSON.parse(result)
  if (typeof value === 'string') return plain('text/plain; charset=utf-8', value)
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'statusCode')) {
    return plain(jsonType, result)
  }
  const composed = v.safeParse(Composed, value)
  if (!composed.success) throw invalid(v.summarize(composed.issues))
  const { statusCode, headers, body, isBase64Encoded } = composed.output
  if (isBase64Encoded && !base64.test(body)) throw invalid('the body is not base64')
  return {
    status: statusCode,
    headers: { ...(hasBody(statusCode) ? textType : {}), ...checkedHeaders(headers) },
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  }
}

const textType = { 'content-type': 'text/plain; charset=utf-8' }

/** A type on an answer without a body would replace that of the cached one. */
const hasBody = (status: number): boolean => status !== 204 && status !== 304

function plain(type: string, text: string): HttpReply {
  return { status: 200, headers: { 'content-type': type }, body: Buffer.from(text) }
}

function checkedHeaders(given: Record<string, string | number | boolean>): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    const lower = name.toLowerCase()
    if (connectionHeaders.has(lower)) continue
    try {
      validateHeaderName(lower)
      validateHeaderValue(lower, String(value))
    } catch (error) {
      throw invalid(error instanceof Error ? error.message : `header ${name}`)
    }
    headers[lower] = String(value)
  }
  return headers
}

function invalid(reason: string): CloudError {
  return new CloudError('INVALID_RESPONSE', `the function's reply is not one for HTTP: ${reason}`)
}
