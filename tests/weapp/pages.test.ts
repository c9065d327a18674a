import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Cloud } from '../../weapp-host/cloud-door'
import { createNodeHost, type NodeHost } from '../../weapp-host/node-host'
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
