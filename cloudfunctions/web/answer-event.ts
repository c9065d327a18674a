import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib'
import * as v from 'valibot'
import { BoundedMap } from '../shared/bounded-map'
import { handle, type WebResponse } from './handle'

/**
 * The event that CloudBase's HTTP access passes to a function (docs.cloudbase.net, 云函数 HTTP 访问). The caller controls
 * most of it, so a field with a wrong form is treated as absent.
 */
const Text = v.fallback(v.string(), '')
const Values = v.fallback(v.record(v.string(), v.unknown()), {})

/** Replaces half characters, which no address can contain: `encodeURIComponent` throws on them. */
const wholeCharacters = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd')

const HttpEvent = v.object({
  path: v.fallback(v.pipe(v.string(), v.transform(wholeCharacters)), '/'),
  httpMethod: v.fallback(v.string(), 'GET'),
  headers: Values,
  queryStringParameters: Values,
  /** Written by the gateway. `preview` is the local cloud's own: no real gateway writes it. */
  requestContext: v.fallback(v.object({ requestId: Text, preview: v.optional(v.literal(true)) }), {
    requestId: '',
  }),
})

export interface HttpReply {
  statusCode: number
  headers: Record<string, string>
  body: string
  isBase64Encoded: boolean
}

/** The first value of each key, because a key may occur twice. */
function firsts(values: Record<string, unknown>, name: (key: string) => string): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(values)) {
    const one: unknown = Array.isArray(value) ? value[0] : value
    if (typeof one === 'string') found.set(name(key), wholeCharacters(one))
  }
  return found
}

/**
 * Whether this function compresses its replies. CloudBase does not document whether the gateway does it too;
 * KEPU_WEB_PLAIN in the function's environment leaves it to the gateway.
 */
const compresses = process.env.KEPU_WEB_PLAIN !== '1'
/** Compressing a reply shorter than this saves nothing. */
const worthwhile = 1_000

/** Compressed documents of an instance, by their ETag and encoding. */
const packed = new BoundedMap<string, string>(100)

function pack(body: string, encoding: 'br' | 'gzip', etag: string | undefined): string {
  const key = etag && `${encoding} ${etag}`
  const known = key && packed.get(key)
  if (known) return known
  const bytes =
    encoding === 'br'
      ? brotliCompressSync(body, { params: { [zlib.BROTLI_PARAM_QUALITY]: 5 } })
      : gzipSync(body)
  const text = bytes.toString('base64')
  if (key) packed.set(key, text)
  return text
}

/** The encodings that a browser accepts; one with `q=0` is not accepted. */
function encodingOf(accepted: string | undefined): 'br' | 'gzip' | undefined {
  const names = (accepted ?? '')
    .split(',')
    .filter(part => !/;\s*q=0(\.0*)?\s*$/.test(part))
    .map(part => part.split(';')[0]?.trim().toLowerCase())
  if (names.includes('br')) return 'br'
  return names.includes('gzip') ? 'gzip' : undefined
}

function replyOf({ status, headers, body }: WebResponse, accepted: string | undefined): HttpReply {
  const encoding = compresses && body.length >= worthwhile ? encodingOf(accepted) : undefined
  if (!encoding) return { statusCode: status, headers, body, isBase64Encoded: false }
  return {
    statusCode: status,
    headers: { ...headers, 'content-encoding': encoding },
    body: pack(body, encoding, headers.etag),
    isBase64Encoded: true,
  }
}

/** The thin layer between the platform's event and `handle`. */
export async function answerEvent(event: unknown): Promise<HttpReply> {
  const { path, httpMethod, headers, queryStringParameters, requestContext } = v.parse(
    HttpEvent,
    typeof event === 'object' && event !== null ? event : {},
  )
  const byName = firsts(headers, name => name.toLowerCase())
  const response = await handle({
    method: httpMethod.toUpperCase(),
    path,
    query: firsts(queryStringParameters, key => key),
    headers: byName,
    preview: requestContext.preview === true,
    requestId: requestContext.requestId,
  })
  return replyOf(response, byName.get('accept-encoding'))
}
