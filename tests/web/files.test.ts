import { gunzipSync } from 'node:zlib'
import { parseJsonFeed, parseRssFeed } from 'feedsmith'
import { SaxesParser } from 'saxes'
import { lastInstant } from '#contract/ids'
import { built, putRows, type StoryRow, startAppCloud, storyRow } from '../support/app-cloud'
import { hostileRows } from '../support/hostile-rows'
import type { CloudProcess } from '../support/local-cloud'
import { newestFirst, sampleStories, sampleTopics } from '../support/sample-rows'
import { request } from './request'

let cloud: CloudProcess
let stories: StoryRow[]

const recent = (state: string, at: number) => ({ state, publishedAt: { $date: new Date(at).toISOString() } })

beforeAll(async () => {
  await built('functions', 'web')
  cloud = await startAppCloud({ args: ['--no-timers'] })
  stories = newestFirst(sampleStories())
  await putRows(cloud, 'publishedTopics', sampleTopics())
  const now = Date.now()
  await putRows(cloud, 'articles', [
    ...stories,
    storyRow('today00001', 0, recent('published', now - 3_600_000)),
    storyRow('today00002', 0, {
      ...recent('published', now - 3_700_000),
      title: ']]></news:title>\u0000\u202e',
    }),
    storyRow('oldnews001', 0, recent('published', now - 49 * 3_600_000)),
    storyRow('gone000001', 0, recent('withdrawn', now - 3_600_000)),
    // Times for which these files have no form: such a row is left out, and takes no file with it.
    ...[lastInstant + 1, 8.64e15].map((at, index) =>
      storyRow(`toolate00${index}`, 0, { publishedAt: { $date: { $numberLong: String(at) } } }),
    ),
    storyRow('latest0000', 0, { publishedAt: { $date: { $numberLong: String(lastInstant) } } }),
    storyRow('ahead00001', 0, {
      ...recent('published', now + 3_600_000),
      publishAt: { $date: new Date(now + 3_600_000).toISOString() },
    }),
  ])
  for (const [table, rows] of Object.entries(hostileRows)) await putRows(cloud, table, rows)
}, 300_000)
afterAll(() => cloud?.stop())

const get = (path: string, options: Parameters<typeof request>[2] = {}) => request(cloud.url, path, options)

const maps = ['/sitemap.xml', '/sitemap/stories.xml', '/sitemap/news.xml']
const feeds = ['/feed.json', '/rss.xml', '/c/earth/feed.json', '/c/earth/rss.xml']

/** Throws if a text is not well-formed XML 1.0. */
function expectWellFormed(text: string): void {
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', error => {
    throw error
  })
  parser.write(text).close()
}

/** Programs read whole addresses. */
function pathOf(address = '', origin = cloud.url): string {
  const url = new URL(address)
  expect(url.origin).toBe(origin)
  return url.pathname + url.search
}

const placesIn = (text: string, origin = cloud.url) =>
  [...text.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, place]) => pathOf(place, origin))
const idsIn = (text: string, origin = cloud.url) =>
  placesIn(text, origin).flatMap(place => /^\/a\/(\w+)$/.exec(place)?.[1] ?? [])

describe('every file for programs', () => {
  test('is typed, revalidated, compressed, and sent without its body for HEAD', async () => {
    for (const [path, type] of [
      ['/robots.txt', 'text/plain; charset=utf-8'],
      ...maps.map(path => [path, 'application/xml; charset=utf-8']),
      ...feeds.map(path => [
        path,
        path.endsWith('json') ? 'application/feed+json; charset=utf-8' : 'application/rss+xml; charset=utf-8',
      ]),
    ] as [string, string][]) {
      const { status, headers, body } = await get(path)
      expect({ path, status, type: headers['content-type'] }).toEqual({ path, status: 200, type })
      expect(headers).toMatchObject({ 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' })
      const etag = String(headers.etag)
      const known = await get(path, { headers: { 'if-none-match': etag } })
      expect({ path, status: known.status, body: known.body }).toEqual({ path, status: 304, body: '' })
      const head = await get(path, { method: 'HEAD' })
      expect({ path, status: head.status, body: head.body, etag: head.headers.etag }).toEqual({
        path,
        status: 200,
        body: '',
        etag,
      })
      expect((await get(path, { method: 'POST' })).status).toBe(405)
      if (path === '/robots.txt') continue
      const packed = await get(path, { headers: { 'accept-encoding': 'gzip' }, raw: true })
      if (packed.headers['content-encoding']) expect(gunzipSync(packed.bytes).toString()).toBe(body)
      if (!path.endsWith('json')) expectWellFormed(body)
    }
  })

  test('with a wrong address or cursor does not exist', async () => {
    for (const path of [
      '/sitemap',
      '/sitemap/stories.xml?from=1-story00001-0',
      `/sitemap/stories.xml?from=${'x'.repeat(2_000)}`,
      '/sitemap/2026.xml',
      '/c/nowhere/rss.xml',
      '/c/earth/ocean/rss.xml',
      '/feed.json/',
      '/MP_verify_nothing.txt',
    ])
      expect({ path: path.slice(0, 60), status: (await get(path)).status }).toEqual({
        path: path.slice(0, 60),
        status: 404,
      })
  })
})

describe('the feeds', () => {
  test('hold the newest stories that readers see, of the site or of a channel', async () => {
    const rss = parseRssFeed((await get('/rss.xml')).body)
    const json = parseJsonFeed((await get('/feed.json')).body)
    const links = rss.items?.map(({ link }) => pathOf(link))
    // Of the thirty newest rows, two have a time that no feed can say.
    expect(links).toHaveLength(28)
    expect(links?.slice(1, 3)).toEqual(expect.arrayContaining(['/a/hostile001', '/a/hostile002']))
    expect(links).toContain('/a/today00001')
    expect(links).toContain('/a/latest0000')
    expect(links?.filter(link => link.includes('toolate'))).toEqual([])
    expect(json.items?.[0]?.date_published).toBe('9999-12-31T23:59:59+08:00')
    expect(links).not.toContain('/a/gone000001')
    expect(links).not.toContain('/a/ahead00001')
    expect(json.items?.map(({ url }) => pathOf(url))).toEqual(links)
    const life = parseJsonFeed((await get('/c/life/feed.json')).body)
    expect(life.items?.map(({ url }) => pathOf(url))).toEqual(
      stories.filter(({ channel }) => channel === 'life').map(({ _id }) => `/a/${_id}`),
    )
  })

  test('are named in the head of the pages that list their stories', async () => {
    expect((await get('/')).body).toContain(
      `<link rel="alternate" type="application/rss+xml" href="${cloud.url}/rss.xml">`,
    )
    expect((await get('/c/life')).body).toContain(
      `type="application/feed+json" href="${cloud.url}/c/life/feed.json">`,
    )
  })

  test('lose a withdrawn story at once', async () => {
    await putRows(cloud, 'articles', [storyRow('leaving002', 900_000)])
    expect((await get('/feed.json')).body).toContain('leaving002')
    await putRows(cloud, 'articles', [storyRow('leaving002', 900_000, { state: 'withdrawn' })])
    for (const path of [...feeds, ...maps]) expect((await get(path)).body).not.toContain('leaving002')
  })
})

test('a document has no characters that nobody sees', async () => {
  const { status, body } = await get('/a/today00002')
  const [head = ''] = body.split('</head>')
  const [, data = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(body) ?? []
  expect(status).toBe(200)
  expect(data).toContain('NewsArticle')
  for (const text of [head, data, body])
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\\u(?:0000|202e)/u)
})

describe('the site map', () => {
  test('names every story that readers see, with the time of its latest change, and every other page', async () => {
    const { body } = await get('/sitemap/stories.xml')
    const ids = idsIn(body)
    expect(ids).toEqual(expect.arrayContaining(stories.map(({ _id }) => _id)))
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).not.toContain('gone000001')
    expect(ids).not.toContain('ahead00001')
    for (const place of placesIn(body).filter(place => !place.includes('hostile')))
      expect({ place, status: (await get(place)).status }).toEqual({ place, status: 200 })
    expect(body.match(/<lastmod>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00<\/lastmod>/g)).toHaveLength(ids.length)
  })

  test('names more topics than a list of readers shows', async () => {
    const rows = Array.from({ length: 70 }, (_, n) => ({
      ...{ _id: `maptopic${10 + n}`, state: 'published', title: `专题 ${n}` },
      publishedAt: { $date: '2026-01-01T00:00:00Z' },
    }))
    await putRows(cloud, 'publishedTopics', rows)
    const places = placesIn((await get('/sitemap/stories.xml')).body)
    expect(places).toEqual(expect.arrayContaining(rows.map(({ _id }) => `/t/${_id}`)))
  })

  test('can be read again as soon as the database can', async () => {
    // An instance remembers for a minute where the files begin.
    await cloud.control('clock', { move: 61_000 })
    await cloud.control('weather', { operations: { faults: { droppedBefore: 1 } } })
    try {
      const busy = await get('/sitemap.xml')
      expect([busy.status, busy.headers['retry-after']]).toEqual([503, '5'])
    } finally {
      await cloud.control('weather', {})
    }
    expect((await get('/sitemap.xml')).status).toBe(200)
  })

  test('of news holds two days', async () => {
    const { body } = await get('/sitemap/news.xml')
    expect(idsIn(body).filter(id => !id.startsWith('hostile'))).toEqual([
      'latest0000',
      'today00001',
      'today00002',
    ])
    expect(body).toContain('<news:title>]]&gt;&lt;/news:title&gt;</news:title>')
  })
})

describe('with 50,000 stories', () => {
  const many = 50_000
  const idOf = (i: number) => `many${String(i).padStart(6, '0')}`

  test('the site map leads to each of them, and every request examines a bounded number of rows', async () => {
    const big = await startAppCloud({ args: ['--no-timers'] })
    try {
      // Half of them within one minute, as an import writes them, so that pages also part stories of one time.
      for (let from = 0; from < many; from += 10_000) {
        const rows = Array.from({ length: 10_000 }, (_, i) =>
          storyRow(idOf(from + i), from + i < many / 2 ? 1 : from + i - 300_000),
        )
        await putRows(big, 'articles', rows)
      }
      const examined = async (path: string) => {
        await big.control('reset-counters')
        const { status, body } = await request(big.url, path)
        const { operations } = await big.control<{ operations: Record<string, number> }>('counters')
        return { status, body, examined: operations.examined ?? 0, read: operations.read ?? 0 }
      }
      await examined('/robots.txt')
      // Before the clock has ever run, an instance finds the first files itself.
      const early = await examined('/sitemap.xml')
      expect({ status: early.status, files: placesIn(early.body, big.url).length }).toEqual({
        status: 200,
        files: 7,
      })
      expect(early.read).toBeLessThanOrEqual(6)
      expect(early.examined).toBeLessThanOrEqual(early.read * 2_001)
      // The salt of readers' hashes stands in the same collection as what the clock finds.
      await putRows(big, 'settings', [{ _id: 'identity', salt: 'salt' }])
      await big.control('fire', { name: 'clock' })
      // Later ticks of the day leave the map as it is.
      await big.control('reset-counters')
      await big.control('fire', { name: 'clock' })
      const { operations } = await big.control<{ operations: Record<string, number> }>('counters')
      expect(operations.examined ?? 0).toBeLessThan(many / 10)
      // One more file than the clock knows, and an instance that has forgotten what it found.
      await putRows(
        big,
        'articles',
        Array.from({ length: 2_000 }, (_, i) => storyRow(`new${String(i).padStart(7, '0')}`, 10 + i)),
      )
      await big.control('clock', { move: 61_000 })
      const index = await examined('/sitemap.xml')
      expect(index.status).toBe(200)
      expect(index.read).toBeLessThanOrEqual(3)
      expect(index.examined).toBeLessThanOrEqual(index.read * 2_001)
      const parts = placesIn(index.body, big.url).filter(place => place.startsWith('/sitemap/stories.xml'))
      expect(parts).toHaveLength(many / 2_000 + 1)
      const seen: string[] = []
      for (const part of parts) {
        let answer = await examined(part)
        // On a busy machine a read may take longer than the SDK waits.
        for (let tries = 1; answer.status === 503 && tries < 4; tries++) answer = await examined(part)
        const { status, body, read, examined: rows } = answer
        expect({ part, status }).toEqual({ part, status: 200 })
        expect(read).toBeLessThanOrEqual(4)
        expect(rows).toBeLessThan(3_000)
        seen.push(...idsIn(body, big.url))
        expect(placesIn(body, big.url).includes('/ranking')).toBe(part === parts[0])
      }
      expect(seen).toHaveLength(many + 2_000)
      expect(new Set(seen).size).toBe(many + 2_000)
      const again = await examined('/sitemap.xml')
      expect(again.read).toBe(0)
    } finally {
      await big.stop()
    }
  }, 240_000)
})
