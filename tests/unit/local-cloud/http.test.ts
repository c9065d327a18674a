import type { IncomingMessage, ServerResponse } from 'node:http'
import { PassThrough } from 'node:stream'
import { CloudError } from '../../../local-cloud/cloud-error'
import { contentTypeOf } from '../../../local-cloud/content-type'
import { describeError, readBody, sendError, sendJson } from '../../../local-cloud/http'
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
  ['html', 'application/octet-stream'],
  ['a.constructor', 'application/octet-stream'],
])('%s has the type %s', (file, type) => expect(contentTypeOf(file)).toBe(type))

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
