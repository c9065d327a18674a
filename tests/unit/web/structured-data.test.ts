import * as v from 'valibot'
import type { Article, Block } from '#contract/article'
import { site, web } from '#site'
import { coverOf, describedData, storyOf } from '../../../cloudfunctions/web/described-data'
import { escapeJson, escapeText } from '../../../cloudfunctions/web/escape'
import { changedAt, storyMetas } from '../../../cloudfunctions/web/story-head'
import {
  baiduData,
  channelData,
  siteData,
  storyData,
  topicData,
} from '../../../cloudfunctions/web/structured-data'

type SiteAddress = typeof import('../../../cloudfunctions/web/site-address')

// Build constants (config/web.ts).
Object.assign(globalThis, { SITE_ORIGIN: 'https://kepu.example', CLOUD_URL: '' })

const sources = (...items: string[]): Block[] => [
  { type: 'heading', text: '资料来源' },
  { type: 'list', ordered: false, items: items.map(item => [item]) },
]

const story: Article = {
  id: 'story00001',
  title: '极光为什么常常是绿色的',
  teaser: '氧原子发的光。',
  channel: 'earth',
  column: 'weather',
  publishedAt: Date.UTC(2026, 10, 20, 1, 30),
  version: 2,
  cover: { src: '/pictures/aurora.jpg', width: 1200, height: 675, alt: '极光' },
  source: '科普云',
  author: '张三、科普云地球组',
  editor: '李四',
  tags: ['极光', '光谱'],
  corrected: { at: Date.UTC(2026, 10, 21), reason: '波长写错了。' },
  blocks: [
    { type: 'paragraph', spans: ['正文。'] },
    ...sources('《大气光学》，2019', 'NASA：Aurora（https://science.nasa.gov/aurora/）。'),
  ],
}

const absolute = v.pipe(v.string(), v.url(), v.startsWith('https://kepu.example/'))
const Zoned = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/))
const Words = v.pipe(v.string(), v.minLength(1))
const Agent = (...types: string[]) => v.looseObject({ '@type': v.picklist(types), name: Words })

/** What schema.org and Google's documentation of NewsArticle and BreadcrumbList ask for. */
const Graph = v.strictObject({
  '@context': v.literal('https://schema.org'),
  '@graph': v.strictTuple([
    v.looseObject({
      '@type': v.literal('NewsArticle'),
      '@id': absolute,
      mainEntityOfPage: absolute,
      headline: v.pipe(Words, v.maxLength(200)),
      image: v.strictObject({
        '@type': v.literal('ImageObject'),
        url: absolute,
        width: v.number(),
        height: v.number(),
      }),
      datePublished: Zoned,
      dateModified: Zoned,
      author: v.pipe(v.array(Agent('Person', 'Organization')), v.minLength(1)),
      publisher: v.looseObject({
        ...Agent('NewsMediaOrganization').entries,
        url: absolute,
        publishingPrinciples: absolute,
        correctionsPolicy: absolute,
      }),
      citation: v.array(
        v.union([
          Words,
          v.looseObject({
            '@type': v.literal('CreativeWork'),
            name: Words,
            url: v.pipe(v.string(), v.url()),
          }),
        ]),
      ),
      correction: v.strictObject({
        '@type': v.literal('CorrectionComment'),
        text: Words,
        datePublished: Zoned,
      }),
    }),
    v.strictObject({
      '@type': v.literal('BreadcrumbList'),
      itemListElement: v.array(
        v.strictObject({ '@type': v.literal('ListItem'), position: v.number(), name: Words, item: absolute }),
      ),
    }),
  ]),
})

const graphOf = (changes: Partial<Article> = {}) => {
  const data = storyData({ ...story, ...changes }, web)
  return data['@graph'] as [Record<string, unknown>, { itemListElement: { name: string; item: string }[] }]
}

describe('the structured data of a story', () => {
  test('has what schema.org asks of a news article and of a breadcrumb', () => {
    expect(v.safeParse(Graph, storyData(story, web)).issues).toBeUndefined()
    const [news, trail] = graphOf()
    expect(news).toMatchObject({
      datePublished: '2026-11-20T09:30:00+08:00',
      dateModified: '2026-11-21T08:00:00+08:00',
      author: [
        { '@type': 'Person', name: '张三' },
        { '@type': 'Organization', name: '科普云地球组' },
      ],
      articleSection: ['地球', '气象'],
      citation: [
        '《大气光学》，2019',
        { '@type': 'CreativeWork', name: 'NASA：Aurora', url: 'https://science.nasa.gov/aurora/' },
      ],
      correction: { text: '波长写错了。', datePublished: '2026-11-21T08:00:00+08:00' },
    })
    expect(trail.itemListElement.map(({ name, item }) => [name, item])).toEqual([
      ['首页', 'https://kepu.example/'],
      ['地球', 'https://kepu.example/c/earth'],
      ['气象', 'https://kepu.example/c/earth/weather'],
      [story.title, 'https://kepu.example/a/story00001'],
    ])
  })

  test('has a single tag, teaser or source too', () => {
    const [news] = graphOf({ tags: ['极光'], blocks: sources('某书') })
    expect(news).toMatchObject({ keywords: ['极光'], citation: ['某书'], description: story.teaser })
  })

  test('names a source that is nothing but an address by that address', () => {
    const [news] = graphOf({ blocks: sources('https://science.nasa.gov/aurora/') })
    const url = 'https://science.nasa.gov/aurora/'
    expect(news.citation).toEqual([{ '@type': 'CreativeWork', name: url, url }])
  })

  test('leaves out what the story does not have', () => {
    const { cover: _, corrected: __, ...bare } = story
    const data = storyData(
      { ...bare, author: '', teaser: '', tags: [], blocks: [], channel: 'unknown', column: '' },
      web,
    )
    const [news, trail] = data['@graph'] as ReturnType<typeof graphOf>
    for (const key of ['correction', 'citation', 'keywords', 'description', 'articleSection'])
      expect(news).not.toHaveProperty(key)
    expect(news.image).toBe(`https://kepu.example${site.picture}`)
    expect(news.author).toEqual([{ '@type': 'Organization', name: '科普云编辑部' }])
    expect(news.dateModified).toBe(news.datePublished)
    expect(trail.itemListElement).toHaveLength(2)
  })

  test('tells programs that show links of its section and of each tag', () => {
    expect(storyMetas(story, { toutiao: false })).toEqual([
      ['property', 'article:published_time', '2026-11-20T09:30:00+08:00'],
      ['property', 'article:modified_time', '2026-11-21T08:00:00+08:00'],
      ['property', 'article:section', '地球'],
      ['property', 'article:tag', '极光'],
      ['property', 'article:tag', '光谱'],
    ])
  })

  test('names a picture by an address without characters that an address cannot hold', () => {
    const cover = { src: '/pictures/极光"1.jpg', width: 4, height: 3, alt: '' }
    const [news] = storyData({ ...story, cover }, web)['@graph'] as Record<string, { url: string }>[]
    expect(news?.image?.url).toBe('https://kepu.example/pictures/%E6%9E%81%E5%85%89%221.jpg')
  })

  test('names the site’s own picture where an address lacks its protocol once unseen characters are gone', () => {
    const cover = { src: '/\u200b/pictures.example/a.jpg', width: 4, height: 3, alt: '' }
    const [news] = storyData({ ...story, cover }, web)['@graph'] as Record<string, unknown>[]
    expect(news?.image).toBe(`https://kepu.example${site.picture}`)
  })

  test('leaves out a column that this version does not know', () => {
    const [news] = storyData({ ...story, column: 'not-yet-known' }, web)['@graph'] as Record<
      string,
      unknown
    >[]
    expect(news?.articleSection).toEqual(['地球'])
  })

  test('takes a heading 资料来源 without a list for no sources', () => {
    const [news] = graphOf({
      blocks: [
        { type: 'heading', text: '资料来源' },
        { type: 'paragraph', spans: ['无。'] },
      ],
    })
    expect(news).not.toHaveProperty('citation')
  })

  test('holds hostile text as text: no tag ends its element, nothing unseen remains', () => {
    const hostile = 'a]]>\u202e</script><script>\u0000\u001b\ud800<!--\u2066\uffff'
    const written = escapeJson(
      storyData(
        {
          ...story,
          title: hostile,
          author: hostile,
          tags: [hostile],
          corrected: { at: 0, reason: hostile },
          blocks: sources(hostile, `${hostile} https://evil.example/</script>`),
        },
        web,
      ),
    )
    expect(written).not.toContain('<')
    const topic = escapeJson(topicData('topic00001', hostile))
    expect(topic).not.toMatch(/<|[\p{Cc}\u202a-\u202e\u2066-\u2069\uffff]|\\u0000|\\u001b|\\ud800/u)
    expect(JSON.stringify(JSON.parse(written))).not.toMatch(
      /[\p{Cc}\u202a-\u202e\u2066-\u2069\uffff]|\\u0000|\\u001b|\\ud800/u,
    )
    const {
      '@graph': [news],
    } = JSON.parse(written) as { '@graph': [{ headline: string }] }
    expect(news.headline).toBe('a]]></script><script><!--')
  })

  test('is told to Baidu and Toutiao only if the site says so', () => {
    expect(baiduData(story)).toEqual({
      '@context': 'https://ziyuan.baidu.com/contexts/cambrian.jsonld',
      '@id': 'https://kepu.example/a/story00001',
      title: story.title,
      images: ['https://kepu.example/pictures/aurora.jpg'],
      description: story.teaser,
      pubDate: '2026-11-20T09:30:00',
      upDate: '2026-11-21T08:00:00',
    })
    const told = (settings: { toutiao: boolean }) =>
      storyMetas(story, settings).filter(([, key]) => /^(bytedance|og):/.test(key))
    expect(told({ toutiao: false })).toEqual([])
    expect(told({ toutiao: true })).toEqual([
      ['property', 'bytedance:published_time', '2026-11-20T09:30:00+08:00'],
      ['property', 'bytedance:lrDate_time', '2026-11-21T08:00:00+08:00'],
      ['property', 'bytedance:updated_time', '2026-11-21T08:00:00+08:00'],
    ])
  })

  test('changed last at its correction, or at a publication after it', () => {
    expect(changedAt({ publishedAt: 5 })).toBe(5)
    expect(changedAt({ publishedAt: 5, corrected: { at: 7, reason: '' } })).toBe(7)
    expect(changedAt({ publishedAt: 5, corrected: { at: 3, reason: '' } })).toBe(5)
  })
})

const publisher = {
  '@type': 'NewsMediaOrganization',
  name: site.name,
  url: 'https://kepu.example/',
  publishingPrinciples: 'https://kepu.example/principles',
  correctionsPolicy: 'https://kepu.example/principles',
}
const step = (position: number, name: string, path: string) => ({
  ...{ '@type': 'ListItem', position, name, item: `https://kepu.example${path}` },
})

test('a story says everything about itself in the terms of schema.org', () => {
  expect(storyData(story, web)).toEqual({
    '@context': 'https://schema.org',
    '@graph': [
      {
        '@type': 'NewsArticle',
        '@id': 'https://kepu.example/a/story00001',
        mainEntityOfPage: 'https://kepu.example/a/story00001',
        headline: story.title,
        description: story.teaser,
        inLanguage: 'zh-CN',
        image: {
          '@type': 'ImageObject',
          ...{ url: 'https://kepu.example/pictures/aurora.jpg', width: 1200, height: 675 },
        },
        datePublished: '2026-11-20T09:30:00+08:00',
        dateModified: '2026-11-21T08:00:00+08:00',
        author: [
          { '@type': 'Person', name: '张三' },
          { '@type': 'Organization', name: '科普云地球组' },
        ],
        publisher,
        articleSection: ['地球', '气象'],
        keywords: ['极光', '光谱'],
        isAccessibleForFree: true,
        citation: [
          '《大气光学》，2019',
          { '@type': 'CreativeWork', name: 'NASA：Aurora', url: 'https://science.nasa.gov/aurora/' },
        ],
        correction: {
          ...{
            '@type': 'CorrectionComment',
            text: '波长写错了。',
            datePublished: '2026-11-21T08:00:00+08:00',
          },
        },
      },
      {
        '@type': 'BreadcrumbList',
        itemListElement: [
          ...[step(1, '首页', '/'), step(2, '地球', '/c/earth'), step(3, '气象', '/c/earth/weather')],
          step(4, story.title, '/a/story00001'),
        ],
      },
    ],
  })
})

test.each([
  ['张三', ['Person 张三']],
  [
    '张三、李四，王五,赵六；孙七;周八/吴九',
    ['张三', '李四', '王五', '赵六', '孙七', '周八', '吴九'].map(name => `Person ${name}`),
  ],
  [' 张三 、 ', ['Person 张三']],
  [site.name, [`Organization ${site.name}`]],
  [site.desk, [`Organization ${site.desk}`]],
  [site.publisher, [`Organization ${site.publisher}`]],
  ['某大学、新闻中心', ['Organization 某大学', 'Organization 新闻中心']],
  ['社科院的张三', ['Person 社科院的张三']],
])('the authors of %j are persons and institutions', (author, expected) => {
  const [news] = graphOf({ author }) as unknown as [{ author: { '@type': string; name: string }[] }]
  expect(news.author.map(one => `${one['@type']} ${one.name}`)).toEqual(expected)
})

test.each([
  ['某书', '某书'],
  ['某文：https://a.example/x。', ['某文', 'https://a.example/x']],
  ['某文（https://a.example/x_(y)）', ['某文', 'https://a.example/x_(y)']],
  ['某文 (https://a.example/x).', ['某文', 'https://a.example/x']],
  ['https://a.example/x, 第 3 页', ['https://a.example/x', 'https://a.example/x', ', 第 3 页']],
])('a source that names an address is a work: %j', (source, expected) => {
  const [news] = graphOf({ blocks: sources(source) })
  const [name, url, rest = ''] = typeof expected === 'string' ? [] : expected
  const work = { '@type': 'CreativeWork', name: rest || name, url }
  expect(news.citation).toEqual([typeof expected === 'string' ? expected : work])
})

test('the site, a channel and a topic describe themselves', () => {
  expect(siteData(web)).toEqual({
    '@context': 'https://schema.org',
    '@graph': [
      {
        '@type': 'WebSite',
        ...{ name: site.name, url: 'https://kepu.example/', inLanguage: 'zh-CN' },
        potentialAction: {
          '@type': 'SearchAction',
          target: {
            ...{ '@type': 'EntryPoint', urlTemplate: 'https://kepu.example/search?q={search_term_string}' },
          },
          'query-input': 'required name=search_term_string',
        },
      },
      publisher,
    ],
  })
  const trail = (...itemListElement: object[]) => ({
    '@context': 'https://schema.org',
    '@graph': [{ '@type': 'BreadcrumbList', itemListElement }],
  })
  const home = step(1, '首页', '/')
  expect(channelData('earth', '')).toEqual(trail(home, step(2, '地球', '/c/earth')))
  expect(channelData('earth', 'ocean')).toEqual(
    trail(home, step(2, '地球', '/c/earth'), step(3, '海洋', '/c/earth/ocean')),
  )
  expect(topicData('topic00001', '深海')).toEqual(trail(home, step(2, '深海', '/t/topic00001')))
})

describe('what a document describes', () => {
  type Data = Parameters<typeof describedData>[0]
  const topicCover = { src: '/pictures/sea.jpg', width: 4, height: 3, alt: '海' }
  const data = (name: string, params: Record<string, string>, ...replies: object[]) =>
    ({ page: { name, params }, first: { at: 0, replies } }) as unknown as Data
  const opened = { endpoint: 'content/openArticle', reply: { ok: true, data: { article: story } } }
  const topic = { endpoint: 'content/readTopic', reply: { ok: true, data: { topic: { cover: topicCover } } } }
  const failed = { endpoint: 'content/openArticle', reply: { ok: false, error: { code: 'internal' } } }

  test('is its story, its topic, its channel or the site, and nothing on other pages', () => {
    const settings = { ...web, baidu: false }
    const described = (one: Data, more = settings) => describedData(one, '深海', more)
    expect(described(data('article', {}, opened))).toEqual([storyData(story, web)])
    expect(described(data('article', {}, opened), { ...web, baidu: true })).toEqual([
      ...[storyData(story, web), baiduData(story)],
    ])
    expect(described(data('article', {}, failed))).toEqual([])
    expect(described(data('withdrawn', {}, opened))).toEqual([])
    expect(described(data('home', {}))).toEqual([siteData(web)])
    expect(described(data('channel', { channel: 'earth', column: 'ocean' }))).toEqual([
      channelData('earth', 'ocean'),
    ])
    expect(described(data('topic', { id: 'topic00001' }, topic))).toEqual([topicData('topic00001', '深海')])
    for (const name of ['search', 'ranking', 'shelf', 'lost']) expect(described(data(name, {}))).toEqual([])
  })

  test('has the cover of the story, or of the topic', () => {
    expect(storyOf(data('article', {}, topic, opened))).toBe(story)
    expect(storyOf(data('article', {}, failed))).toBeUndefined()
    expect(coverOf(data('article', {}, opened))).toBe(story.cover)
    expect(coverOf(data('topic', {}, topic))).toBe(topicCover)
    expect(coverOf(data('topic', {}, { ...topic, reply: failed.reply }))).toBeUndefined()
    expect(coverOf(data('home', {}))).toBeUndefined()
  })
})

test('text of HTML is text', () => {
  expect(escapeText(`<a href="x">'&amp;'</a>`)).toBe(
    '&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;&#39;&lt;/a&gt;',
  )
  expect(escapeJson({ a: '</script><!--' })).toBe('{"a":"\\u003c/script>\\u003c!--"}')
})

test('the metas of a story leave out a channel that this version does not know', () => {
  const keys = storyMetas({ ...story, channel: 'unknown', tags: [] }, { toutiao: false }).map(
    ([, key]) => key,
  )
  expect(keys).toEqual(['article:published_time', 'article:modified_time'])
})

test.each([
  ['https://built.example', 'https://local.example', 'https://built.example'],
  ['', 'https://local.example', 'https://local.example'],
  ['', 'http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
  ['', 'https://local.example/path?q=1', 'https://local.example'],
  ['', 'ftp://local.example', ''],
  ['', 'https://', ''],
  ['', undefined, ''],
])('a site built for %j, where the function is told %j, has the address %j', (built, told, origin) => {
  const { SITE_ORIGIN: before } = globalThis as { SITE_ORIGIN?: string }
  const { KEPU_SITE_URL: toldBefore } = process.env
  Object.assign(globalThis, { SITE_ORIGIN: built })
  if (told === undefined) delete process.env.KEPU_SITE_URL
  else process.env.KEPU_SITE_URL = told
  try {
    jest.isolateModules(() => {
      const { absolute, pictureAddress, siteOrigin } =
        require('../../../cloudfunctions/web/site-address') as SiteAddress
      expect([siteOrigin(), absolute('/a/1'), absolute('//other.example/a')]).toEqual([
        ...[origin, `${origin}/a/1`, '//other.example/a'],
      ])
      expect(pictureAddress('/a 图.jpg')).toBe(origin ? `${origin}/a%20%E5%9B%BE.jpg` : undefined)
    })
  } finally {
    Object.assign(globalThis, { SITE_ORIGIN: before })
    if (toldBefore === undefined) delete process.env.KEPU_SITE_URL
    else process.env.KEPU_SITE_URL = toldBefore
  }
})
