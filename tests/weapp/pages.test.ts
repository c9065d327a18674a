import { beforeAll, describe, expect, test } from '@jest/globals'
import { site } from '#site'
import type { Cloud } from '../../weapp-host/cloud-door'
import { createNodeHost, launchedAt, type NodeHost } from '../../weapp-host/node-host'
import { readProgram } from '../../weapp-host/program'
import { standardArticle, standardFeed } from '../support/standard-article'
import { weappDist } from '../support/weapp-dist'
import { standardCloud } from './measure'

let dist: string
beforeAll(async () => {
  dist = await weappDist()
}, 300_000)

const { id } = standardArticle
const story = { path: 'pages/article/index', query: { id }, scene: 1007 }
const shelf = { path: 'pages/shelf/index', scene: 1001 }

interface Sent {
  action: string
  data: Record<string, unknown>
}

/** A phone with the standard cloud, and what it sends. `answers` replaces the reply to an action. */
async function phone(
  answers: Record<string, (data: Sent['data']) => unknown> = {},
  storage: Record<string, string> = {},
): Promise<{ host: NodeHost; sent: Sent[] }> {
  const sent: Sent[] = []
  const standard = standardCloud()
  const cloud: Cloud = {
    callFunction(name, event, caller) {
      const { action, data } = event as unknown as Sent
      sent.push({ action, data })
      const answer = answers[action]
      return answer ? Promise.resolve(answer(data)) : standard.callFunction(name, event, caller)
    },
  }
  return { host: await createNodeHost({ dist, cloud, storage }), sent }
}

const reply = (data: object) => ({ ok: true, data })
const stored = (data: unknown): string => JSON.stringify({ data })
const items = (count: number, name: string) =>
  Array.from({ length: count }, (_, index) => ({
    ...{
      title: `${name}${index}`,
      teaser: '',
      channel: 'earth',
      column: 'ocean',
      publishedAt: 1_790_000_000_000,
    },
    id: `${name}${String(index).padStart(4, '0')}`,
  }))

describe('the shelf', () => {
  interface Cached {
    key: string
    pinned?: true
  }
  const cached = (host: NodeHost): Cached[] =>
    (JSON.parse(host.storage().cache ?? '{"data":{"rows":[]}}') as { data: { rows: Cached[] } }).data.rows
  const read = async (host: NodeHost) => {
    await host.open(story)
    await host.settle(2_000)
  }

  test('keeps the text of a favourite, also one that is read again after all texts were cleared, until it is none', async () => {
    const place = { id: 'longread01', top: 4_000, at: Date.now(), whole: true }
    const { host } = await phone({}, { 'reading-places': stored([place]) })
    await read(host)
    expect(cached(host)).toEqual([expect.not.objectContaining({ pinned: true })])
    await host.tap('收藏')
    expect(cached(host)).toMatchObject([{ key: `article:${id}`, pinned: true }])

    await host.open(shelf)
    await host.tap('看过')
    await host.tap('清空看过和离线内容')
    expect(await host.text()).toContain('还没有看过的文章')
    // Nothing is left that tells what was read.
    expect(Object.keys(host.storage()).sort()).toEqual(['shelf-favourites'])
    await host.tap('收藏')
    expect(await host.text()).toContain(standardArticle.title)

    await read(host)
    expect(cached(host)).toMatchObject([{ key: `article:${id}`, pinned: true }])
    await host.tap('收藏')
    expect(cached(host)).toEqual([expect.not.objectContaining({ pinned: true })])
    await host.tap('收藏')
    await host.open(shelf)
    await host.tap('清空收藏')
    expect(await host.text()).toContain('还没有收藏')
    expect(cached(host)).toEqual([expect.not.objectContaining({ pinned: true })])
  })

  test('shows thirty stories, more at a tap, and thirty again after the other list was open', async () => {
    const rows = items(65, 'read').map(item => ({ ...item, at: 1_790_000_000_000 }))
    const { host } = await phone({}, { 'shelf-history': stored(rows) })
    await host.open(shelf)
    await host.tap('看过')
    await host.tap('显示更多（还有 35 篇）')
    expect(await host.text()).toContain('显示更多（还有 5 篇）')
    await host.tap('收藏')
    await host.tap('看过')
    expect(await host.text()).toContain('显示更多（还有 35 篇）')
  })

  test.each([
    [30, null],
    [31, '显示更多（还有 1 篇）'],
  ])('of %i stories offers no more than there are', async (count, more) => {
    const rows = items(count, 'kept').map(item => ({ ...item, at: 1_790_000_000_000 }))
    const { host } = await phone({}, { 'shelf-favourites': stored(rows) })
    await host.open(shelf)
    if (more) await host.tap(more)
    const text = await host.text()
    expect([text.includes(`kept${count - 1}`), text.includes('显示更多')]).toEqual([true, false])
  })

  test('shows what its reader did with a story meanwhile, and offers nothing to clear where nothing is', async () => {
    const row = { ...items(1, 'kept')[0], id, at: 1_790_000_000_000 }
    const { host } = await phone({}, { 'shelf-favourites': stored([row]) })
    await host.open(shelf)
    expect(await host.text()).toContain('清空收藏')
    await host.tap('kept0')
    await host.tap('收藏')
    await host.back()
    const text = await host.text()
    expect([text.includes('还没有收藏'), text.includes('清空')]).toEqual([true, false])
  })
})

test('a poll’s answer that waits is sent at the next start, wherever the app opens', async () => {
  const waiting = { subject: 'poll000001', wanted: ['a'], revision: 7, at: launchedAt, basedOn: [0] }
  const { host, sent } = await phone({}, { 'poll-votes': stored([waiting]) })
  await host.open({ scene: 1001 })
  await host.settle(2_000)
  const answers = sent.filter(({ action }) => action === 'answerPoll')
  expect(answers.map(({ data }) => data)).toMatchObject([{ pollId: 'poll000001', options: ['a'], wish: 7 }])
})

describe('while a story is on its way', () => {
  /** The classes of the page that wait for something. */
  const waits = async (host: NodeHost) => {
    const sentToPage = JSON.stringify(
      (await host.record()).data.filter(({ page }) => page.includes('article')),
    )
    return [...new Set(sentToPage.match(/article-wait(--all)?/g))].sort()
  }

  test('its page has the shape of a story, with a headline’s where that is unknown', async () => {
    const { host } = await phone()
    await host.open(story)
    expect(await waits(host)).toEqual(['article-wait', 'article-wait--all'])
    const fromList = (await phone()).host
    await fromList.open({ scene: 1001 })
    await fromList.tap(String(standardFeed[0]?.title))
    expect(await waits(fromList)).toEqual(['article-wait'])
    for (const one of [host, fromList]) {
      const drawn = JSON.stringify(await one.tree())
      expect(drawn).not.toContain('article-wait')
    }
  })
})

test('a story without related ones leads on to the lists below it too', async () => {
  const { host, sent } = await phone({
    openArticle: () =>
      reply({
        article: { ...standardArticle, blocks: standardArticle.blocks.slice(0, 2) },
        mood: { counts: {}, own: null, canVote: true, wish: 0 },
        related: [],
      }),
  })
  await host.open(story)
  await host.settle(1_000)
  // The part that is watched, though it has no words.
  expect(await wordsOf(host, 'related')).toEqual([''])
  await host.intersect('.related')
  await host.settle(1_000)
  expect(sent.map(({ action }) => action)).toContain('readHome')
  expect(await host.text()).toContain('推荐阅读')
})

test('the end of a list says that it loads, while it does', async () => {
  const { host } = await phone()
  await host.open({ scene: 1001 })
  const before = (await host.record()).data.length
  await host.tap('加载更多')
  const after = (await host.record()).data.slice(before)
  expect(after[0]?.json).toContain('正在加载…')
  expect(await host.text()).not.toContain('正在加载…')
})

test('the guide to sharing points to WeChat’s menu, and closes', async () => {
  const { host } = await phone()
  await host.open(story)
  await host.tap('朋友圈')
  expect(await host.text()).toContain('点击右上角')
  expect(await wordsOf(host, 'share-sheet-arrow')).toHaveLength(1)
  await host.tap('关闭')
  expect(await host.text()).not.toContain('点击右上角')
})

test.each([
  ['more/channel/index', { channel: 'earth', column: 'ocean' }, '地球 · 海洋'],
  ['more/channel/index', { channel: 'earth' }, '地球'],
  ['more/channel/index', { channel: 'earth', column: 'ocean%2520。' }, '地球 · 海洋'],
  ['more/topic/index', { id: 'topic00001' }, '深海'],
  ['more/preview/index', { scene: 'preview001.0123456789abcdef' }, `预览：${standardArticle.title}`],
  // Its headline does, and 正在阅读 after it.
  ['pages/article/index', { id }, undefined],
])('WeChat’s bar names the page %s %j', async (path, query, title) => {
  const topic = { id: 'topic00001', title: '深海', lead: '', publishedAt: 0 }
  const { host } = await phone({
    readFeed: () => reply({ items: [], next: null }),
    readTopic: () => reply({ topic, items: [], next: null }),
    openPreview: () => reply({ article: standardArticle, expiresAt: 2_000_000_000_000 }),
  })
  await host.open({ path, query })
  const titles = (await host.record()).calls.filter(({ name }) => name === 'setNavigationBarTitle')
  expect((titles.at(-1)?.args[0] as { title: string } | undefined)?.title).toBe(title)
})

test('a poster that is sent to a friend is a share of its own, in the reader’s chain', async () => {
  const { host, sent } = await phone()
  await host.open({ path: 'more/poster/index', query: { id, mark: '0123456789' } })
  const { result } = await host.share('friend')
  await host.settle(1_000)
  const [share] = sent.filter(({ action }) => action === 'recordShare')
  expect(share?.data).toMatchObject({ articleId: id, channel: 'friend', parent: '0123456789' })
  expect(result).toMatchObject({
    title: `${standardArticle.title}（${standardArticle.source}）`,
    path: `/pages/article/index?id=${id}&mark=${share?.data.mark}`,
  })
})

test('a poster of a story that is gone leads home', async () => {
  const { host } = await phone({
    openArticle: () => ({ ok: false, error: { code: 'not-found', message: '' } }),
  })
  await host.open({ path: 'more/poster/index', query: { id } })
  expect(await host.text()).toContain('这篇内容已下线')
  await host.tap('去首页看看')
  expect((await host.record()).stack.at(-1)?.path).toBe('pages/home/index')
})

test('home says when the list was stored that it shows without a network', async () => {
  const { host } = await phone()
  await host.open({ scene: 1001 })
  const storage = host.storage()
  const index = JSON.parse(storage.cache ?? '') as { data: { rows: { at: number }[] } }
  for (const row of index.data.rows) row.at -= 3 * 3_600_000
  const failing = () => ({ ok: false, error: { code: 'unavailable', message: '' } })
  const later = (await phone({ readHome: failing }, { ...storage, cache: JSON.stringify(index) })).host
  await later.open({ scene: 1001 })
  expect(await later.text()).toContain('离线内容 · 存于3小时前')
})

test('a story that did not load can be loaded again from Moments too; a withdrawn one leads nowhere there', async () => {
  let code: string | null = 'unavailable'
  const answer = () => ({ ok: false, error: { code, message: '' } })
  const { host, sent } = await phone({ openArticle: () => (code ? answer() : undefined) })
  await host.open({ ...story, scene: 1154 })
  await host.settle(12_000)
  expect(await host.text()).toContain('重新加载')
  code = 'not-found'
  const before = sent.length
  await host.tap('重新加载')
  await host.settle(12_000)
  expect(sent.length).toBeGreaterThan(before)
  expect(await host.text()).not.toMatch('重新加载|去首页看看')
})

test('the list below a story never offers the story itself, whichever page it comes with', async () => {
  const own = { ...items(1, 'own')[0], id, title: '同一篇文章' }
  const { host } = await phone({
    readFeed: () => reply({ items: [own, ...standardFeed.slice(6, 9)], next: null }),
  })
  await host.open(story)
  await host.settle(2_000)
  await host.intersect('.related')
  await host.settle(2_000)
  await host.tap('加载更多')
  expect(await host.text()).toContain(standardFeed[7]?.title)
  expect(await host.text()).not.toContain('同一篇文章')
})

test('a topic with a poll offers its further stories before the poll', async () => {
  const topic = { id: 'topic00001', title: '一个专题', lead: '', publishedAt: 0, poll: 'poll000001' }
  const poll = {
    ...{ id: 'poll000001', question: '问', choices: 'one', own: [], wish: 0, canVote: true, result: null },
    ...{ opensAt: 0, closesAt: 4_000_000_000_000, closed: false },
    options: [
      { key: 'a', label: '甲' },
      { key: 'b', label: '乙' },
    ],
  }
  const next = 'k1standard-std1000019-1st'
  const { host } = await phone({
    readTopic: ({ cursor }) =>
      reply(
        cursor
          ? { topic, items: items(1, 'last'), next: null }
          : { topic, poll, items: items(3, 'some'), next },
      ),
  })
  await host.open({ path: 'more/topic/index', query: { id: topic.id }, scene: 1007 })
  expect(await host.text()).not.toContain('云投')
  await host.tap('加载更多')
  const text = await host.text()
  expect([text.includes('last0'), text.includes('云投 · 问'), text.includes('没有更多了')]).toEqual([
    true,
    true,
    false,
  ])
})

test('a channel opened with a column that it does not have shows all its stories', async () => {
  const { host, sent } = await phone()
  await host.open({ path: 'more/channel/index', query: { channel: 'earth', column: 'none' }, scene: 1007 })
  expect(sent).toEqual([{ action: 'readFeed', data: { channel: 'earth' } }])
})

test.each([
  [{}, { mood: 'happy', span: '7d' }],
  [
    { mood: 'none', span: '1y' },
    { mood: 'happy', span: '7d' },
  ],
  [
    { mood: 'sad', span: '30d' },
    { mood: 'sad', span: '30d' },
  ],
])('a ranking opened with %j asks for %j, and a choice of either keeps the other', async (query, asked) => {
  const { host, sent } = await phone({ readRanking: () => reply({ items: [], next: null, updatedAt: null }) })
  await host.open({ path: 'pages/ranking/index', query, scene: 1007 })
  await host.tap('点赞')
  await host.tap('24小时')
  expect(sent.map(({ data }) => data)).toEqual([
    asked,
    { ...asked, mood: 'like' },
    { mood: 'like', span: '24h' },
  ])
  expect(await host.text()).toContain('最近 24 小时内的投票')
})

test('a search result shows the small picture of a story', async () => {
  const cover = { src: '/large.jpg', thumb: '/small.jpg', width: 1200, height: 900, alt: '' }
  const found = { ...items(1, 'found')[0], cover, marks: { title: [], teaser: [] } }
  const { host } = await phone({ search: () => reply({ items: [found], next: null, total: 1 }) })
  await host.open({ path: 'more/search/index', query: { q: '字' }, scene: 1007 })
  const pictures = [...JSON.stringify(await host.nodes()).matchAll(/\/(\w+)\.jpg/g)].map(([, name]) => name)
  expect(new Set(pictures)).toEqual(new Set(['small']))
})

test.each([
  ['friend', 'friend'],
  ['moments', 'moments'],
  ['favorite', 'favourites'],
] as const)('a share by WeChat’s menu, %s, is recorded as %s', async (kind, channel) => {
  const { host, sent } = await phone()
  await host.open(story)
  await host.share(kind)
  await host.settle(1_000)
  const shares = sent.filter(({ action }) => action === 'recordShare')
  expect(shares.map(({ data }) => data.channel)).toEqual([channel])
})

test.each([
  ['not-found', '这个预览打不开'],
  ['invalid', '这个预览打不开'],
  ['unavailable', '重新加载'],
])('a preview that the cloud answers with %s says what helps', async (code, words) => {
  const { host } = await phone({ openPreview: () => ({ ok: false, error: { code, message: '' } }) })
  await host.open({
    path: 'more/preview/index',
    query: { scene: 'preview001.0123456789abcdef' },
    scene: 1011,
  })
  expect(await host.text()).toContain(words)
})

/** The text of each node of a class, in the page's order. */
async function wordsOf(host: NodeHost, name: string): Promise<string[]> {
  const nodes = (await host.nodes()).filter(({ cl = '' }) => cl.split(' ').includes(name))
  return nodes.map(node =>
    [...JSON.stringify(node).matchAll(/"v":"((?:[^"\\]|\\.)*)"/g)].map(([, v]) => v).join(''),
  )
}

test('a story’s text has each kind of block, and each mark of a word', async () => {
  const other = 'std0000002'
  const blocks = [
    { type: 'heading', text: '小标题' },
    {
      type: 'paragraph',
      spans: [
        '平的',
        { text: '粗斜', bold: true, italic: true },
        { text: '码', code: true },
        { text: '下', sub: true },
        { text: '上', sup: true },
        { text: '粗的一篇', bold: true, story: other },
      ],
    },
    { type: 'quote', spans: ['引文'] },
    { type: 'list', ordered: true, start: 3, items: [['三'], ['四']] },
    { type: 'list', ordered: true, items: [['一']] },
    { type: 'list', ordered: false, items: [['条']] },
    {
      type: 'table',
      head: ['深度', '温度'],
      rows: [
        ['2500 米', '350 ℃'],
        ['海面', '20 ℃'],
      ],
    },
    { type: 'code', text: 'x = 1' },
  ]
  const opened = { mood: { counts: {}, own: null, canVote: true, wish: 0 }, related: [] }
  const { host, sent } = await phone({
    openArticle: () => reply({ ...opened, article: { ...standardArticle, blocks } }),
  })
  await host.open(story)
  const names = [
    'block-h2',
    'block-p',
    'block-quote',
    'block-li',
    'block-li--first',
    'block-code',
    'block-td',
  ]
  const seen = Object.fromEntries(
    await Promise.all(names.map(async name => [name, await wordsOf(host, name)])),
  )
  expect(seen).toEqual({
    'block-h2': ['小标题'],
    'block-p': ['平的粗斜码下上粗的一篇'],
    'block-quote': ['引文'],
    'block-li': ['3.三', '4.四', '1.一', '·条'],
    'block-li--first': ['3.三', '1.一', '·条'],
    'block-code': ['x = 1'],
    'block-td': ['深度', '温度', '2500 米', '350 ℃', '海面', '20 ℃'],
  })
  const marks = ['bold', 'italic', 'mono', 'sub', 'sup', 'link'].map(mark => wordsOf(host, `block-${mark}`))
  expect(await Promise.all(marks)).toEqual([
    ['粗斜', '粗的一篇'],
    ['粗斜'],
    ['码'],
    ['下'],
    ['上'],
    ['粗的一篇'],
  ])
  const roles = (await host.nodes()).filter(({ cl }) => cl === 'block-td').map(node => Object.values(node))
  expect(roles.map(values => ['columnheader', 'cell'].find(role => values.includes(role)))).toEqual([
    ...['columnheader', 'columnheader', 'cell', 'cell', 'cell', 'cell'],
  ])
  expect(await wordsOf(host, 'block-th')).toEqual(['深度温度'])
  await host.tap('粗的一篇')
  expect(sent.at(-1)).toEqual({ action: 'openArticle', data: { articleId: other } })
})

test('home has its topics and the way to the ranking after the third story, and says 离线 of no fresh list', async () => {
  const topics = [{ id: 'topic00001', title: '一个专题', lead: '' }]
  const cover = { src: '/large.jpg', thumb: '/small.jpg', width: 4, height: 3, alt: '' }
  const rows = items(9, 'story').map((item, n) => ({ ...item, ...(n === 1 ? { cover } : {}) }))
  const feed = { items: rows, next: null }
  const { host } = await phone({ readHome: () => reply({ focus: [], topics, feed }) })
  await host.open({ scene: 1001 })
  const text = await host.text()
  const order = [
    'story0',
    'story1',
    'story2',
    '独家策划',
    '一个专题',
    '新闻表情排行',
    'story3',
    'story8',
    '没有更多了',
  ]
  const at = order.map(words => text.indexOf(words))
  expect(at).not.toContain(-1)
  expect(at).toEqual([...at].sort((a, b) => a - b))
  expect(text).not.toContain('离线')
  const sources = [...JSON.stringify(await host.nodes()).matchAll(/[^"]*\/(\w+)\.jpg/g)].map(
    ([, name]) => name,
  )
  expect(new Set(sources)).toEqual(new Set(['small']))
})

test('a favourite that the phone has no room for is none, and the reader is told', async () => {
  const standard = standardCloud()
  const host = await createNodeHost({ dist, cloud: standard, faults: { setStorageSync: 'throws' } })
  await host.open(story)
  await host.settle(2_000)
  await host.tap('收藏')
  expect(JSON.stringify(host.shown())).toContain('没有存储空间，没能收藏')
  expect(JSON.stringify(host.shown())).not.toMatch('已收藏|已取消')
  expect(await wordsOf(host, 'action--on')).toEqual([])
})

test('searches again what was searched, and clears what was typed or remembered', async () => {
  const found = { ...items(1, 'found')[0], marks: { title: [], teaser: [] } }
  const { host, sent } = await phone(
    { search: () => reply({ items: [found], next: null, total: 1 }) },
    { 'recent-searches': stored(['鲸落', '黑洞']) },
  )
  await host.open({ path: 'more/search/index', scene: 1007 })
  expect(await wordsOf(host, 'search-word')).toEqual(['鲸落', '黑洞'])
  expect(sent).toEqual([])
  await host.tap('黑洞')
  expect(sent).toEqual([{ action: 'search', data: { query: '黑洞' } }])
  expect(await host.text()).toContain('找到 1 篇文章')
  await host.tap('清除')
  expect(await wordsOf(host, 'search-word')).toEqual(['黑洞', '鲸落'])
  await host.tap('清空')
  expect(await wordsOf(host, 'search-word')).toEqual([])
  expect(host.storage()['recent-searches']).toBeUndefined()
})

test('关于 deletes all votes of the reader, who sees how many', async () => {
  const { host, sent } = await phone({ forgetReader: () => reply({ done: true, removed: 3, epoch: 1 }) })
  await host.open({ path: 'more/about/index', scene: 1007 })
  await host.tap('删除我的全部投票')
  expect(sent.map(({ action }) => action)).toEqual(['forgetReader'])
  expect(JSON.stringify(host.shown())).toContain('已删除 3 票')
  expect(await host.text()).toMatch(/版本 \S+　基础库 [\d.]+　微信基础库最低 2\.20\.1/)
})

describe('a page that is no story', () => {
  const cover = { src: 'https://a.example/topic.jpg', width: 4, height: 3, alt: '' }
  const topic = { id: 'topic00001', title: '一个专题', lead: '', publishedAt: 0, cover }
  test.each([
    ['pages/home/index', {}, '科普云：把科学讲明白', '/pages/home/index'],
    ['pages/ranking/index', {}, '新闻表情排行：哪些文章最让人开心、难过', '/pages/ranking/index'],
    ['pages/shelf/index', {}, '科普云', '/pages/home/index'],
    [
      'more/channel/index',
      { channel: 'earth', column: 'ocean' },
      '科普云 · 地球',
      '/more/channel/index?channel=earth&column=ocean',
    ],
    ['more/channel/index', { channel: 'none' }, '科普云 · 把科学讲明白', '/pages/home/index'],
    ['more/topic/index', { id: topic.id }, topic.title, `/more/topic/index?id=${topic.id}`],
    ['more/search/index', {}, '科普云 · 搜索', '/more/search/index'],
    ['more/about/index', {}, '关于科普云', '/more/about/index'],
    ['more/principles/index', {}, '科普云的采编和更正原则', '/more/principles/index'],
    ['more/lost/index', {}, '科普云', '/pages/home/index'],
  ])('%s %j is sent to a friend as itself', async (path, query, title, to) => {
    const { host } = await phone({ readTopic: () => reply({ topic, items: [], next: null }) })
    await host.open({ path, query })
    const { result } = await host.share('friend')
    expect(result).toMatchObject({ title, path: to })
    const { imageUrl } = result as { imageUrl: string }
    expect(imageUrl).toContain(path.includes('topic') ? cover.src : site.picture)
  })

  test('is sent with the column that its reader has chosen', async () => {
    const { host } = await phone({ readFeed: () => reply({ items: [], next: null }) })
    await host.open({ path: 'more/channel/index', query: { channel: 'earth', column: 'none' } })
    const path = async () => ((await host.share('friend')).result as { path: string }).path
    expect(await path()).toBe('/more/channel/index?channel=earth')
    await host.tap('海洋')
    expect(await path()).toBe('/more/channel/index?channel=earth&column=ocean')
  })

  test('has its own title in WeChat’s bar, and is pulled down where it is a list', () => {
    const { json } = readProgram(dist)
    // Otherwise the headline lies behind the bar of Moments.
    expect(json['pages/article/index']).toMatchObject({ singlePage: { navigationBarFit: 'squeezed' } })
    const named = Object.entries(json).map(([path, config]) => [
      path.split('/')[1],
      (config as Record<string, unknown>).navigationBarTitleText,
      (config as Record<string, unknown>).enablePullDownRefresh === true,
      // Otherwise the next page is asked for only when nothing is left to read.
      Number((config as Record<string, unknown>).onReachBottomDistance ?? 0) >= 300,
    ])
    expect(named.filter(([, title]) => title !== undefined).sort()).toEqual([
      ['about', '关于', false, false],
      ['article', '科普云', false, false],
      ['channel', '科普云', true, true],
      ['home', '科普云', true, true],
      ['lost', '找不到页面', false, false],
      ['poster', '海报', false, false],
      ['preview', '预览', false, false],
      ['principles', '采编和更正原则', false, false],
      ['ranking', '新闻表情排行', true, true],
      ['search', '搜索', false, true],
      ['shelf', '书架', false, false],
      ['topic', '科普云', false, true],
    ])
  })
})

describe('a way on', () => {
  const topic = { id: 'topic00001', title: '一个专题', lead: '' }
  const cover = { src: '/large.jpg', width: 4, height: 3, alt: '' }
  const gone = () => ({ ok: false, error: { code: 'not-found', message: '' } })
  const focus = [{ ...items(1, 'focus')[0], cover }]
  const opened = {
    article: { ...standardArticle, blocks: standardArticle.blocks.slice(0, 1), topic },
    mood: { counts: {}, own: null, canVote: true, wish: 0 },
    related: [{ id: 'related001', title: '鲸落', publishedAt: 0 }],
  }
  const row = { rank: 1, id: 'ranked0001', title: '上榜', publishedAt: 0, count: 5, share: 1 }
  const answers = {
    openArticle: () => reply(opened),
    readHome: () => reply({ focus, topics: [topic], feed: { items: items(4, 'story'), next: null } }),
    readRanking: () => reply({ items: [row], next: null, updatedAt: null }),
    readTopic: gone,
  }
  const [home, ranking, article] = ['pages/home/index', 'pages/ranking/index', 'pages/article/index']
  test.each([
    [home, {}, 'focus0', article, { id: 'focus0000' }],
    [home, {}, 'story2', article, { id: 'story0002' }],
    [home, {}, topic.title, 'more/topic/index', { id: topic.id }],
    [home, {}, '新闻表情排行', ranking, {}],
    [home, {}, '地球', 'more/channel/index', { channel: 'earth' }],
    [home, {}, '搜索文章', 'more/search/index', {}],
    [ranking, {}, '上榜', article, { id: row.id }],
    [article, { id }, '鲸落', article, { id: 'related001' }],
    [article, { id }, '首页', home, {}],
    [article, { id }, '海洋', 'more/channel/index', { channel: 'earth', column: 'ocean' }],
    [article, { id }, '独家策划 · 一个专题 ›', 'more/topic/index', { id: topic.id }],
    [article, { id }, '新闻表情排行 ›', ranking, {}],
    [article, { id, mark: '0123456789' }, '生成海报', 'more/poster/index', { id, mark: '0123456789' }],
    ['more/topic/index', { id: topic.id }, '去首页看看', home, {}],
    ['more/about/index', {}, '采编和更正原则', 'more/principles/index', {}],
    ['pages/shelf/index', {}, '关于 · 反馈 · 侵权投诉', 'more/about/index', {}],
    ['more/lost/index', {}, '搜索文章', 'more/search/index', {}],
  ])('from %s %j by %s leads to %s %j', async (path, query, words, to, parameters) => {
    const { host } = await phone(answers)
    await host.open({ path, query })
    await host.settle(1_000)
    await host.tap(words)
    const top = (await host.record()).stack.at(-1)
    expect(top).toMatchObject({ path: to })
    expect(top?.query).toMatchObject(parameters)
  })
})
