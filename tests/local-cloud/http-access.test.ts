import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type CloudProcess, startCloudProcess } from '../support/local-cloud'

let cloud: CloudProcess
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hosting-'))
  const hosting = join(folder, 'hosting')
  mkdirSync(join(hosting, 'assets'), { recursive: true })
  writeFileSync(join(hosting, 'assets/app-7XK2QMTA.js'), 'start();'.repeat(200))
  writeFileSync(join(hosting, 'assets/app.js'), 'start()')
  writeFileSync(join(hosting, 'assets/mark.svg'), `<svg>${'<path/>'.repeat(50)}</svg>`)
  symlinkSync('loop.js', join(hosting, 'assets/loop.js'))
  writeFileSync(join(hosting, 'assets/photo-20261126.png'), 'png')
  writeFileSync(join(hosting, 'assets/.hidden'), 'outside of the site')
  writeFileSync(join(hosting, 'not-routed.txt'), 'outside of the site')
  // Its path begins as that of the site's folder does.
  writeFileSync(join(folder, 'hosting-secret.txt'), 'outside of the site')
  symlinkSync(join(folder, 'hosting-secret.txt'), join(hosting, 'assets/link.txt'))
  cloud = await startCloudProcess({
    rulesFolder: resolve(__dirname, '../support/http-rules'),
    hostingFolder: hosting,
  })
})
afterAll(async () => {
  await cloud?.stop()
  rmSync(folder, { recursive: true })
})

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  bytes: Buffer
  text: string
}

/** Sends the request unchanged: fetch would normalise the path and decompress the body. */
function ask(
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> {
  return new Promise((done, fail) => {
    const { hostname, port } = new URL(cloud.url)
    request({ hostname, port, path, method, headers }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        done({ status: response.statusCode ?? 0, headers: response.headers, bytes, text: bytes.toString() })
      })
    })
      .on('error', fail)
      .end(body)
  })
}

const heard = async (...given: Parameters<typeof ask>) =>
  JSON.parse((await ask(...given)).text) as {
    event: Record<string, unknown> & { headers: Record<string, string> }
    context: Record<string, unknown>
  }
const codeOf = ({ text }: Answer) => (JSON.parse(text) as { code: string }).code

describe('a function’s event', () => {
  test('has the documented fields, and header names in lower case', async () => {
    const { event } = await heard('/a/1?q=%E6%98%9F&two=1&two=2&empty=', {
      headers: { 'X-Mixed-Case': 'yes', 'Keep-Alive': 'timeout=5' },
    })
    expect(event).toMatchObject({
      path: '/a/1',
      httpMethod: 'GET',
      queryStringParameters: { q: '星', two: ['1', '2'], empty: '' },
      requestContext: { envId: 'local', requestId: expect.any(String) },
      body: '',
      isBase64Encoded: false,
    })
    expect(event.headers).toMatchObject({ 'x-mixed-case': 'yes', 'x-real-ip': '127.0.0.1' })
    expect(event.headers).not.toHaveProperty('keep-alive')
    expect(event.headers).not.toHaveProperty('connection')
  })

  test('the prefix of a route is stripped, except with path transmission', async () => {
    expect((await heard('/api/x')).event.path).toBe('/x')
    expect((await heard('/api')).event.path).toBe('/')
    expect((await heard('/api/more/x')).event.path).toBe('/api/more/x')
  })

  test('the caller has no identity, whatever it sends', async () => {
    const reader = await cloud.signIn('oReaderReaderReaderReaderRea')
    const { event, context } = await heard('/', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${reader.token}`,
        'x-real-ip': '1.2.3.4',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ userInfo: { openId: 'o1' }, TCB_SOURCE: 'wx_client' }),
    })
    expect(JSON.stringify(context)).not.toContain('oReader')
    expect(context.SOURCE ?? '').not.toBe('wx_client')
    expect(context.OPENID ?? '').toBe('')
    expect(event).not.toHaveProperty('userInfo')
    expect(event.headers['x-real-ip']).toBe('127.0.0.1')
    expect(event.requestContext).not.toHaveProperty('preview')
  })

  test('names like members of Object are ordinary names', async () => {
    const { event } = await heard('/?__proto__=1&constructor=2', { headers: { constructor: '3' } })
    expect(Object.entries(event.queryStringParameters as object)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ])
    expect(event.headers.constructor).toBe('3')
  })

  test('text arrives as text, other bytes as base64', async () => {
    const post = (type: string, body: string | Buffer) =>
      heard('/', { method: 'POST', headers: { 'content-type': type }, body })
    expect((await post('application/json; charset=utf-8', '{"a":"星"}')).event).toMatchObject({
      httpMethod: 'POST',
      body: '{"a":"星"}',
      isBase64Encoded: false,
    })
    const bytes = Buffer.from([0, 255, 128])
    expect((await post('image/png', bytes)).event).toMatchObject({
      body: bytes.toString('base64'),
      isBase64Encoded: true,
    })
  })

  test('a body is limited to 100 KB of text or 6 MB of bytes', async () => {
    const post = (type: string, size: number) =>
      ask('/?reply=text', { method: 'POST', headers: { 'content-type': type }, body: Buffer.alloc(size) })
    expect((await post('text/plain', 100 * 1024)).status).toBe(200)
    const longText = await post('text/plain', 100 * 1024 + 1)
    expect([longText.status, codeOf(longText)]).toEqual([413, 'EXCEED_MAX_PAYLOAD_SIZE'])
    expect((await post('image/png', 6 * 1024 * 1024)).status).toBe(200)
    expect((await post('image/png', 6 * 1024 * 1024 + 1)).status).toBe(413)
  })

  test.each(['/%', '/%00', '/a%2f..%2fb', '/../x', '//x', `/${'a'.repeat(1000)}`])(
    'a hostile path arrives as it was sent: %s',
    async path => {
      expect((await heard(path)).event.path).toBe(path)
    },
  )

  test('an absolute address of another server is refused', async () => {
    const answer = await ask('http://elsewhere.example/')
    expect([answer.status, codeOf(answer)]).toEqual([400, 'INVALID_PATH'])
  })
})

describe('a client’s reply', () => {
  test('a reply has its status, headers and text', async () => {
    const { status, headers, text } = await ask('/?reply=gone')
    expect([status, text]).toEqual([410, '<p>没有了'])
    expect(headers).toMatchObject({ 'content-type': 'text/html', etag: '"1"', 'content-length': '12' })
    expect(headers['x-request-id']).toBeTruthy()
  })

  test('only the function sets the headers that say how its page may be used', async () => {
    const { headers } = await ask('/?reply=text')
    expect(Object.keys(headers).sort()).toEqual(
      ['connection', 'content-length', 'content-type', 'date', 'keep-alive', 'x-request-id'].sort(),
    )
  })

  test('a redirect keeps its location and loses headers about the connection', async () => {
    const { status, headers } = await ask('/?reply=moved')
    expect([status, headers.location, headers.connection]).toEqual([301, '/a/1', 'keep-alive'])
  })

  test('a base64 body arrives as bytes', async () => {
    const { headers, bytes } = await ask('/?reply=bytes')
    expect(headers['content-type']).toBe('image/png')
    expect([...bytes]).toEqual([0, 255, 128])
  })

  test('204 and 304 pass through without a body or its length, and HEAD never has a body', async () => {
    const unchanged = await ask('/?reply=unchanged')
    expect([unchanged.status, unchanged.headers.etag, unchanged.text]).toEqual([304, '"1"', ''])
    expect(unchanged.headers['content-length']).toBeUndefined()
    const done = await ask('/?reply=done')
    expect([done.status, done.headers['content-length'], done.text]).toEqual([204, undefined, ''])
    const head = await ask('/?reply=gone', { method: 'HEAD' })
    expect([head.status, head.headers.etag, head.text]).toEqual([410, '"1"', ''])
  })

  test('a string becomes plain text, anything else JSON', async () => {
    const text = await ask('/?reply=text')
    expect([text.headers['content-type'], text.text]).toEqual(['text/plain; charset=utf-8', 'plain text'])
    const nothing = await ask('/?reply=nothing')
    expect([nothing.headers['content-type'], nothing.text]).toEqual([
      'application/json; charset=utf-8',
      'null',
    ])
  })

  test('a reply may have up to 6 MB, more than that of a call', async () => {
    expect((await ask('/?reply=large')).bytes).toHaveLength(5 * 1024 * 1024)
    const tooLarge = await ask('/?reply=too-large')
    expect([tooLarge.status, codeOf(tooLarge)]).toEqual([500, 'FUNCTIONS_RESULT_SIZE_EXCEED_LIMIT'])
  })

  test.each(['split-header', 'no-status', 'not-base64'])(
    'a reply that HTTP cannot carry becomes an error: %s',
    async reply => {
      const answer = await ask(`/?reply=${reply}`)
      expect([answer.status, codeOf(answer)]).toEqual([502, 'INVALID_RESPONSE'])
      expect(answer.headers).not.toHaveProperty('set-cookie')
      expect(cloud.errors()).toContain('the function’s reply is not one for HTTP'.replace('’', "'"))
    },
  )

  test('a function that fails or is too slow gives a typed error without a stack', async () => {
    const broken = await ask('/?reply=throws')
    expect([broken.status, codeOf(broken)]).toEqual([500, 'FUNCTIONS_EXECUTE_FAIL'])
    expect(broken.text).not.toContain('index.js')
    const slow = await ask('/slow')
    expect([slow.status, codeOf(slow)]).toEqual([504, 'FUNCTIONS_TIME_LIMIT_EXCEEDED'])
  })

  test('a client cannot bypass the routes and call the function', async () => {
    await expect(cloud.call(await cloud.signIn(), 'http', { path: '/' })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
  })
})

describe('static files', () => {
  const hashed = '/assets/app-7XK2QMTA.js'

  test('have their content type, and are immutable if the name contains a hash of the content', async () => {
    const { status, headers, text } = await ask(hashed)
    expect([status, text]).toEqual([200, 'start();'.repeat(200)])
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    })
    for (const name of ['app.js', 'photo-20261126.png'])
      expect((await ask(`/assets/${name}`)).headers['cache-control']).toBe('no-cache')
  })

  test('have a strong ETag per encoding, which avoids a second download', async () => {
    const plain = await ask(hashed)
    const zipped = await ask(hashed, { headers: { 'accept-encoding': 'br, gzip' } })
    expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
    expect(gunzipSync(zipped.bytes)).toEqual(plain.bytes)
    // A cache must not give the one for the other.
    expect(plain.headers.vary).toBe('accept-encoding')
    expect(zipped.headers.etag).not.toBe(plain.headers.etag)
    expect(plain.headers.etag).toMatch(/^"[\w-]+"$/)
    for (const tag of [plain.headers.etag, `"other", W/${plain.headers.etag}`, '*']) {
      const again = await ask(hashed, { headers: { 'if-none-match': String(tag) } })
      expect([again.status, again.text]).toEqual([304, ''])
    }
    const other = await ask(hashed, { headers: { 'if-none-match': String(zipped.headers.etag) } })
    expect(other.status).toBe(200)
    const refused = await ask(hashed, { headers: { 'accept-encoding': 'gzip;q=0' } })
    expect(refused.headers).not.toHaveProperty('content-encoding')
    for (const accepted of ['gzip;q=0.5', 'GZIP', 'deflate,gzip', 'br , gzip ; q=1.0']) {
      const { headers } = await ask(hashed, { headers: { 'accept-encoding': accepted } })
      expect([accepted, headers['content-encoding']]).toEqual([accepted, 'gzip'])
    }
    for (const other of ['x-gzip', 'gzipped', 'br', 'gzip;q=0.0, br']) {
      const { headers } = await ask(hashed, { headers: { 'accept-encoding': other } })
      expect([other, headers['content-encoding']]).toEqual([other, undefined])
    }
    // Zipped it would be longer.
    const short = await ask('/assets/app.js', { headers: { 'accept-encoding': 'gzip' } })
    expect([short.headers['content-encoding'], short.headers.vary]).toEqual([undefined, undefined])
    const drawing = await ask('/assets/mark.svg', { headers: { 'accept-encoding': 'gzip' } })
    expect(drawing.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'content-encoding': 'gzip' })
  })

  test('are served again after a change', async () => {
    const file = join(folder, 'hosting/assets/app.js')
    const before = await ask('/assets/app.js')
    writeFileSync(file, 'restart()')
    const after = await ask('/assets/app.js', {
      headers: { 'if-none-match': String(before.headers.etag) },
    })
    expect([after.status, after.text]).toEqual([200, 'restart()'])
  })

  test('answer HEAD with headers only and refuse other methods', async () => {
    const head = await ask(hashed, { method: 'HEAD' })
    expect([head.status, head.headers['content-length'], head.text]).toEqual([200, '1600', ''])
    const post = await ask(hashed, { method: 'POST', body: 'x' })
    expect([post.status, post.headers.allow, codeOf(post)]).toEqual([405, 'GET, HEAD', 'METHOD_NOT_ALLOWED'])
  })

  test.each([
    '/assets/gone.js',
    '/assets',
    '/assets/',
    '/assets/../../secret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets/../not-routed.txt',
    '/assets/%2e%2e/not-routed.txt',
    '/assets//app.js',
    '/assets/link.txt',
    '/assets/loop.js',
    '/assets/.hidden',
    '/assets/app.js%00.png',
    '/assets/%',
    `/assets/${'a'.repeat(300)}`,
    `/assets${'/a'.repeat(500)}`,
    '/assets/app.js/x',
  ])('%s is no file', async path => {
    const answer = await ask(path)
    expect([answer.status, codeOf(answer)]).toEqual([404, 'NOT_FOUND'])
    expect(answer.text).not.toContain('outside of the site')
  })

  test('a browser is told in words that a file or a host does not exist here', async () => {
    const accept = 'text/html,application/xhtml+xml,*/*;q=0.8'
    const answers = [
      await ask('/assets/gone.js', { headers: { accept } }),
      await ask('/', { headers: { accept, host: 'evil.example' } }),
    ]
    expect(answers.map(({ status, headers }) => [status, headers['content-type']])).toEqual([
      [404, 'text/plain; charset=utf-8'],
      [403, 'text/plain; charset=utf-8'],
    ])
    expect(answers[0]?.text).toBe('404 NOT_FOUND: there is no such file\n')
  })
})

describe('the two addresses', () => {
  const signIn = async (url: string, query = '') => {
    const response = await fetch(`${url}/auth/v1/signin/anonymously${query}`, { method: 'POST' })
    return {
      status: response.status,
      token: ((await response.json()) as { access_token: string }).access_token,
    }
  }
  const openidOf = async (url: string, token: string) => {
    const response = await fetch(`${url}/v1/functions/context`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    })
    const { context } = (await response.json()) as { context: { OPENID?: string } }
    return context.OPENID ?? ''
  }
  let open: CloudProcess

  beforeAll(async () => {
    open = await startCloudProcess()
  })
  afterAll(() => open?.stop())

  test('a client that signs in at the site has no OPENID; each one at the phone preview has its own', async () => {
    const visitor = await signIn(open.url)
    expect(await openidOf(open.url, visitor.token)).toBe('')
    const [one, other] = [await signIn(open.previewUrl), await signIn(open.previewUrl)]
    const openids = [await openidOf(open.previewUrl, one.token), await openidOf(open.previewUrl, other.token)]
    expect(openids[0]).toMatch(/^o.{27}$/)
    expect(openids[1]).not.toBe(openids[0])
  })

  test('a client cannot ask to be a reader at the site, and Moments has guests at both addresses', async () => {
    expect((await signIn(open.url, '?as=reader')).status).toBe(400)
    for (const url of [open.url, open.previewUrl]) {
      expect(await openidOf(url, (await signIn(url, '?as=guest')).token)).toBe('')
    }
  })

  test('the preview serves the pages, but not the SDK or tools', async () => {
    const page = await fetch(`${cloud.previewUrl}/a/1`)
    expect(await page.json()).toMatchObject({ event: { path: '/a/1', requestContext: { preview: true } } })
    for (const path of ['/admin', '/local/about']) {
      expect((await fetch(cloud.previewUrl + path, { method: 'POST' })).status).toBe(404)
    }
  })
})
