import type { IncomingMessage, ServerResponse } from 'node:http'
import { PassThrough } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { CloudError } from '../../../local-cloud/cloud-error'
import { contentTypeOf } from '../../../local-cloud/content-type'
import { describeError, readBody, sendError, sendJson } from '../../../local-cloud/http'
import { type HttpEvent, readHttpEvent } from '../../../local-cloud/http-event'
import { readHttpReply } from '../../../local-cloud/http-reply'
import { httpStatus } from '../../../local-cloud/web-api'

const tooLarge = () => new CloudError('EXCEED_MAX_PAYLOAD_SIZE', 'too large')

/** Reads a body that arrives in these parts. */
async function bodyOf(
  parts: readonly string[],
  limit: number,
  headers: Record<string, string> = {},
): Promise<string> {
  const req = Object.assign(new PassThrough(), { headers })
  const read = readBody(req as unknown as IncomingMessage, limit, tooLarge)
  for (const part of parts) req.write(part)
  req.end()
  return (await read).toString()
}

test.each<[what: string, parts: string[], limit: number, body: string | null]>([
  ['none', [], 5, ''],
  ['one part', ['hello'], 5, 'hello'],
  ['several parts', ['he', 'l', 'lo'], 5, 'hello'],
  ['one byte too many', ['hello', '!'], 5, null],
  ['a character of three bytes too many', ['海', '洋'], 5, null],
])('a body of %s', async (_what, parts, limit, body) => {
  if (body === null)
    await expect(bodyOf(parts, limit)).rejects.toMatchObject({ code: 'EXCEED_MAX_PAYLOAD_SIZE' })
  else expect(await bodyOf(parts, limit)).toBe(body)
})

test('a body that says that it is far too long is refused unread, one that breaks off is an error', async () => {
  const mb = 1024 * 1024
  await expect(bodyOf([], 5, { 'content-length': String(4 * mb + 6) })).rejects.toThrow('too large')
  expect(await bodyOf(['a'], 5, { 'content-length': String(4 * mb + 5) })).toBe('a')
  for (const event of ['aborted', 'error']) {
    const req = Object.assign(new PassThrough(), { headers: {} })
    const read = readBody(req as unknown as IncomingMessage, 5, tooLarge)
    req.emit(event, new Error('reset'))
    await expect(read).rejects.toThrow(event === 'aborted' ? 'the request was cut off' : 'reset')
  }
})

test('a body that does not say its length is refused as soon as it is far too long', async () => {
  const mb = 1024 * 1024
  const req = Object.assign(new PassThrough(), { headers: {} })
  const read = readBody(req as unknown as IncomingMessage, 5, tooLarge)
  const state = () => Promise.race([read.catch(() => 'refused'), nextTurn('open')])
  // Up to here the client may finish, and read the answer.
  req.write(Buffer.alloc(4 * mb + 5))
  expect(await state()).toBe('open')
  req.write('x')
  await expect(read).rejects.toThrow('too large')
})

/** What a reply holds after work with it. */
function replied(work: (res: ServerResponse) => void, destroyed = false) {
  const reply = { status: 0, headers: {}, body: '', destroyed }
  const res = {
    destroyed,
    writeHead: (status: number, headers: object) => Object.assign(reply, { status, headers }),
    end: (body: string) => Object.assign(reply, { body }),
  }
  work(res as unknown as ServerResponse)
  return reply
}

test('an error is JSON to a program and words to a browser; a closed connection gets nothing', () => {
  const described = describeError(new CloudError('NOT_FOUND', '没有'), 'r1')
  expect(described).toEqual({ code: 'NOT_FOUND', message: '没有', requestId: 'r1' })
  const to = (accept?: string) =>
    replied(res =>
      sendError({ headers: { accept } } as IncomingMessage, res, 404, described, { vary: 'origin' }),
    )
  const text = JSON.stringify(described)
  expect(to()).toMatchObject({
    status: 404,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      vary: 'origin',
    },
    body: text,
  })
  expect(to('application/json, */*').body).toBe(text)
  expect(to('text/html,*/*;q=0.8')).toMatchObject({
    headers: { 'content-type': 'text/plain; charset=utf-8', vary: 'origin' },
    body: '404 NOT_FOUND: 没有\n',
  })
  expect(replied(res => sendJson(res, 200, '{}'), true)).toMatchObject({ status: 0, body: '' })
})

test('an error that nobody expected is told to the developer alone', () => {
  const told = jest.spyOn(process.stderr, 'write').mockImplementation(() => true)
  try {
    for (const error of [new TypeError('x is not a function'), 'a text']) {
      expect(describeError(error, 'r1')).toEqual({
        ...{ code: 'SYS_ERR', message: 'internal error of the local cloud', requestId: 'r1' },
      })
    }
    expect(told.mock.calls.map(([line]) => line)).toEqual([
      expect.stringMatching(/^\[local-cloud\] r1 TypeError: x is not a function\n +at /),
      '[local-cloud] r1 a text\n',
    ])
  } finally {
    told.mockRestore()
  }
})

test.each([
  ['UNAUTHENTICATED', 401],
  ['PERMISSION_DENIED', 403],
  ['STORAGE_FILE_NONEXIST', 404],
  ['METHOD_NOT_ALLOWED', 405],
  ['CONFLICT', 409],
  ['EXCEED_MAX_PAYLOAD_SIZE', 413],
  ['URI_TOO_LONG', 414],
  ['EXCEED_CONCURRENT_REQUEST_LIMIT', 429],
  ['INVALID_RESPONSE', 502],
  ['FUNCTIONS_TIME_LIMIT_EXCEEDED', 504],
  ['FUNCTIONS_EXECUTE_FAIL', 500],
  ['constructor', 500],
])('the code %s has the status %i', (code, status) => expect(httpStatus(code)).toBe(status))

test.each([
  ['a.JPG', 'image/jpeg'],
  ['a.b.html', 'text/html; charset=utf-8'],
  ['a.svg', 'image/svg+xml'],
  ['a.js', 'text/javascript; charset=utf-8'],
  ['a.css', 'text/css; charset=utf-8'],
  ['a.json', 'application/json; charset=utf-8'],
  ['a.js.map', 'application/json; charset=utf-8'],
  ['LICENSES.txt', 'text/plain; charset=utf-8'],
  ['feed.xml', 'application/xml; charset=utf-8'],
  ['a.png', 'image/png'],
  ['a.jpg', 'image/jpeg'],
  ['a.jpeg', 'image/jpeg'],
  ['a.gif', 'image/gif'],
  ['a.webp', 'image/webp'],
  ['favicon.ico', 'image/x-icon'],
  ['a.woff', 'font/woff'],
  ['a.woff2', 'font/woff2'],
  ['a.mp3', 'audio/mpeg'],
  ['a.mp4', 'video/mp4'],
  ['a.pdf', 'application/pdf'],
  ['html', 'application/octet-stream'],
  ['a.constructor', 'application/octet-stream'],
])('%s has the type %s', (file, type) => expect(contentTypeOf(file)).toBe(type))

async function eventOf(
  headers: Record<string, string | string[]>,
  query = '',
  body = '{}',
): Promise<HttpEvent> {
  const socket = { remoteAddress: '::ffff:192.168.1.7' }
  const req = Object.assign(new PassThrough(), { headers, method: 'POST', socket })
  const context = { requestId: 'r1', envId: 'local', appId: 'a', uin: 'u' }
  const read = readHttpEvent(req as unknown as IncomingMessage, '/x', new URLSearchParams(query), context)
  req.end(body)
  return read
}

test.each<[type: string | undefined, isText: boolean]>([
  [undefined, true],
  ['text/plain', true],
  ['TEXT/HTML; charset=utf-8', true],
  ['application/json;charset=utf-8', true],
  ['application/xml', true],
  ['application/javascript', true],
  ['application/x-www-form-urlencoded', true],
  ['application/ld+json', true],
  ['application/atom+xml; charset=utf-8', true],
  ['application/jsonp', false],
  ['application/octet-stream', false],
  ['image/svg', false],
  ['multipart/form-data; boundary=text/plain', false],
])('a body of the type %s arrives as text: %s', async (type, isText) => {
  const { body, isBase64Encoded } = await eventOf(type === undefined ? {} : { 'content-type': type })
  expect([body, isBase64Encoded]).toEqual([isText ? '{}' : 'e30=', !isText])
})

test('an event has every header but those of the connection, the caller’s address, and all repeated values', async () => {
  const connection = ['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization']
  const more = ['proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']
  const event = await eventOf(
    {
      ...Object.fromEntries([...connection, ...more].map(name => [name, 'x'])),
      ...{ authorization: 'Bearer x', 'set-cookie': ['a=1', 'b=2'], 'x-real-ip': '203.0.113.9' },
    },
    'a=1&b=2&a=3&a=4',
  )
  expect({ ...event.headers }).toEqual({
    ...{ authorization: 'Bearer x', 'set-cookie': 'a=1, b=2', 'x-real-ip': '192.168.1.7' },
  })
  expect({ ...event.queryStringParameters }).toEqual({ a: ['1', '3', '4'], b: '2' })
  expect(event).toMatchObject({ path: '/x', httpMethod: 'POST', requestContext: { requestId: 'r1' } })
})

const text = 'text/plain; charset=utf-8'
test.each<[what: string, result: unknown, reply: object]>([
  ['a text', 'hello', { status: 200, headers: { 'content-type': text }, body: 'hello' }],
  [
    'an object',
    { a: 1 },
    { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: '{"a":1}' },
  ],
  ['a list', [1], { body: '[1]' }],
  ['nothing', null, { body: 'null' }],
  ['an empty reply', { statusCode: 204 }, { status: 204, headers: {}, body: '' }],
  [
    'a reply of text',
    { statusCode: 599, body: '海' },
    { status: 599, headers: { 'content-type': text }, body: '海' },
  ],
  [
    'headers of every kind',
    { statusCode: 200, headers: { 'Content-Type': 'a/b', 'X-N': 1, 'X-B': true, Connection: 'close' } },
    { headers: { 'content-type': 'a/b', 'x-n': '1', 'x-b': 'true' } },
  ],
  ['bytes', { statusCode: 200, isBase64Encoded: true, body: 'aGk=' }, { body: 'hi' }],
  ['a text that looks like base64', { statusCode: 200, body: 'aGk=' }, { body: 'aGk=' }],
])('a function’s result that is %s', (_what, result, reply) => {
  const { body, ...others } = readHttpReply(JSON.stringify(result))
  expect({ ...others, body: body.toString() }).toMatchObject(reply)
})

test.each<[what: string, result: object]>([
  ['a status below 200', { statusCode: 199 }],
  ['a status above 599', { statusCode: 600 }],
  ['half a status', { statusCode: 200.5 }],
  ['a status in words', { statusCode: '200' }],
  ['a header with two values', { statusCode: 200, headers: { 'set-cookie': ['a', 'b'] } }],
  ['a header over two lines', { statusCode: 200, headers: { a: 'b\r\nc: d' } }],
  ['a header whose name is none', { statusCode: 200, headers: { 'a b': 'c' } }],
  ['a body that is no text', { statusCode: 200, body: { a: 1 } }],
  ['a body that is no base64', { statusCode: 200, isBase64Encoded: true, body: 'a_' }],
])('a reply with %s is no reply for HTTP', (_what, result) => {
  expect(() => readHttpReply(JSON.stringify(result))).toThrow("the function's reply is not one for HTTP: ")
})
