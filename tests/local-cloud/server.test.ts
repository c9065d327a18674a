import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { CloudError } from '../../local-cloud/cloud-error'
import { createGateway, type Routes } from '../../local-cloud/gateway'
import { readBody } from '../../local-cloud/http'
import { type CloudProcess, startCloudProcess } from '../support/local-cloud'

/** Sends text unchanged and returns the received text when the connection ends or `done` returns true. */
function raw(url: string, text: string, done: (reply: string) => boolean = () => false): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname.replace(/[[\]]/g, ''), () => socket.write(text))
    let reply = ''
    socket.on('data', chunk => {
      reply += chunk.toString()
      if (done(reply)) socket.destroy()
    })
    socket.once('close', () => resolve(reply))
    socket.once('error', reject)
  })
}

const request = (method: string, path: string, headers: Record<string, string>, body = '') =>
  [
    `${method} ${path} HTTP/1.1`,
    ...Object.entries({ connection: 'close', 'content-length': String(body.length), ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    ),
    '',
    body,
  ].join('\r\n')

const statusOf = (reply: string) => Number(reply.split(' ')[1])

let folder: string
let cloud: CloudProcess

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'server-'))
  mkdirSync(join(folder, 'site'))
  writeFileSync(join(folder, 'site/index.html'), '<!doctype html><title>site</title>')
  cloud = await startCloudProcess({
    siteFolder: join(folder, 'site'),
    args: ['--host', '0.0.0.0', '--allow-host', 'laptop.example', '--site-url', 'https://site.example'],
  })
})
afterAll(async () => {
  await cloud?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const local = () => `127.0.0.1:${new URL(cloud.url).port}`

describe('a host name that leads to this machine', () => {
  const signIn = (host: string) => raw(cloud.url, request('POST', '/auth/v1/signin/anonymously', { host }))

  test.each(['evil.example', 'evil.example:80', 'localhost.evil.example', '127.0.0.1.evil.example', ''])(
    '%j cannot create a reader, whatever its port',
    async host => {
      const reply = await signIn(host)
      expect(statusOf(reply)).toBe(403)
      expect(reply).not.toContain('access_token')
    },
  )

  test.each([
    '127.0.0.1',
    'localhost',
    'LOCALHOST:1',
    'site.localhost',
    '[::1]:9',
    '192.168.1.7',
    'laptop.example',
    'site.example',
    'local.api.tcloudbasegateway.com',
  ])('%s is answered', async host => {
    expect(await signIn(host)).toContain('access_token')
  })
})

describe('/admin and /local/', () => {
  const body = '{"action":"database.addCollection","collectionName":"from_afar"}'
  const admin = (url: string, headers: Record<string, string>) =>
    raw(url, request('POST', '/admin', headers, body))
  const foreign = Object.values(networkInterfaces())
    .flat()
    .find(address => address?.family === 'IPv4' && !address.internal)?.address

  test('answer programs on this machine, at the loopback address and at its own address', async () => {
    expect(statusOf(await admin(cloud.url, { host: local() }))).toBe(200)
    if (foreign === undefined) return
    const url = `http://${foreign}:${new URL(cloud.url).port}`
    expect(statusOf(await admin(url, { host: foreign }))).toBe(200)
  })

  test.each([
    ['pages', { origin: 'http://127.0.0.1' }],
    ['what comes through a proxy', { 'x-forwarded-for': '203.0.113.9' }],
    ['what comes through a proxy that sends X-Real-IP', { 'x-real-ip': '203.0.113.9' }],
    ['what comes through a proxy that sends Forwarded', { forwarded: 'for=203.0.113.9' }],
    ['what comes through a proxy that sends Via', { via: '1.1 proxy' }],
    ['what comes under a public name', { host: 'site.example' }],
  ])('do not answer %s', async (_name, headers) => {
    for (const path of ['/admin', '/local/about']) {
      const reply = await raw(cloud.url, request('POST', path, { host: local(), ...headers }, body))
      expect(statusOf(reply)).toBe(403)
    }
  })

  test('do not answer another machine', async () => {
    const socket = { remoteAddress: '192.168.1.9', localAddress: '192.168.1.5' }
    const { requireThisMachine } = await import('../../local-cloud/admission')
    const from = (remoteAddress: string) => () =>
      requireThisMachine({
        headers: { host: '192.168.1.5:8787' },
        socket: { ...socket, remoteAddress },
      } as never)
    expect(from('192.168.1.9')).toThrow('this machine only')
    expect(from('::ffff:192.168.1.9')).toThrow('this machine only')
    expect(from('192.168.1.5')).not.toThrow()
    expect(from('::ffff:127.0.0.1')).not.toThrow()
  })

  test('do not exist at the address of the phone preview', async () => {
    const headers = { 'x-local-key': cloud.key }
    for (const path of ['/admin', '/local/about', '/local/sign-in']) {
      const reply = await fetch(cloud.previewUrl + path, { method: 'POST', headers, body: '{}' })
      expect(reply.status).toBe(404)
    }
  })

  test('a cloud that listens on the network reports it, and its functions still reach it', async () => {
    expect(cloud.errors()).toContain('Listening on 0.0.0.0')
    const reader = await cloud.signIn()
    expect(await cloud.call(reader, 'calls', { name: 'echo', data: { a: 1 } })).toBeTruthy()
  })

  test('the key is checked before the body is read', async () => {
    const head = request('POST', '/local/about', { host: local(), 'content-length': '200000000' })
    const began = performance.now()
    const reply = await raw(cloud.url, head)
    expect(statusOf(reply)).toBe(401)
    expect(performance.now() - began).toBeLessThan(10_000)
  })
})

describe('addresses', () => {
  test.each([
    ['far too long', `/${'a'.repeat(9000)}`, 414],
    ['too long for a page', `/${'a'.repeat(5000)}`, 414],
    ['longer than a file name', `/${'a'.repeat(300)}`, 200],
    ['of a function, longer than a file name', `/v1/functions/${'a'.repeat(300)}`, 401],
    ['of a file, longer than a file name', `/storage/${'a'.repeat(5000)}`, 400],
    ['that are no encoding', '/storage/%ff%', 400],
    ['of a script that is longer than a file name', `/${'a'.repeat(300)}.js`, 404],
  ])('%s: %#', async (_name, path, status) => {
    const method = path.startsWith('/v1') ? 'POST' : 'GET'
    const reply = await raw(cloud.url, request(method, path, { host: local() }))
    expect(statusOf(reply)).toBe(status)
    expect(reply).not.toMatch(/\n\s+at /)
  })

  test('none of these requests caused an internal error', () => {
    expect(cloud.errors()).not.toMatch(/\n\s+at /)
  })
})

describe('replies', () => {
  test('cannot be framed by other sites, and their content type cannot be guessed', async () => {
    for (const path of ['/', '/nothing.js', '/storage/none', '/auth/v1/signin/anonymously']) {
      const { headers } = await fetch(cloud.url + path)
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'self'")
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  test('an uploaded page cannot run scripts on our origin', async () => {
    const event = { action: 'upload', path: 'page.html', text: '<script>1</script>' }
    await cloud.control('invoke', { name: 'files', event })
    const { headers } = await fetch(`${cloud.url}/storage/page.html`)
    expect(headers.get('content-security-policy')).toMatch(/^sandbox;/)
  })

  test('pages on this machine can read errors', async () => {
    const origin = 'http://localhost:5173'
    for (const path of ['/v1/functions/echo', '/auth/v1/signin/anonymously', `/${'a'.repeat(9000)}`]) {
      const reply = await fetch(cloud.url + path, { headers: { origin } })
      expect(reply.ok).toBe(false)
      expect(reply.headers.get('access-control-allow-origin')).toBe(origin)
    }
  })
})

describe('a client that does not finish its request', () => {
  const nothing: Routes = {
    sdk: () => undefined,
    control: () => undefined,
    client: async (req, res) => {
      const body = await readBody(req, 10, () => new CloudError('EXCEED_MAX_PAYLOAD_SIZE', 'too large'))
      res.end(body)
    },
    files: () => false,
    pages: () => false,
  }

  test.each([
    ['half a head', 'POST /v1/x HTTP/1.1\r\nhost: localhost\r\n'],
    ['half a body', 'POST /v1/x HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\nhalf'],
    [
      'a chunk that never comes',
      'POST /v1/x HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab',
    ],
  ])('is disconnected in time: %s', async (_name, text) => {
    const gateway = createGateway(nothing, () => 'id', { requestTime: 300 })
    const url = await gateway.listen('127.0.0.1', 0)
    try {
      expect(statusOf(await raw(url, text))).toBe(408)
    } finally {
      await gateway.close()
    }
  })

  test('a body far beyond its limit is refused before all of it has arrived', async () => {
    const gateway = createGateway(nothing, () => 'id')
    const url = await gateway.listen('127.0.0.1', 0)
    try {
      const head = 'POST /v1/x HTTP/1.1\r\nhost: localhost\r\ncontent-length: 900000000\r\n\r\n'
      expect(statusOf(await raw(url, head))).toBe(413)
    } finally {
      await gateway.close()
    }
  })
})
