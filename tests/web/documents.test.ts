import path from 'node:path'
import { setTimeout as later } from 'node:timers/promises'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { otherStoriesAtMost } from '#contract/home'
import { filings, site } from '../../src/site'
import {
  built,
  logsOf,
  putPolls,
  putRows,
  type StoryRow,
  startAppCloud,
  storyRow,
} from '../support/app-cloud'
import { hardStories } from '../support/hard-stories'
import { hostileRows } from '../support/hostile-rows'
import type { CloudProcess } from '../support/local-cloud'
import { previewScene } from '../support/preview-row'
import { newestFirst, sampleLines, sampleStories, sampleTopics } from '../support/sample-rows'
import { faultsOf } from './html-faults'
import { type Answer, request } from './request'

let cloud: CloudProcess
let stories: StoryRow[]

/** Stories of one column, topic, ranking and search, of which each list shows twenty on its first page. */
const paged = Array.from({ length: 25 }, (_, n) =>
  storyRow(`paged000${10 + n}`, n - 900_000, {
    title: `分页样本 ${n}`,
    tokens: ['分页', '页样', '样本'],
    channel: 'daily',
    column: 'food',
  }),
)

/** A story that a test withdraws. */
const leaving = (state: string) => [storyRow('leaving001', 600_000, { state, reason: '来源<有误>' })]

beforeAll(async () => {
  await built('functions', 'stories', 'web')
  cloud = await startAppCloud({
    hostingFolder: path.resolve(__dirname, '../../dist/web'),
    // Allows a foreign host name, as a gateway does that does not check host names.
    args: ['--no-timers', '--allow-host', 'evil.example'],
  })
  stories = newestFirst(sampleStories())
  await putRows(cloud, 'publishedTopics', sampleTopics())
  await putPolls(
    cloud,
    sampleLines('publishedPolls').map(line => JSON.parse(line) as object),
  )
  await putRows(cloud, 'articles', [
    ...stories,
    ...hardStories.map(({ row }) => row),
    ...paged,
    ...leaving('published'),
    storyRow('gone000001', 700_000, { state: 'withdrawn', reason: '来源<有误>' }),
  ])
  const published = { $date: '2024-01-01T00:00:00Z' }
  const topic = { _id: 'paging0001', state: 'published', title: '分页专题', publishedAt: published }
  await putRows(cloud, 'publishedTopics', [{ ...topic, stories: paged.map(({ _id }) => _id) }])
  const entries = paged.map(({ _id: id }, n) => ({ id, count: 90 - n, total: 100, publishedAt: 0 }))
  for (const [table, rows] of Object.entries(hostileRows)) await putRows(cloud, table, rows)
  await putRows(cloud, 'rankings', [{ _id: 'pass:24h', entries, floor: null, updatedAt: published }])
}, 300_000)
afterAll(() => cloud?.stop())

const get = (path: string, options: Parameters<typeof request>[2] = {}) => request(cloud.url, path, options)
const story = (): StoryRow => stories[0] as StoryRow

/** One address of every kind of page; all of them exist. */
const pages = (): string[] => [
  '/',
  `/a/${story()._id}`,
  '/c/life',
  '/c/earth/ocean',
  `/t/${sampleTopics()[0]?._id}`,
  '/ranking?mood=sad&span=30d',
  '/search?q=%E6%B0%B4',
  '/shelf',
  '/about',
  '/principles',
]

/** Asserts that a reply reveals no internal error and contains nothing that could run. */
function expectSafe(answer: Answer, of: string): void {
  expect({ of, stack: /node_modules|at \w+ \(|\.ts:\d|index\.js:\d/.test(answer.body) }).toEqual({
    of,
    stack: false,
  })
  expect(answer.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cache-control': 'no-cache',
  })
  const policy = String(answer.headers['content-security-policy'])
  expect(policy).toContain("script-src 'self'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy.match(/script-src[^;]*/g)).toEqual(["script-src 'self'"])
  const inline = [...answer.body.matchAll(/<script\b([^>]*)>/g)]
    .map(([, attributes]) => attributes ?? '')
    .filter(attributes => !/ src="\/assets\/| type="application\/(ld\+)?json"/.test(attributes))
  const unquoted = answer.body.replace(/"[^"]*"/g, '""')
  expect({ of, inline, handlers: unquoted.match(/<[^>]*\son\w+=/g) }).toEqual({
    of,
    inline: [],
    handlers: null,
  })
}

/** The JSON-LD of a document. */
const jsonLdOf = (body: string) =>
  [...body.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/g)].map(
    ([, text = '']) => JSON.parse(text) as { '@graph': Record<string, unknown>[] },
  )

describe('a document', () => {
  test('of every kind is valid HTML', async () => {
    const asked = [
      ...pages(),
      '/ranking',
      '/search',
      '/search?q=zzzz',
      '/offline',
      '/nothing/here',
      '/index.html',
      '/a/absent0009',
      ...hardStories.map(({ row }) => `/a/${row._id}`),
      ...stories.filter(row => row.poll !== undefined).map(row => `/a/${row._id}`),
      `/a/${story()._id}?scene=1154`,
      '/a/hostile001',
      '/t/hostile003',
      `/preview?scene=${previewScene('hostile005')}`,
    ]
    for (const path of asked) {
      const { status, body } = await get(path)
      const found = !/nothing|absent|index/.test(path)
      expect({ path, status, faults: await faultsOf(body) }).toEqual({
        path,
        status: found ? 200 : 404,
        faults: [],
      })
    }
    for (const [path, method, status] of [
      [`/a/${story()._id}`, 'POST', 405],
      [`/pages/article/index?id=${story()._id}`, 'GET', 301],
      ['/a/gone000001', 'GET', 410],
    ] as const) {
      const answer = await get(path, { method })
      expect({ path, status: answer.status, faults: await faultsOf(answer.body) }).toEqual({
        path,
        status,
        faults: [],
      })
    }
    const broken = (await get('/')).body.replace('</header>', '<button><div></div></button></header>')
    expect(await faultsOf(broken)).not.toEqual([])
  })

  test.each([
    ['/', 'home', '/'],
    ['/c/daily', 'channel:daily/', '/c/daily'],
    ['/c/daily/food', 'channel:daily/food', '/c/daily/food'],
    ['/t/paging0001', 'topic:paging0001', '/t/paging0001'],
    ['/ranking?mood=pass&span=24h', 'ranking:pass/24h', '/ranking?mood=pass&span=24h'],
    [`/search?q=${encodeURIComponent('分页样本')}`, 'search:分页样本', undefined],
  ])(
    'of the list %s goes on where its first page ended, under a title of its own',
    async (path, key, list) => {
      const read = async (address: string) => {
        const { status, body } = await get(address)
        const { page, first } = JSON.parse(/ id="data">(.*?)<\/script>/s.exec(body)?.[1] ?? '')
        const [{ key, reply }] = first.replies
        const { items } = reply.data.feed ?? reply.data
        return {
          ...{ status, key, list: page.list },
          ids: (items as { id: string }[]).map(({ id }) => id),
          title: /<title>([^<]+)<\/title>/.exec(body)?.[1] ?? '',
          canonical: /<link rel="canonical" href="([^"]+)">/.exec(body)?.[1]?.replaceAll('&amp;', '&'),
          next: /<a class="feed-end[^>]* href="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? '',
        }
      }
      const first = await read(path)
      const second = await read(first.next)
      for (const page of [first, second]) expect(page).toMatchObject({ status: 200, key, list: list ?? path })
      expect([first.ids.length, second.ids.length > 0]).toEqual([20, true])
      expect(second.ids.filter(id => first.ids.includes(id))).toEqual([])
      if (path !== '/')
        expect([...first.ids, ...second.ids]).toEqual(
          expect.arrayContaining(paged.slice(5).map(({ _id }) => _id)),
        )
      expect(second.title).toBe(first.title.replace(/^(.*?)( - 科普云)?$/, '$1（续）$2'))
      if (list)
        expect([first, second].map(({ canonical }) => canonical)).toEqual([
          cloud.url + path,
          cloud.url + first.next,
        ])
    },
  )

  test('of every page has status 200, safety headers, a title and a description', async () => {
    for (const path of pages()) {
      const answer = await get(path)
      expect({ path, status: answer.status }).toEqual({ path, status: 200 })
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
      expectSafe(answer, path)
      expect(answer.body).toMatch(/^<!doctype html>\n<html lang="zh-CN">\n/)
      expect(answer.body.match(/<title>[^<]+<\/title>/g)).toHaveLength(1)
      expect(answer.body.match(/<meta name="description" content="[^"]+">/g)).toHaveLength(1)
      const hidden = /^\/(search|shelf)/.test(path)
      expect(answer.body.includes('<meta name="robots" content="noindex">')).toBe(hidden)
      expect(
        /<link rel="canonical" href="([^"]*)">/.exec(answer.body)?.[1]?.startsWith(`${cloud.url}/`),
      ).toBe(hidden ? undefined : true)
      expect(answer.body.match(/<h1\b/g)).toHaveLength(1)
      expect(answer.body).toContain(`href="https://beian.miit.gov.cn/">${filings.icp}<`)
      expect(answer.body).toContain(filings.police)
    }
  })

  test('of every page in a search engine tells it what it is', async () => {
    const typesOf = (body: string) =>
      jsonLdOf(body).flatMap(({ '@graph': nodes }) => nodes.map(node => node['@type']))
    for (const [path, types] of [
      ['/', ['WebSite', 'NewsMediaOrganization']],
      [`/a/${story()._id}`, ['NewsArticle', 'BreadcrumbList']],
      [`/a/hostile001`, ['NewsArticle', 'BreadcrumbList']],
      ['/c/earth/ocean', ['BreadcrumbList']],
      [`/t/${sampleTopics()[0]?._id}`, ['BreadcrumbList']],
      ['/search?q=%E6%B0%B4', []],
      ['/a/absent0009', []],
    ] as const) {
      expect({ path, types: typesOf((await get(path)).body) }).toEqual({ path, types })
    }
  })

  test('of a story shows its sources, editor and correction, and tells them to search engines', async () => {
    const corrected = stories.find(row => row.corrected !== undefined) as StoryRow
    const { body } = await get(`/a/${corrected._id}`)
    const { reason } = corrected.corrected as { reason: string }
    expect(body).toMatch(new RegExp(`更正（2026-\\d\\d-\\d\\d \\d\\d:\\d\\d）：${reason}`))
    expect(body).toContain(`[ 责编：${String(corrected.editor)} ]`)
    expect(body).toMatch(/>资料来源<\/h2>/)
    expect(jsonLdOf(body)[0]?.['@graph'][0]).toMatchObject({
      citation: expect.arrayContaining([expect.anything()]),
      correction: { text: reason },
      image: { width: 1200, url: expect.stringContaining(`${cloud.url}/pictures/`) },
    })
    expect((await get(`/t/${sampleTopics()[0]?._id}`)).body).toMatch(
      /<meta property="og:image:width" content="\d+">\n<meta property="og:image:height" content="\d+">/,
    )
    // In lists, a mark says so.
    const title = String(corrected.title)
    for (const list of [
      `/c/${String(corrected.channel)}`,
      `/search?q=${encodeURIComponent(title.slice(0, 6))}`,
    ]) {
      const lines = (await get(list)).body.split(/<a class="(?:feed-item|found)"/)
      const [own] = lines.filter(line => line.includes(`/a/${corrected._id}"`))
      expect({ list, marked: own?.includes(' · 有更正<') }).toEqual({ list, marked: true })
      const others = lines.filter(line => line.includes('/a/') && line !== own)
      const unmarked = stories.filter(row => row.corrected === undefined)
      for (const { _id } of unmarked)
        expect(others.find(line => line.includes(`href="/a/${_id}"`)) ?? '').not.toContain('有更正')
    }
    for (const meta of [
      '<meta property="og:type" content="article">',
      '<meta property="og:image:width" content="1200">',
      '<meta property="article:published_time" content="2026-',
    ])
      expect(body).toContain(meta)
  })

  test('is the same for every visitor, whatever the request headers claim', async () => {
    const path = `/a/${story()._id}`
    const plain = await get(path)
    for (const headers of [
      { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'javascript' },
      { cookie: 'a=b', authorization: 'Bearer forged', 'x-forwarded-for': '"><script>alert(1)</script>' },
      { accept: 'image/webp,*/*;q=0.1' },
      { accept: '"><svg onload=alert(1)>' },
    ]) {
      const answer = await get(path, { headers: headers as Record<string, string> })
      expect({ headers, status: answer.status, same: answer.body === plain.body }).toEqual({
        headers,
        status: 200,
        same: true,
      })
    }
  })

  test('has an ETag, so that an unchanged document is not sent again', async () => {
    for (const path of pages()) {
      const first = await get(path)
      const etag = String(first.headers.etag)
      expect(etag).toMatch(/^W\/"[\w-]{22}"$/)
      for (const known of [etag, etag.slice(2), `"other", ${etag}`, '*']) {
        const again = await get(path, { headers: { 'if-none-match': known } })
        // Lists show ages in minutes: a minute may have ended between the two requests.
        if (again.headers.etag !== etag) continue
        expect({ path, status: again.status, body: again.body }).toEqual({ path, status: 304, body: '' })
      }
      expect((await get(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
    }
    // A story's page shows no ages.
    const path = `/a/${story()._id}`
    const { etag } = (await get(path)).headers
    await cloud.control('clock', { move: 60_000 })
    expect((await get(path)).headers.etag).toBe(etag)
  })

  test('is sent compressed to a client that accepts it', async () => {
    const path = `/a/${story()._id}`
    const plain = await get(path)
    const bytes = async (encoding: string) =>
      get(path, { headers: { 'accept-encoding': encoding }, raw: true })
    const br = await bytes('gzip, deflate, br')
    expect(br.headers['content-encoding']).toBe('br')
    expect(brotliDecompressSync(br.bytes).toString()).toBe(plain.body)
    const gzip = await bytes('gzip;q=1, br;q=0')
    expect(gzip.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(gzip.bytes).toString()).toBe(plain.body)
    expect(gzip.headers.vary).toBe('accept-encoding')
    expect((await bytes('identity')).headers['content-encoding']).toBeUndefined()
    expect(br.bytes.length).toBeLessThan(plain.body.length / 2)
  })

  test('is sent without its body for HEAD; methods that write are refused', async () => {
    const path = `/a/${story()._id}`
    const [whole, head] = [await get(path), await get(path, { method: 'HEAD' })]
    expect(head.status).toBe(200)
    expect(head.body).toBe('')
    expect(head.headers.etag).toBe(whole.headers.etag)
    expect((await get('/a/absent0009', { method: 'HEAD' })).status).toBe(404)
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const answer = await get(path, { method })
      expect({ method, status: answer.status, allow: answer.headers.allow }).toEqual({
        method,
        status: 405,
        allow: 'GET, HEAD',
      })
    }
  })

  test('of a story that is gone brings other stories, but none in Moments, where nothing leads to them', async () => {
    const titlesIn = async (path: string) => ((await get(path)).body.match(/"teaser":/g) ?? []).length
    expect(await titlesIn('/a/absent0009')).toBe(otherStoriesAtMost)
    expect(await titlesIn('/a/absent0009?scene=1154')).toBe(0)
    for (const path of ['/a/absent0009?scene=1154', '/a/gone000001?scene=1154'])
      expect([path, (await get(path)).body.match(/<header\b|<a\b/g)]).toEqual([path, null])
  })

  test('says what of it does not exist, and is found by nobody', async () => {
    for (const [path, words] of [
      ['/a/absent0009', '没有找到这篇文章'],
      ['/t/absent0009', '没有找到这个专题'],
      ['/c/nowhere', '这个页面找不到了'],
      ['/a/gone000001', '这篇文章已撤回'],
      ['/offline', '没有网络'],
    ] as const) {
      const { body } = await get(path)
      expect([
        path,
        /<h1[^>]*>([^<]*)<\/h1>|class="state-title[^>]*>([^<]*)</.exec(body)?.slice(1).join(''),
      ]).toEqual([...[path, words]])
      expect(body).toContain('<meta name="robots" content="noindex">')
      expect(body).not.toMatch(/canonical|og:/)
    }
  })

  test('is not sent in place of a missing file', async () => {
    const { status, body } = await get('/apple-touch-icon-152x152.png')
    expect(status).toBe(404)
    expect(body).toContain('没有这个文件')
    expect(body).not.toContain('<script')
  })

  test('of a search that finds only a topic counts it, and shows no end of a list', async () => {
    const { body } = await get(`/search?q=${encodeURIComponent('厨房里的科学')}`)
    expect(body).toMatch(/找到 (?:<!-- -->)?1 个专题/)
    expect(body).toContain('<title>搜索：厨房里的科学 - ')
    expect(body).not.toMatch(/篇文章|没有更多了/)
  })

  test('continues a list by the cursor of its address, and the last page says that it is the end', async () => {
    const shown: string[] = []
    for (let path = '/', pages = 1; ; pages++) {
      const { body } = await get(path)
      shown.push(...[...body.matchAll(/class="feed-item" href="\/a\/(\w+)"/g)].map(([, id]) => id ?? ''))
      const next = /class="feed-end feed-end--tap[^"]*" href="([^"]+)"/.exec(body)?.[1]
      if (next === undefined) {
        expect(body).toContain('没有更多了')
        expect(pages).toBeGreaterThan(2)
        break
      }
      expect(body).toContain(`<link rel="canonical" href="${cloud.url}${path}">`)
      expect(body).toContain(`<title>${site.name}：${site.slogan}${pages > 1 ? '（续）' : ''}</title>`)
      path = next
    }
    const known = new Set(stories.map(({ _id }) => _id))
    expect(shown.filter(id => known.has(id))).toEqual([...known])
    expect(new Set(shown).size).toBe(shown.length)
  })
})

test('the function behind the site takes no events from clients', async () => {
  const forged = { httpMethod: 'GET', path: '/', headers: {}, queryStringParameters: {}, body: '' }
  for (const client of [await cloud.signIn(), await cloud.guest(), await cloud.visitor()]) {
    await expect(cloud.call(client, 'web', forged)).rejects.toMatchObject({ status: 403 })
  }
  expect((await get('/')).status).toBe(200)
})

describe('an address', () => {
  test('of the previous site redirects to the current one', async () => {
    const { _id } = story()
    for (const [old, today] of [
      ['/pages/home/index', '/'],
      [`/pages/article/index?id=${_id}`, `/a/${_id}`],
      [
        `/pages/article/index?id=${_id}&mark=0123456789&scene=1154&as=x`,
        `/a/${_id}?mark=0123456789&scene=1154`,
      ],
      [`/pages/article/index?id=${_id}%E3%80%82`, `/a/${_id}`],
      [`/pages/article/index?id=${_id}&mark=%3Cscript%3E&scene=9`, `/a/${_id}`],
      ['/more/channel/index?channel=earth&column=ocean', '/c/earth/ocean'],
      ['/more/channel/index?channel=life', '/c/life'],
      [`/more/topic/index?id=${sampleTopics()[0]?._id}`, `/t/${sampleTopics()[0]?._id}`],
      ['/more/search/index?q=%E6%B0%B4', '/search?q=%E6%B0%B4'],
      ['/more/search/index', '/search'],
      ['/more/about/index', '/about'],
      ['/more/principles/index', '/principles'],
      ['/pages/ranking/index', '/ranking'],
      ['/pages/shelf/index', '/shelf'],
      [`/a/${_id}/`, `/a/${_id}`],
      [`/a/${_id}。`, `/a/${_id}`],
      [`/a/${_id}%20`, `/a/${_id}`],
      ['/c/life/', '/c/life'],
      ['/%61bout', '/about'],
    ] as const) {
      const answer = await get(old)
      expect({ old, status: answer.status, to: answer.headers.location }).toEqual({
        old,
        status: 301,
        to: today,
      })
      expect((await get(today)).status).toBe(200)
    }
  })

  test('that does not exist answers 404 with links onward, and repeats nothing of the address', async () => {
    const long = 'x'.repeat(5_000)
    for (const path of [
      '/nothing/here',
      '/a/absent0009',
      '/a/NO-ID',
      '/a/',
      '/t/absent0009',
      '/c/nowhere',
      '/c/life/nowhere',
      '/c/constructor',
      '/c/life/constructor',
      '/c',
      '/a%2Fabsent0009',
      `/a%2F${story()._id}`,
      `/a/${story()._id}%2F..`,
      '/%2e%2e/%2e%2e/etc/passwd',
      '/a/..%2f..%2fetc%2fpasswd',
      '/a/%00',
      '/%E0%A4%A',
      '/a/<script>alert(404)</script>'.replaceAll('<', '%3C').replaceAll('>', '%3E'),
      `/${long}`,
      `/a/${long}`,
      '//evil.example/',
      '/\\evil.example',
      '/?from=zz-0000000000-zz',
      '/?from=%3Cscript%3E',
      '/c/life?from=1',
      '/ranking?from=abc',
      '/search?q=%E6%B0%B4&from=abc',
      '/index.html',
    ]) {
      const answer = await get(path)
      // The address is longer than the HTTP server accepts, so the gateway itself answers.
      if (path.length > 4_000 && answer.status === 414) continue
      expect({ path: path.slice(0, 60), status: answer.status }).toEqual({
        path: path.slice(0, 60),
        status: 404,
      })
      expect(answer.body).not.toMatch(/etc\/passwd|evil\.example|xxxxx|alert\(404\)|absent0009/)
      if (!/\.\w+$/.test(path)) expect(answer.body).toContain(` - ${site.name}</title>`)
      if (!/\.\w+$/.test(path)) expect(answer.body).toContain('href="/c/life"')
      expectSafe(answer, path.slice(0, 60))
    }
  })

  test('with malformed parameters is answered by its valid parts', async () => {
    for (const path of [
      '/search?q=%25',
      '/search?q=%',
      '/search?q=%E0%A4%A',
      '/search?q=%00',
      `/search?q=${'%E6%B0%B4'.repeat(500)}`,
      '/search?q=a&q=b',
      '/search?q=__proto__',
      '/search?__proto__=1&constructor=2&toString=3',
      '/ranking?mood=nobody&span=never',
      '/?utm_source=x&fbclid=%3Cscript%3E',
      `/a/${story()._id}?scene=9999&mark=%3Cscript%3E`,
    ]) {
      const answer = await get(path)
      expect({ path: path.slice(0, 60), status: answer.status }).toEqual({
        path: path.slice(0, 60),
        status: 200,
      })
      expect(answer.body).not.toContain('fbclid')
      expectSafe(answer, path.slice(0, 60))
    }
    const hostile = '</script><script>alert(1)</script>"\'<img src=x onerror=alert(1)>'
    const { body } = await get(`/search?q=${encodeURIComponent(hostile)}`)
    expect(body).not.toContain('<script>alert')
    expect(body).not.toContain('<img src=x')
  })
})

describe('a withdrawn story', () => {
  test('answers 410 with its reason, from every instance within five seconds', async () => {
    // Many requests at once, so that several instances cache it.
    const seen = await Promise.all(Array.from({ length: 24 }, () => get('/a/leaving001')))
    expect(seen.map(({ status }) => status)).toEqual(seen.map(() => 200))
    const etag = String(seen[0]?.headers.etag)
    expect((await get('/')).body.includes('/a/leaving001')).toBe(true)
    await putRows(cloud, 'articles', leaving('withdrawn'))
    const since = Date.now()
    // Five seconds is a limit of time: after it no instance may serve the story.
    await later(5_000 - (Date.now() - since))
    const after = await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        get('/a/leaving001', index % 2 === 0 ? {} : { headers: { 'if-none-match': etag } }),
      ),
    )
    expect(after.map(({ status }) => status)).toEqual(after.map(() => 410))
    expect(after[0]?.body).toContain('撤回原因：来源&lt;有误&gt;')
    expect(after[0]?.body).toContain('href="/c/life"')
    // The newest of the other stories follow.
    expect(after[0]?.body).toMatch(/推荐阅读.*href="\/a\//su)
    expect(after[0]?.body).not.toContain('题目 leaving001')
    expectSafe(after[0] as Answer, 'withdrawn')
    const lists = await Promise.all(['/', '/c/earth', '/c/earth/ocean'].map(path => get(path)))
    for (const { body } of lists) expect(body.includes('/a/leaving001')).toBe(false)
  }, 60_000)
})

describe('hostile text', () => {
  test('in every field of every row stays plain text on every page', async () => {
    for (const path of [
      '/',
      '/a/hostile001',
      '/a/hostile001?scene=1154',
      '/t/hostile003',
      '/c/earth',
      '/c/earth/ocean',
      '/search?q=title',
    ]) {
      const answer = await get(path)
      expect({ path, status: answer.status, there: answer.body.includes('hostile001') }).toEqual({
        path,
        status: 200,
        there: true,
      })
      expect({ path, found: answer.body.match(/<script>alert|<img src=x|<\/title><\/script>/g) }).toEqual({
        path,
        found: null,
      })
      expect(answer.body.match(/<script\b(?! type="application\/ld\+json">)/g)).toHaveLength(3)
      expect(answer.body.match(/<title>/g)).toHaveLength(1)
      expectSafe(answer, path)
    }
  })
})

test('none of the pages above made the function log a failure', async () => {
  const lines = (await logsOf(cloud))
    .filter(({ functionName }) => functionName === 'web')
    .flatMap(({ lines }) => lines)
  expect(lines.filter(({ text }) => /page-failed|unexpected/.test(text))).toEqual([])
})
