import { parseJsonFeed, parseRssFeed } from 'feedsmith'
import { SaxesParser } from 'saxes'
import type { Teaser } from '#contract/article'
import { channels, site } from '#site'
import { jsonFeedOf, rssOf } from '../../../cloudfunctions/web/files/feeds'
import { loadFile } from '../../../cloudfunctions/web/files/load-file'
import { namesAddresses, readFileAddress } from '../../../cloudfunctions/web/files/read-file-address'
import {
  newsMapOf,
  otherPages,
  robotsOf,
  siteMapOf,
  storyMapOf,
} from '../../../cloudfunctions/web/files/site-map'
import { readAddress } from '../../../cloudfunctions/web/read-address'

// Build constants (config/web.ts).
const origin = 'https://kepu.example'
Object.assign(globalThis, { SITE_ORIGIN: origin, CLOUD_URL: '' })

/** A text that could end an element, hide one, or break a parser. */
const hostile =
  ']]></title><script>alert(1)</script><!-- &amp; &#x0; "\'\u0000\u0008\u001b\ud800\udc00\ud800\u202e\u2066\uffff\ufffe'
const clean = ']]></title><script>alert(1)</script><!-- &amp; &#x0; "\'\u{10000}'

const teaser = (changes: Partial<Teaser> = {}): Teaser => ({
  id: 'story00001',
  title: '极光为什么常常是绿色的',
  teaser: '氧原子发的光。',
  channel: 'earth',
  column: 'weather',
  publishedAt: Date.UTC(2026, 10, 20, 1, 30),
  cover: { src: '/pictures/aurora.jpg', width: 1200, height: 675, alt: '极光' },
  ...changes,
})
const bad = teaser({
  id: 'hostile001',
  title: hostile,
  teaser: hostile,
  channel: 'nowhere',
  cover: { src: `/pictures/${hostile}`, width: 1, height: 1, alt: hostile },
})

/** The names of a document's elements, in order. Throws if it is not well-formed XML 1.0. */
function elementsOf(text: string): string[] {
  const names: string[] = []
  const parser = new SaxesParser({ xmlns: true })
  parser.on('opentag', ({ name }) => names.push(name))
  parser.on('error', error => {
    throw error
  })
  parser.write(Buffer.from(text).toString()).close()
  return names
}

const textsOf = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, inner]) => inner)

describe.each(['rss', 'json'] as const)('the %s feed', form => {
  const write = form === 'rss' ? rssOf : jsonFeedOf

  test('is read by a feed reader', () => {
    const text = write([teaser()])
    if (form === 'rss') {
      const feed = parseRssFeed(text)
      expect(feed).toMatchObject({ title: site.name, link: `${origin}/`, description: site.slogan })
      expect(feed.items).toHaveLength(1)
      expect(feed.items?.[0]).toMatchObject({
        title: teaser().title,
        link: `${origin}/a/story00001`,
        description: teaser().teaser,
        guid: { value: `${origin}/a/story00001`, isPermaLink: true },
        categories: [{ name: '地球' }],
        media: { contents: [{ url: `${origin}/pictures/aurora.jpg`, width: 1200 }] },
      })
      expect(Date.parse(String(feed.items?.[0]?.pubDate))).toBe(teaser().publishedAt)
      return
    }
    const feed = parseJsonFeed(text)
    expect(feed).toMatchObject({
      title: site.name,
      home_page_url: `${origin}/`,
      feed_url: `${origin}/feed.json`,
    })
    expect(JSON.parse(text)).toMatchObject({ version: 'https://jsonfeed.org/version/1.1' })
    expect(feed.items?.[0]).toMatchObject({
      id: `${origin}/a/story00001`,
      url: `${origin}/a/story00001`,
      title: teaser().title,
      content_text: teaser().teaser,
      image: `${origin}/pictures/aurora.jpg`,
      tags: ['地球'],
    })
    expect(Date.parse(String(feed.items?.[0]?.date_published))).toBe(teaser().publishedAt)
  })

  test('tells when a story was corrected, if its form has a field for it', () => {
    const text = write([teaser({ correctedAt: Date.UTC(2026, 10, 21) })])
    expect(text.includes('"date_modified": "2026-11-21T08:00:00+08:00"')).toBe(form === 'json')
    expect(write([teaser()])).not.toContain('date_modified')
  })

  test('has a text for each story, also without a teaser', () => {
    const text = write([teaser({ teaser: '' })])
    if (form === 'json') expect(parseJsonFeed(text).items?.[0]?.content_text).toBe(teaser().title)
    else expect(parseRssFeed(text).items?.[0]).toMatchObject({ title: teaser().title })
  })

  test('says what it knows of each story, and leaves out the rest', () => {
    const { cover: _, ...bare } = teaser({ channel: 'unknown', teaser: '' })
    const text = write([teaser(), bare], 'unknown')
    if (form === 'json') {
      expect(JSON.parse(text)).toEqual({
        version: 'https://jsonfeed.org/version/1.1',
        title: site.name,
        home_page_url: `${origin}/`,
        feed_url: `${origin}/c/unknown/feed.json`,
        description: site.slogan,
        language: 'zh-CN',
        authors: [{ name: site.publisher, url: `${origin}/` }],
        items: [
          {
            id: `${origin}/a/story00001`,
            url: `${origin}/a/story00001`,
            title: '极光为什么常常是绿色的',
            content_text: '氧原子发的光。',
            image: `${origin}/pictures/aurora.jpg`,
            date_published: '2026-11-20T09:30:00+08:00',
            tags: ['地球'],
          },
          {
            id: `${origin}/a/story00001`,
            url: `${origin}/a/story00001`,
            title: '极光为什么常常是绿色的',
            content_text: '极光为什么常常是绿色的',
            date_published: '2026-11-20T09:30:00+08:00',
          },
        ],
      })
      return
    }
    const items = [...text.matchAll(/<item>(.*?)<\/item>/g)].map(([, item = '']) =>
      [...item.matchAll(/<([\w:]+)/g)].map(([, name]) => name),
    )
    const always = ['title', 'link', 'guid', 'pubDate']
    expect(items).toEqual([[...always, 'description', 'category', 'media:content'], always])
    expect(text).toContain(`<title>${site.name}</title>`)
    expect(text).toContain(`<atom:link href="${origin}/c/unknown/rss.xml" rel="self"`)
    expect(text).toContain('medium="image" width="1200" height="675"')
  })

  test('leaves out a picture that pages do not show', () => {
    const cover = { src: 'javascript:alert(1)', width: 4, height: 3, alt: '' }
    expect(write([teaser({ cover })])).not.toMatch(/media:content|"image"|javascript/)
  })

  test('of a channel names it', () => {
    const text = write([], 'earth')
    expect(text).toContain(`${site.name} · 地球`)
    expect(text).toContain(`${origin}/c/earth/${form === 'rss' ? 'rss.xml' : 'feed.json'}`)
    if (form === 'rss') expect(parseRssFeed(text).items ?? []).toEqual([])
    else expect(parseJsonFeed(text).items ?? []).toEqual([])
  })

  test('holds hostile text as text', () => {
    const text = write([bad, teaser()])
    if (form === 'rss') {
      expect(elementsOf(text).filter(name => name === 'item')).toHaveLength(2)
      expect(elementsOf(text)).not.toContain('script')
    }
    const items = form === 'rss' ? parseRssFeed(text).items : parseJsonFeed(text).items
    expect(items).toHaveLength(2)
    expect(items?.[0]?.title).toBe(clean)
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\uffff]|\\u0000|\\ud800(?!\\udc00)/)
  })
})

describe('the site map', () => {
  test('of stories lists pages and stories, with the time of the latest change', () => {
    const text = storyMapOf(otherPages([{ id: 'topic00001' }]), [
      { id: 'story00001', publishedAt: teaser().publishedAt, corrected: undefined },
      {
        id: 'story00002',
        publishedAt: teaser().publishedAt,
        corrected: { at: Date.UTC(2026, 10, 21), reason: hostile },
      },
    ])
    expect(elementsOf(text)[0]).toBe('urlset')
    const places = textsOf(text, 'loc')
    expect(places).toEqual(
      expect.arrayContaining([
        `${origin}/`,
        `${origin}/c/earth/weather`,
        `${origin}/t/topic00001`,
        `${origin}/a/story00001`,
      ]),
    )
    expect(new Set(places).size).toBe(places.length)
    for (const place of places) expect(String(place).length).toBeLessThan(256)
    expect(textsOf(text, 'lastmod')).toEqual(['2026-11-20T09:30:00+08:00', '2026-11-21T08:00:00+08:00'])
  })

  test('of news has what news search needs, and holds hostile text as text', () => {
    const text = newsMapOf([
      { id: 'hostile001', title: hostile, publishedAt: teaser().publishedAt, version: 1 },
    ])
    expect(elementsOf(text)).toEqual([
      'urlset',
      'url',
      'loc',
      'news:news',
      'news:publication',
      'news:name',
      'news:language',
      'news:publication_date',
      'news:title',
    ])
  })

  test('of pages names every page that is not a story, once', () => {
    const sections = Object.entries(channels).flatMap(([channel, { columns }]) => [
      ...[`/c/${channel}`, ...Object.keys(columns).map(column => `/c/${channel}/${column}`)],
    ])
    expect(otherPages([{ id: 'topic00001' }, { id: 'topic00002' }])).toEqual([
      ...['/', '/ranking', '/about', '/principles', ...sections, '/t/topic00001', '/t/topic00002'],
    ])
  })

  test('of news is never without a page', () => {
    const text = newsMapOf([])
    expect(elementsOf(text)).toEqual(['urlset', 'url', 'loc'])
    expect(textsOf(text, 'loc')).toEqual([`${origin}/`])
  })

  test('index names a file for each position, and the news', () => {
    const text = siteMapOf([{ publishedAt: 1_000, id: 'story00001' }])
    expect(elementsOf(text)).toEqual(['sitemapindex', ...Array(3).fill(['sitemap', 'loc']).flat()])
    const [first, second, news] = textsOf(text, 'loc')
    expect([first, news]).toEqual([`${origin}/sitemap/stories.xml`, `${origin}/sitemap/news.xml`])
    const { pathname, searchParams } = new URL(String(second))
    expect(readFileAddress(pathname, new Map(searchParams))).toEqual({
      file: 'story-map',
      after: { publishedAt: 1_000, id: 'story00001' },
    })
  })

  test('is named to robots, which may read every page: a page says itself that it is left out', () => {
    expect(robotsOf()).toBe(`User-agent: *\nDisallow:\n\nSitemap: ${origin}/sitemap.xml\n`)
  })
})

describe('an address of a file', () => {
  const none = new Map<string, string>()

  test('of a feed exists for the site and for each channel', () => {
    expect(readFileAddress('/rss.xml', none)).toEqual({ file: 'feed', form: 'rss' })
    for (const channel of Object.keys(channels))
      expect(readFileAddress(`/c/${channel}/feed.json`, none)).toEqual({
        file: 'feed',
        form: 'json',
        channel,
      })
    for (const path of ['/c/constructor/rss.xml', '/c/nowhere/rss.xml', '/RSS.xml', '/rss.xml/', '//rss.xml'])
      expect(readFileAddress(path, none)).toBeUndefined()
  })

  test.each([
    ['/robots.txt', { file: 'robots' }],
    ['/sitemap.xml', { file: 'site-map' }],
    ['/sitemap/news.xml', { file: 'news-map' }],
    ['/sitemap/stories.xml', { file: 'story-map', after: null }],
    ['/feed.json', { file: 'feed', form: 'json' }],
    ['/c/earth/rss.xml', { file: 'feed', form: 'rss', channel: 'earth' }],
    ['/sitemap/news.xml/', undefined],
    ['/robots', undefined],
  ])('%s is the one of a file', (path, file) => {
    expect(readFileAddress(path, none)).toEqual(file)
    expect(readFileAddress(path, new Map([['from', '']]))).toEqual(file)
    const whole = file !== undefined && namesAddresses(file as Parameters<typeof namesAddresses>[0])
    expect(whole).toBe(file !== undefined && file.file !== 'robots')
  })

  test('of the site map takes only cursors that the site map wrote', () => {
    for (const from of ['x', '1-story00001-0', '<script>', 'x'.repeat(5_000)])
      expect(readFileAddress('/sitemap/stories.xml', new Map([['from', from]]))).toBeUndefined()
  })

  test('is a verification file only if the settings name it', () => {
    const verification = { metas: {}, files: { 'MP_verify_abc.txt': 'abc', '../secret.txt': 'no' } }
    const read = (path: string) => readFileAddress(path, none, { verification })
    expect(read('/MP_verify_abc.txt')).toEqual({ file: 'own', name: 'MP_verify_abc.txt', text: 'abc' })
    for (const path of ['/other.txt', '/constructor', '/../secret.txt', '/toString.txt', '/__proto__.txt'])
      expect(read(path)).toBeUndefined()
  })
})

test.each([
  ['a.txt', 'text/plain; charset=utf-8'],
  ['a.html', 'text/html; charset=utf-8'],
  ['a.b.xml', 'application/xml; charset=utf-8'],
])('a verification file %s is sent as %s, and as it was given', async (name, type) => {
  const verification = { metas: {}, files: { [name]: '<a>' } }
  const file = readFileAddress(`/${name}`, new Map(), { verification })
  expect(file && (await loadFile(file, 0))).toEqual({ type, body: '<a>' })
  for (const path of [`/b/${name}`, `/${name}/`, `/${name}x`])
    expect(readFileAddress(path, new Map(), { verification })).toBeUndefined()
})

test('the words of a search contain no character that HTML forbids', () => {
  const words = new Map([['q', '水\u0000\u0001的\u007f\ufffe']])
  expect(readAddress('/search', words)).toEqual({ page: 'search', query: '水 的' })
  expect(readAddress('/more/search/index', words)).toEqual({
    page: 'moved',
    to: `/search?q=${encodeURIComponent('水 的')}`,
  })
})

test.each(['/favicon.svg', '/favicon.ico'])('the icon of the site is drawn at %s', async address => {
  const file = readFileAddress(address, new Map())
  expect(file).toEqual({ file: 'icon' })
  const loaded = file && (await loadFile(file, 0))
  expect(loaded?.type).toBe('image/svg+xml')
  expect(elementsOf(loaded?.body ?? '')).toEqual(['svg', 'rect', 'path'])
})
