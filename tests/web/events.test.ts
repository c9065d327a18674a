import { built, putRows, startAppCloud, storyRow } from '../support/app-cloud'
import { hardStories } from '../support/hard-stories'
import type { CloudProcess } from '../support/local-cloud'
import { type OutsideInstance, startOutsideInstance } from '../support/outside-instance'
import { faultsOf } from './html-faults'

interface Reply {
  statusCode: number
  headers: Record<string, string>
  body: string
  isBase64Encoded: boolean
}

let cloud: CloudProcess
let instance: OutsideInstance

const long = hardStories[0]?.row as { _id: string }

beforeAll(async () => {
  await built('functions', 'web')
  cloud = await startAppCloud({ args: ['--no-timers'] })
  instance = await startOutsideInstance(cloud)
  await putRows(cloud, 'articles', [
    storyRow('present001', 1),
    storyRow('withdrawn1', 2, { state: 'withdrawn', reason: '来源有误' }),
    long,
  ])
}, 300_000)
afterAll(async () => {
  instance?.close()
  await cloud?.stop()
})

/**
 * Passes an event to the built function itself: no gateway cleans it up first. Asks again after 503, as its
 * `retry-after` says: on a busy machine a large story may take longer than the SDK waits for the database.
 */
async function answer(event: unknown): Promise<Reply> {
  for (let attempt = 1; ; attempt++) {
    const reply = await once(event)
    if (reply.statusCode !== 503 || attempt >= 4) return reply
  }
}
const once = (event: unknown) => instance.call<Reply>({ name: 'web', source: '', event })
const at = (path: unknown, query: unknown = {}) => ({
  path,
  httpMethod: 'GET',
  headers: {},
  queryStringParameters: query,
  requestContext: { requestId: 'r1' },
})

/** Sent in every address below; a reply that contains it repeats its request. */
const mark = 'zzmarkzz'
const five = mark + 'x'.repeat(5_000)

/** What a reply may never say, whatever was asked. */
function expectQuiet(what: string, { headers, body, isBase64Encoded }: Reply): void {
  const said = JSON.stringify({ headers, body })
  const leaks = said.match(/zzmarkzz|evil\.example|node_modules|\bat \S+ \(|\.[jt]s:\d+|Error\b/g)
  expect({ what, leaks, isBase64Encoded }).toEqual({ what, leaks: null, isBase64Encoded: false })
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringContaining("script-src 'self'"),
  })
}

const notFound: [string, unknown][] = [
  ['an encoded slash', at(`/a%2Fpresent001${mark}`)],
  ['an encoded slash after an id', at(`/a/present001%2F${mark}`)],
  ['an encoded backslash', at(`/a/present001%5C${mark}`)],
  ['steps up', at(`/../../${mark}/etc/passwd`)],
  ['encoded steps up', at(`/%2e%2e/%2e%2e/${mark}`)],
  ['steps up after an id', at(`/a/present001/../${mark}`)],
  ['NUL in a path', at(`/a/present001\0${mark}`)],
  ['an encoded NUL', at(`/a/present001%00${mark}`)],
  ['an encoded NUL alone', at('/a/present001%00')],
  ['a line break in a path', at(`/a/present001\r\nx-header: ${mark}`)],
  ['an encoded line break', at(`/a/present001%0d%0ax-header:%20${mark}`)],
  ['5,000 characters', at(`/${five}`)],
  ['5,000 characters in place of an id', at(`/a/${five}`)],
  ['5,000 slashes', at('/'.repeat(5_000))],
  ['a broken escape', at(`/a/%E0%A4%A${mark}`)],
  ['a path of another host', at(`//evil.example/${mark}`)],
  ['a whole address', at(`https://evil.example/${mark}`)],
  ['a path without its slash', at(mark)],
  ['markup', at(`/a/<script>${mark}</script>`)],
  ['half a character', at(`/a/\uD800${mark}`)],
  ['a cursor of 5,000 characters', at('/', { from: five })],
  ['a cursor with NUL', at('/c/life', { from: `1\0${mark}` })],
  ['a cursor of another list', at('/ranking', { from: '01783423800000-0123456789ab' })],
  ['a name that every object has', at('/c/__proto__')],
  ['a story that does not exist', at('/a/absent0001')],
]

const found: [string, unknown][] = [
  ['no event', undefined],
  ['null', null],
  ['a number', 7],
  ['a list', [at(`/${mark}`)]],
  ['nothing', {}],
  ['no path', { httpMethod: 'GET' }],
  ['a path that is no text', at({ toString: mark })],
  ['headers that are no map', { ...at('/'), headers: mark }],
  ['headers that are no texts', { ...at('/'), headers: { accept: { a: mark }, 'accept-encoding': 7 } }],
  ['a query that is no map', at('/', mark)],
  ['a query without texts', at('/', { from: { a: mark }, q: 7, x: null })],
  ['a context that is no map', { ...at('/'), requestContext: mark }],
  ['unknown keys', at('/', { [mark]: mark, utm_source: mark, ['__proto__']: mark, constructor: mark })],
  ['an unknown mood and span', at('/ranking', { mood: mark, span: mark })],
  ['a lonely % to search for', at('/search', { q: '%' })],
  ['NUL to search for', at('/search', { q: '\0' })],
  ['half a character to search for', at('/search', { q: '\uD800水' })],
  ['half a character in a tag', at('/', { utm_source: '\uDC00' })],
  [
    'an odd Accept',
    { ...at('/about'), headers: { accept: `"><svg onload=${mark}>`, 'Accept-Language': mark } },
  ],
  [
    'a forged host',
    {
      ...at('/a/present001'),
      headers: {
        Host: 'evil.example',
        'X-Forwarded-Host': 'evil.example',
        'x-forwarded-proto': mark,
        'X-Forwarded-For': `127.0.0.1, ${mark}`,
        forwarded: `host=evil.example;proto=${mark}`,
        'x-original-url': `/${mark}`,
        'x-http-method-override': 'DELETE',
      },
    },
  ],
  [
    'a forged identity',
    { ...at('/a/present001'), userInfo: { openId: mark }, openId: mark, TCB_SOURCE: mark },
  ],
  ['a body', { ...at('/a/present001'), body: mark, isBase64Encoded: true }],
  ['a story of 2,000 blocks', at(`/a/${long._id}`)],
]

describe('an event of the web function', () => {
  test.each(notFound)('for nothing that exists is answered 404: %s', async (what, event) => {
    const reply = await answer(event)
    expect(reply.statusCode).toBe(404)
    expectQuiet(what, reply)
  })

  test.each(found)('with invalid parts is answered by its valid parts: %s', async (what, event) => {
    const reply = await answer(event)
    expect({ status: reply.statusCode, whole: reply.body.endsWith('</html>\n') }).toEqual({
      status: 200,
      whole: true,
    })
    expectQuiet(what, reply)
  })

  test('names no address of the site, nor a file of addresses, where none is set, whatever the host', async () => {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' }
    for (const path of ['/', '/a/present001', '/c/life']) {
      const { statusCode, body } = await answer({ ...at(path), headers })
      expect({ path, statusCode }).toEqual({ path, statusCode: 200 })
      expect(body).toContain('property="og:title"')
      expect(body).not.toMatch(/canonical|og:url|og:image|rel="alternate"/)
    }
    const maps = ['/sitemap.xml', '/sitemap/stories.xml', '/sitemap/news.xml']
    for (const path of [...maps, '/rss.xml', '/c/life/feed.json']) {
      const { statusCode, body } = await answer({ ...at(path), headers })
      expect({ path, statusCode }).toEqual({ path, statusCode: 404 })
      expect(body).toContain('这个网站没有设置地址')
    }
    const robots = await answer({ ...at('/robots.txt'), headers })
    expect(robots.statusCode).toBe(200)
    expect(robots.body).not.toContain('Sitemap')
  })

  test.each(['。', '%E3%80%82', ' ', '%20', '+', '，', '%20%20'])(
    'for an id followed by “%s” is redirected to the id alone',
    async end => {
      const reply = await answer(at(`/a/present001${end}`, { [mark]: mark, scene: mark }))
      expect([reply.statusCode, reply.headers.location]).toEqual([301, '/a/present001'])
      expectQuiet(end, reply)
    },
  )

  test.each(['POST', 'post', 'PUT', 'DELETE', 'TRACE', 'CONNECT', `X${mark}`, '', 7])(
    'with the method %p changes nothing and says what is allowed',
    async method => {
      const reply = await answer({ ...at('/a/present001'), httpMethod: method, body: mark })
      // A method that is no text is read as the usual one.
      expect(reply.statusCode).toBe(method === 7 ? 200 : 405)
      if (method !== 7) expect(reply.headers.allow).toBe('GET, HEAD')
      expectQuiet(String(method), reply)
    },
  )

  test.each([
    ['/a/present001', 200],
    ['/a/absent0001', 404],
    ['/a/withdrawn1', 410],
    ['/a/present001。', 301],
    [`/${mark}.php`, 404],
  ])('for HEAD %s has the status and the headers of GET, without a body', async (path, status) => {
    const [get, head] = [await answer(at(path)), await answer({ ...at(path), httpMethod: 'HEAD' })]
    expect([head.statusCode, head.body]).toEqual([status, ''])
    expect(get.statusCode).toBe(status)
    expect(head.headers).toEqual(get.headers)
    expectQuiet(path, head)
  })

  test('for a search shows the words as text only', async () => {
    const reply = await answer(at('/search', { q: '</title><script>alert(1)</script>"\'<img src=x>' }))
    expect(reply.statusCode).toBe(200)
    expect(reply.body).not.toMatch(/<script>|<img src=x|<\/title><script/)
    expect(reply.body.match(/<script\b/g)).toHaveLength(3)
  })

  test('of a story of 2,000 blocks is answered with its last word', async () => {
    const { body } = await answer(at(`/a/${long._id}`))
    expect(body).toContain('第40节')
    expect(body).toContain('第1998段。')
  })

  test('is answered 503 with Retry-After while the database cannot be reached', async () => {
    instance.onRequest = () => false
    try {
      const replies = [
        await once(at('/a/absent0002', { [mark]: mark })),
        await once(at('/c/daily', { utm_source: mark })),
        await once(at('/preview', { scene: 'draft00001.0123456789abcdef' })),
      ]
      for (const reply of replies) {
        expect([reply.statusCode, reply.headers['retry-after']]).toEqual([503, '5'])
        expectQuiet('away', reply)
        expect(await faultsOf(reply.body)).toEqual([])
      }
      expect(replies.map(({ headers }) => headers['cache-control'])).toEqual([
        ...['no-cache', 'no-cache', 'no-store'],
      ])
    } finally {
      instance.onRequest = () => true
    }
  })

  test('of a story whose poll cannot be read shows the story, and leaves the poll to its page', async () => {
    await putRows(cloud, 'articles', [storyRow('polled0001', 3, { poll: 'unread' })])
    instance.onRequest = body => !body.includes('publishedPolls')
    try {
      const { statusCode, body } = await answer(at('/a/polled0001'))
      const data = JSON.parse(
        /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(body)?.[1] ?? '',
      )
      const replies = data.first.replies.map(({ endpoint }: { endpoint: string }) => endpoint)
      expect([statusCode, replies]).toEqual([200, ['content/openArticle']])
    } finally {
      instance.letPass()
    }
  })
})
