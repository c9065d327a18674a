import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { Article } from '#contract/article'
import { site, web } from '#site'
import { standardArticle, standardMood } from '../../support/standard-article'
import { takeWebVersions } from '../../support/web-versions'

takeWebVersions()

// Build constants (config/web.ts).
const origin = 'https://kepu.example'
const names = ['head', 'script', 'style', 'more', 'wide', 'preview'] as const
const WEB_ASSETS = Object.fromEntries(names.map(name => [name, `/assets/${name}`]))
Object.assign(globalThis, {
  ...{ SITE_ORIGIN: origin, WEB_API_ORIGIN: 'https://api.example', WEB_ASSETS },
  WEB_WORKER: 'the worker',
})

type Web = typeof import('../../../cloudfunctions/web/answer-event')
type Document = typeof import('../../../cloudfunctions/web/document')
const { answerEvent } = require('../../../cloudfunctions/web/answer-event') as Web
const { documentOf } = require('../../../cloudfunctions/web/document') as Document

const now = Date.UTC(2090, 0, 1)
beforeEach(() => void jest.spyOn(Date, 'now').mockReturnValue(now))
afterEach(() => jest.restoreAllMocks())

/** An answer to an address that needs no data of the cloud. */
const ask = (path: string, headers: object = {}, more: object = {}) =>
  answerEvent({ path, httpMethod: 'GET', headers, queryStringParameters: {}, ...more })

const page = 'text/html; charset=utf-8'
const always = 'no-cache'
/** The data in a document, from which its script draws the page again. */
const dataIn = (body: string) =>
  JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(body)?.[1] ?? 'null')

describe('an answer of the site', () => {
  test.each([
    ['/about', 200, page, always, '关于 - 科普云', true],
    ['/principles', 200, page, always, '采编和更正原则 - 科普云', true],
    ['/search', 200, page, always, '搜索 - 科普云', false],
    ['/shelf', 200, page, always, '书架 - 科普云', false],
    ['/offline', 200, page, always, '没有网络 - 科普云', false],
    ['/nothing', 404, page, always, '页面找不到了 - 科普云', false],
    ['/nothing.css', 404, page, always, '没有这个文件', undefined],
    ['/about/', 301, page, always, '页面换了地址', undefined],
    ['/robots.txt', 200, 'text/plain; charset=utf-8', always, undefined, undefined],
    ['/favicon.ico', 200, 'image/svg+xml', 'max-age=604800', undefined, undefined],
    ['/sw.js', 200, 'text/javascript; charset=utf-8', 'max-age=3600', undefined, undefined],
  ])(
    'for %s has the status %i, and says what it is, how long to keep it, and whether to find it',
    async (path, status, type, life, title, isFound) => {
      const { statusCode, headers, body } = await ask(path)
      expect([statusCode, headers['content-type'], headers['cache-control']]).toEqual([status, type, life])
      expect(/<title>([^<]*)<\/title>/.exec(body)?.[1]).toBe(title)
      const hasPage = isFound !== undefined
      expect(body.includes('<meta name="robots" content="noindex">')).toBe(isFound === false)
      expect(body.includes(`<link rel="canonical" href="${origin}${path}">`)).toBe(isFound === true)
      expect(body.includes('property="og:title"')).toBe(isFound === true)
      expect(headers.location).toBe(status === 301 ? '/about' : undefined)
      // Whatever a cache may compare and keep apart has both headers; the others are written anew each time.
      const isCompared = hasPage || /robots|favicon/.test(path)
      expect([headers.vary, /^W\/"[\w-]{22}"$/.test(headers.etag ?? '')]).toEqual(
        isCompared ? ['accept-encoding', true] : [undefined, false],
      )
      const isKnown = isCompared && status === 200
      const tag = headers.etag ?? '"none"'
      for (const known of [tag, tag.replace('W/', ''), `"other", ${tag}`, '*']) {
        const again = await ask(path, { 'If-None-Match': known })
        expect([known, again.statusCode, again.body === '']).toEqual([
          ...[known, isKnown ? 304 : status, isKnown],
        ])
        if (isKnown)
          expect(again.headers).toMatchObject({
            ...{ etag: headers.etag, vary: 'accept-encoding', 'cache-control': life },
          })
      }
      expect((await ask(path, { 'If-None-Match': '"other"' })).statusCode).toBe(status)
    },
  )

  test('lets a page run and load the site’s own files and ask its cloud, and lets no other site show it', async () => {
    for (const path of ['/about', '/nothing.css', '/robots.txt', '/sw.js']) {
      const { headers } = await ask(path)
      const policy = Object.fromEntries(
        (headers['content-security-policy'] ?? '').split('; ').map(part => {
          const [name = '', ...values] = part.split(' ')
          return [name, values.join(' ')]
        }),
      )
      expect(policy).toEqual({
        'default-src': "'none'",
        'script-src': "'self'",
        'style-src-elem': "'self'",
        'style-src-attr': "'unsafe-inline'",
        'style-src': "'self' 'unsafe-inline'",
        'img-src': "'self' data: https:",
        'connect-src': "'self' https://api.example",
        'manifest-src': "'self'",
        'worker-src': "'self'",
        'base-uri': "'none'",
        'form-action': "'self'",
        'frame-ancestors': "'none'",
      })
      expect(headers).toMatchObject({
        'referrer-policy': 'strict-origin-when-cross-origin',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      })
    }
  })

  test.each([
    [undefined, undefined],
    ['identity', undefined],
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['GZIP ; q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.000, gzip;q=0', undefined],
    ['br;q=0.1', 'br'],
    ['brotli, x-gzip', undefined],
  ])('to a client that accepts %s is packed as %s, whatever was sent before', async (accepted, encoding) => {
    const plain = await ask('/about')
    const headers = accepted === undefined ? {} : { 'Accept-Encoding': accepted }
    // The second comes from what the instance remembers.
    for (const answer of [await ask('/about', headers), await ask('/about', headers)]) {
      expect([answer.headers['content-encoding'], answer.isBase64Encoded]).toEqual([
        ...[encoding, encoding !== undefined],
      ])
      const bytes = Buffer.from(answer.body, encoding ? 'base64' : 'utf8')
      const text =
        encoding === 'br' ? brotliDecompressSync(bytes) : encoding === 'gzip' ? gunzipSync(bytes) : bytes
      expect(text.toString()).toBe(plain.body)
      expect(answer.headers.etag).toBe(plain.headers.etag)
    }
  })

  test('is the same for a minute, so that browsers need not load it again', async () => {
    const tagAt = async (at: number) => {
      jest.spyOn(Date, 'now').mockReturnValue(at)
      return (await ask('/about')).headers.etag
    }
    const tag = await tagAt(now)
    expect(await tagAt(now + 59_999)).toBe(tag)
    expect(await tagAt(now + 60_000)).not.toBe(tag)
  })

  test('that is short is not packed, which would make it longer', async () => {
    const { headers, isBase64Encoded } = await ask('/robots.txt', { 'accept-encoding': 'br' })
    expect([headers['content-encoding'], isBase64Encoded]).toEqual([undefined, false])
  })

  test('takes the first value of a header and of a parameter, and tells the phone preview alone from the site', async () => {
    const headers = { 'ACCEPT-encoding': ['br', 'gzip'] }
    expect((await ask('/about', headers)).headers['content-encoding']).toBe('br')
    const { body } = await ask('/search', {}, { queryStringParameters: { q: ['', '水'] } })
    expect(body).toContain('<title>搜索 - ')
    for (const [requestContext, isPreview] of [
      [{ requestId: '1', preview: true }, true],
      [{ requestId: '1', preview: 'true' }, false],
      [{ requestId: '1' }, false],
    ] as const) {
      const answer = await ask('/about', { preview: 'true' }, { requestContext })
      expect(dataIn(answer.body).page).toEqual({ name: 'about', params: {}, preview: isPreview })
    }
  })

  test('has the adopter’s principles on the page that shows them, and on no other', async () => {
    for (const path of ['/about', '/shelf', '/offline', '/search'])
      expect(dataIn((await ask(path)).body).page.params).toEqual({})
    const { text } = dataIn((await ask('/principles')).body).page.params
    expect(JSON.parse(text)).toEqual(PRINCIPLES)
  })

  test.each([
    ['GET', 200, true],
    ['get', 200, true],
    ['HEAD', 200, false],
    ['POST', 405, true],
    ['OPTIONS', 405, true],
  ])('to %s has the status %i', async (httpMethod, status, hasBody) => {
    const { statusCode, headers, body } = await ask('/about', {}, { httpMethod })
    expect([statusCode, body !== '']).toEqual([status, hasBody])
    expect(headers.allow).toBe(status === 405 ? 'GET, HEAD' : undefined)
    expect(headers['content-type']).toBe(page)
  })

  test.each([
    ['unexpected', new Error('secret-7'), 500, undefined, '出了点小问题', 'error'],
    [
      'passing',
      Object.assign(new Error('secret-7'), { code: 'ECONNRESET' }),
      503,
      '5',
      '网络不太顺畅',
      'warn',
    ],
  ])(
    'after a failure that is %s says so to the reader, and its reason to the log alone',
    async (_, reason, status, retryAfter, words, level) => {
      const { PRINCIPLES: before } = globalThis as unknown as { PRINCIPLES: unknown }
      const toJSON = () => {
        throw reason
      }
      Object.assign(globalThis, { PRINCIPLES: { toJSON } })
      const lines: string[] = []
      for (const way of ['warn', 'error'] as const)
        jest.spyOn(console, way).mockImplementation((...words) => void lines.push(words.join()))
      try {
        const requestContext = { requestId: 'request-1' }
        const { statusCode, headers, body } = await ask('/principles', {}, { requestContext })
        expect([statusCode, headers['retry-after'], headers['cache-control']]).toEqual([
          ...[status, retryAfter, always],
        ])
        expect(body).toContain(words)
        expect(body).not.toContain('secret-7')
        expect(lines.map(line => JSON.parse(line))).toEqual([
          expect.objectContaining({
            ...{ level, event: 'page-failed', requestId: 'request-1', message: 'secret-7' },
          }),
        ])
      } finally {
        Object.assign(globalThis, { PRINCIPLES: before })
      }
    },
  )
})

describe('the head of a document', () => {
  const cover = { src: '/pictures/whale.jpg', width: 1200, height: 675, alt: '鲸落' }
  const article: Article = { ...standardArticle, cover }
  const drawn = (
    page: { name: string; params?: Record<string, string> },
    head: { title?: string; words?: string; picture?: string } = {},
    more: Partial<Parameters<Document['documentOf']>[2]> = {},
    replies: { key: string; endpoint: string; reply: { ok: true; data: unknown } }[] = [],
  ) => {
    const path = more.path ?? '/'
    const data = { page: { params: {}, preview: false, ...page }, first: { at: 0, replies } }
    const body = documentOf({ html: '<p></p>', head: { title: undefined, ...head } }, data, {
      ...{ hidden: false, story: false, ...more, path },
    })
    const metas = Object.fromEntries(
      [...body.matchAll(/<meta (?:name|property)="([^"]+)" content="([^"]*)">/g)].map(([, key, text]) => [
        ...[key, text],
      ]),
    ) as Record<string, string>
    const links = [...body.matchAll(/<(?:link|script)[^>]*? (?:href|src)="([^"]+)"/g)].map(([, to]) => to)
    return { body, metas, links, title: /<title>(.*)<\/title>/.exec(body)?.[1] }
  }
  const story = (picture: string | undefined, changes: Partial<Article> = {}, more = {}) =>
    drawn(
      { name: 'article', params: { id: article.id } },
      { title: '鲸落', words: '', ...(picture === undefined ? {} : { picture }) },
      { path: `/a/${article.id}`, story: true, ...more },
      [
        {
          key: `story:${article.id}`,
          endpoint: 'content/openArticle',
          reply: {
            ok: true,
            data: { article: { ...article, ...changes }, mood: standardMood, related: [] },
          },
        },
      ],
    )

  test('gives the measures of the shared picture if it is the cover, and of no other picture', () => {
    const measures = ({ metas }: ReturnType<typeof story>) => [
      ...['', ':width', ':height', ':alt'].map(part => metas[`og:image${part}`]),
    ]
    const address = `${origin}/pictures/whale.jpg`
    expect(measures(story(cover.src))).toEqual([address, '1200', '675', '鲸落'])
    expect(measures(story('/pictures/card.jpg'))).toEqual([
      ...[`${origin}/pictures/card.jpg`, undefined, undefined, undefined],
    ])
    // Without a picture of its own, the page is shared with the site's.
    for (const none of ['', undefined])
      expect(measures(story(none))).toEqual([origin + site.picture, undefined, undefined, undefined])
  })

  test('says what a shared link shows, the site’s own words where the page has none', () => {
    const { metas, title } = story(cover.src)
    expect(title).toBe('鲸落 - 科普云')
    expect(metas).toMatchObject({
      description: site.slogan,
      'og:site_name': site.name,
      'og:locale': 'zh_CN',
      'og:title': '鲸落',
      'og:description': site.slogan,
      'og:type': 'article',
      'og:url': `${origin}/a/${article.id}`,
      'article:section': expect.any(String),
    })
    // What a browser must know before the first word.
    expect(drawn({ name: 'home' }).body).toMatch(
      /^<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n<meta name="viewport"/,
    )
    const home = drawn({ name: 'home' }, { title: '科普云：把科学讲明白', words: ' 甲\u202e\n"乙' })
    expect([home.title, home.metas['og:type'], home.metas.description]).toEqual([
      ...['科普云：把科学讲明白', 'website', '甲 &quot;乙'],
    ])
    expect(drawn({ name: 'channel' }, { title: ' \u202e' }).title).toBe(site.name)
    for (const [path, end] of [
      ['/c/life?from=1-story00001-0', '（续）'],
      ['/search?q=a&from=1-story00001-0', '（续）'],
      ['/search?q=from=1', ''],
    ] as const)
      expect(drawn({ name: 'channel' }, { title: '生命' }, { path }).title).toBe(`生命${end} - 科普云`)
  })

  test('names the feeds of the stories that the page lists', () => {
    const feeds = (name: string, params = {}) =>
      drawn({ name, params }).links.filter(to => /\.(json|xml)$/.test(to ?? ''))
    expect(feeds('home')).toEqual([`${origin}/rss.xml`, `${origin}/feed.json`])
    expect(feeds('channel', { channel: 'life' })).toEqual([
      ...[`${origin}/c/life/rss.xml`, `${origin}/c/life/feed.json`],
    ])
    for (const name of ['article', 'topic', 'search']) expect(feeds(name, { channel: 'life' })).toEqual([])
  })

  test('has the files of its page in their order: a story’s text is drawn before what follows it', () => {
    const files = (body: string) =>
      [...body.matchAll(/"(\/assets\/\w+)"|(id="app")/g)].map(([, to]) => to ?? 'text')
    const [head, style, more, wide, script] = ['head', 'style', 'more', 'wide', 'script'].map(
      name => `/assets/${name}`,
    )
    expect(files(drawn({ name: 'home' }).body)).toEqual([head, style, more, wide, script, 'text'])
    expect(files(story(undefined).body)).toEqual([head, style, wide, script, 'text', more])
    expect(files(drawn({ name: 'draft-preview' }, {}, { draft: true, hidden: true }).body)).toEqual([
      ...[head, style, more, wide, '/assets/preview', 'text'],
    ])
    const draft = drawn({ name: 'draft-preview' }, {}, { draft: true, hidden: true })
    expect([draft.metas.robots, draft.body.includes('id="data"')]).toEqual(['noindex', false])
    // A phone does not wait for the styles of wide windows, nor any window for the script.
    expect(story(undefined).body).toMatch(/\/assets\/wide" media="\(min-width: 768px\), \(hover: hover\)">/)
    expect(story(undefined).body).toMatch(/\/assets\/script" defer>/)
  })

  test('of a hidden page is found by nobody; of a story says on paper where it is', () => {
    const hidden = story(cover.src, {}, { hidden: true })
    expect(hidden.metas).toEqual({
      ...{ viewport: expect.any(String), description: site.slogan, robots: 'noindex' },
      ...{ 'format-detection': 'telephone=no', 'color-scheme': 'light dark' },
    })
    expect(hidden.body).not.toMatch(/canonical|ld\+json/)
    expect(story(cover.src).body).toContain(`<p class="own-address" hidden>${origin}/a/${article.id}</p>`)
    expect(drawn({ name: 'home' }).body).not.toContain('own-address')
  })

  test('proves whose the site is on the home page alone, and holds no script in its data', () => {
    Object.assign(web.verification.metas, { 'x-verification': 'a"b' })
    try {
      expect(drawn({ name: 'home' }).body).toContain('<meta name="x-verification" content="a&quot;b">')
      expect(drawn({ name: 'about' }, {}, { path: '/about' }).metas).not.toHaveProperty('x-verification')
    } finally {
      Object.assign(web.verification, { metas: {} })
    }
    const { body } = drawn({ name: 'search', params: { q: '</script><script>alert(1)</script><!--' } })
    expect(body).not.toContain('<script>alert')
    expect(dataIn(body).page.params.q).toBe('</script><script>alert(1)</script><!--')
  })
})
