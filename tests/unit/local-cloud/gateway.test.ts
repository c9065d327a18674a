import { request } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import * as v from 'valibot'
import { CloudError } from '../../../local-cloud/cloud-error'
import { type Command, createControl } from '../../../local-cloud/control'
import { createGateway, type Gateway, type Routes } from '../../../local-cloud/gateway'
import { describeError, readBody, sendJson } from '../../../local-cloud/http'

let count = 0
const nextRequestId = () => `r${++count}`
const open: Gateway[] = []
afterEach(async () => {
  count = 0
  for (const gateway of open.splice(0)) await gateway.close()
})

/** A server whose routes say which of them was asked. */
async function listen(more: Partial<Routes> = {}): Promise<string> {
  const heard: string[] = []
  const say =
    (name: string, serves: (path: string) => boolean) => (_req: unknown, res: never, path: string) => {
      heard.push(name)
      if (!serves(path)) return false
      sendJson(res, 200, JSON.stringify(heard))
    }
  const gateway = createGateway(
    {
      client: say('client', path => path.startsWith('/v1/')),
      files: say('files', path => path.startsWith('/storage/')),
      pages: say('pages', path => path === '/'),
      ...more,
    },
    nextRequestId,
    { hosts: ['Kepu.Example'] },
  )
  open.push(gateway)
  return gateway.listen('127.0.0.1', 0)
}

interface Answer {
  status: number
  text: string
  headers: Record<string, unknown>
}

/** `fetch` would not send another Host. */
function ask(address: string, headers: Record<string, string> = {}, body?: Buffer | string): Promise<Answer> {
  return new Promise((done, fail) => {
    const sent = request(
      address,
      { method: body === undefined ? 'GET' : 'POST', headers, agent: false },
      res => {
        const chunks: Buffer[] = []
        res.on('data', chunk => chunks.push(chunk))
        res.on('end', () =>
          done({ status: res.statusCode ?? 0, text: Buffer.concat(chunks).toString(), headers: res.headers }),
        )
        res.on('error', fail)
      },
    )
    sent.on('error', fail)
    sent.end(body)
  })
}

test('each address is served by its own service, asked in turn', async () => {
  const url = await listen()
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  const { status, text, headers } = await ask(`${url}/`)
  expect([status, text]).toEqual([200, '["client","files","pages"]'])
  expect(headers).toMatchObject({
    'content-security-policy': "frame-ancestors 'self'",
    'x-frame-options': 'SAMEORIGIN',
    'x-content-type-options': 'nosniff',
    'content-type': 'application/json; charset=utf-8',
  })
  expect((await ask(`${await listen()}/storage/a?b=c`)).text).toBe('["client","files"]')
  expect((await ask(`${await listen()}/v1/a`, { host: 'kepu.example' })).text).toBe('["client"]')
})

test('an address that nobody serves, and a host that is not ours, are told in the form that is read', async () => {
  const url = await listen()
  const missing = await ask(`${url}/none`, { origin: 'http://localhost:1' })
  expect(missing.status).toBe(404)
  expect(JSON.parse(missing.text)).toEqual({
    code: 'NOT_FOUND',
    message: 'the local cloud serves nothing at /none',
    requestId: 'r1',
  })
  expect(missing.headers).toMatchObject({ 'access-control-allow-origin': 'http://localhost:1' })
  const page = await ask(`${url}/none`, { accept: 'text/html,*/*' })
  expect(page.headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(page.text).toBe('404 NOT_FOUND: the local cloud serves nothing at /none\n')
  expect((await ask(`${url}/`, { host: 'evil.example' })).status).toBe(403)
  for (const path of ['/admin', '/local/about'])
    expect([path, (await ask(url + path, {}, '')).status]).toEqual([path, 404])
})

test('tools are answered at their addresses, and pages are not', async () => {
  const url = await listen({
    sdk: (_req, res, query) => sendJson(res, 200, `sdk ${query.get('instance')}`),
    control: (_req, res, command) => sendJson(res, 200, `control ${command}`),
    console: (_req, res, path) => (path.startsWith('/console') ? sendJson(res, 200, 'console') : false),
  })
  expect((await ask(`${url}/admin?instance=a%20b&`, {}, '')).text).toBe('sdk a b')
  expect((await ask(`${url}/local/fire`, {}, '')).text).toBe('control fire')
  expect((await ask(`${url}/console/x`)).text).toBe('console')
  expect((await ask(`${url}/administer`)).status).toBe(404)
  for (const path of ['/admin', '/local/fire'])
    expect((await ask(url + path, { origin: url }, '')).status).toBe(403)
})

test('an unexpected error is not sent, and one in the middle of an answer breaks it off', async () => {
  const written: string[] = []
  const before = process.stderr.write
  process.stderr.write = ((text: string) => written.push(text)) as never
  try {
    const url = await listen({
      pages: (_req, res, path) => {
        if (path === '/half') res.writeHead(200, { 'content-length': 10 }).write('half')
        throw new Error('the secret cause')
      },
    })
    const answer = await ask(`${url}/`)
    expect([answer.status, answer.text]).toEqual([
      500,
      '{"code":"SYS_ERR","message":"internal error of the local cloud","requestId":"r1"}',
    ])
    await expect(ask(`${url}/half`)).rejects.toThrow()
    expect(written[0]).toContain('r1 Error: the secret cause')
    expect(describeError('words', 'r9')).toMatchObject({ code: 'SYS_ERR' })
    expect(written.at(-1)).toContain('r9 words')
  } finally {
    process.stderr.write = before
  }
  expect(describeError(new CloudError('CONFLICT', 'two'), 'r1')).toEqual({
    code: 'CONFLICT',
    message: 'two',
    requestId: 'r1',
  })
})

test('a body is read up to its limit; a longer one is refused, at once if it is far longer', async () => {
  let from = 0
  const url = await listen({
    pages: async (req, res) => {
      const body = await readBody(req, 10, () => new CloudError('EXCEED_MAX_PAYLOAD_SIZE', 'too large'))
      from = body.length
      sendJson(res, 200, body.toString())
    },
  })
  expect((await ask(`${url}/`, {}, '0123456789')).text).toBe('0123456789')
  expect((await ask(`${url}/`, {}, '')).text).toBe('')
  expect((await ask(`${url}/`, {}, '0123456789x')).status).toBe(413)
  expect((await ask(`${url}/`, {}, Buffer.alloc(4 * 1024 * 1024 + 10))).status).toBe(413)
  expect(from).toBe(0)
  // Its head alone is enough.
  const answered = await new Promise<number>((done, fail) => {
    const sent = request(
      `${url}/`,
      { method: 'POST', headers: { 'content-length': 4 * 1024 * 1024 + 11 } },
      res => done(res.resume().statusCode ?? 0),
    )
    sent.on('error', fail)
    sent.flushHeaders()
  })
  expect(answered).toBe(413)
})

test('a server that listens everywhere says an address that can be called, and one in IPv6 puts it in brackets', async () => {
  const hasIpv6 = Object.values(networkInterfaces()).some(all =>
    all?.some(({ address }) => address === '::1'),
  )
  for (const [host, address] of [
    ['0.0.0.0', 'http://127.0.0.1:'],
    ...(hasIpv6 ? [['::1', 'http://[::1]:'] as const, ['::', 'http://[::1]:'] as const] : []),
  ] as const) {
    const routes = { client: () => false, files: () => false, pages: () => false }
    const gateway = createGateway(routes, nextRequestId)
    open.push(gateway)
    const url = await gateway.listen(host, 0)
    expect(url.slice(0, address.length)).toBe(address)
    expect((await ask(`${url}/none`)).status).toBe(404)
  }
})

test('a server that closes does not wait for an answer that never comes', async () => {
  let arrived: () => void = () => {}
  const isAsked = new Promise<void>(done => {
    arrived = done
  })
  const url = await listen({ pages: () => arrived() })
  const broken = ask(`${url}/`)
  await isAsked
  await Promise.all([open.splice(0)[0]?.close(), expect(broken).rejects.toThrow()])
})

test('a client that goes on sending after an early answer is cut off, once it could read the answer', async () => {
  const url = new URL(await listen({ sdk: () => {}, control: () => {} }))
  const answer = await new Promise<string>((done, fail) => {
    const socket = connect(Number(url.port), url.hostname)
    let text = ''
    socket.on('data', chunk => {
      text += chunk
    })
    socket.on('error', fail)
    socket.on('close', () => done(text))
    socket.write(`POST /none HTTP/1.1\r\nhost: ${url.host}\r\ncontent-length: 900000\r\n\r\nhalf`)
  })
  expect(answer).toMatch(/^HTTP\/1.1 404 /)
})

test('a command is run for its key, with its body, and says what is wrong with it', async () => {
  const asked: unknown[] = []
  const commands = new Map<string, Command>([
    ['note', body => asked.push(body)],
    ['nothing', () => undefined],
    ['parse', body => v.parse(v.object({ name: v.string() }), body)],
    ['wrong', () => Promise.reject(new CloudError('CONFLICT', 'not now'))],
  ])
  const handle = createControl('key', commands, nextRequestId)
  const url = await listen({ sdk: () => {}, control: handle })
  const run = async (command: string, body = '', key = 'key') => {
    const { status, text } = await ask(`${url}/local/${command}`, { 'x-local-key': key }, body)
    return { status, body: JSON.parse(text) }
  }
  expect(await run('note', '{"a":1}')).toEqual({ status: 200, body: 1 })
  expect(await run('note')).toEqual({ status: 200, body: 2 })
  expect(asked).toEqual([{ a: 1 }, {}])
  expect(await run('nothing')).toEqual({ status: 200, body: null })
  for (const key of ['kez', 'ke', 'keyy', '']) expect((await run('note', '', key)).status).toBe(401)
  expect((await ask(`${url}/local/note`, {}, '')).status).toBe(401)
  expect(asked).toHaveLength(2)
  expect(await run('none')).toMatchObject({
    status: 404,
    body: { message: 'no command none; there are note, nothing, parse, wrong' },
  })
  expect(await run('note', '{')).toMatchObject({
    status: 400,
    body: { code: 'INVALID_PARAM', message: expect.stringContaining('not JSON') },
  })
  expect(await run('parse', '{}')).toMatchObject({
    status: 400,
    body: { code: 'INVALID_PARAM', message: expect.stringContaining('name') },
  })
  expect(await run('wrong')).toMatchObject({
    status: 409,
    body: { code: 'CONFLICT', message: 'not now', requestId: expect.stringMatching(/^r\d+$/) },
  })
})

test('an address names where a program on this machine finds it', async () => {
  const at = async (host: string) => {
    const gateway = createGateway(
      { client: () => false, files: () => false, pages: () => false },
      nextRequestId,
    )
    open.push(gateway)
    return (await gateway.listen(host, 0)).replace(/\d+$/, '*')
  }
  expect(await at('0.0.0.0')).toBe('http://127.0.0.1:*')
  expect(await at('localhost')).toBe('http://localhost:*')
  const taken = Number(new URL(await listen()).port)
  const second = createGateway({ client: () => false, files: () => false, pages: () => false }, nextRequestId)
  await expect(second.listen('127.0.0.1', taken)).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
