/// <reference path="../../../src/globals.d.ts" />
import type { ListSource } from '#cloud/list'
import { channelList } from '#features/feed/channel-list'
import { homeList } from '#features/feed/home-list'
import { rankingList } from '#features/ranking/ranking-list'
import { moreList } from '#features/reading/more-list'
import { searchList } from '#features/search/search-list'
import { topicList } from '#features/topics/topic-list'

const phone = new Map<string, unknown>()
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    getStorageSync: (key: string) => phone.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => phone.set(key, structuredClone(value)),
  },
}))

interface Sent {
  action: string
  data: object
}
let sent: Sent[] = []
const home = { focus: [], topics: [], feed: { items: [], next: null } }
jest.mock('#cloud/transport', () => ({
  invoke: async (_: string, request: Sent) => {
    sent.push(request)
    return { ok: true, data: request.action === 'readHome' ? home : {} }
  },
}))

const cursor = 'k3x9-story00001-a1'
type Row = { name: string; list: ListSource<{ id: string }, unknown>; first: Sent; more: Sent }
const row = (name: string, list: object, first: Sent, more: Sent): Row => ({
  name,
  list: list as Row['list'],
  first,
  more,
})
/** A list whose pages all come from one action. */
const paged = (name: string, list: object, action: string, asked: object): Row =>
  row(name, list, { action, data: asked }, { action, data: { ...asked, cursor } })

const lists = [
  row('home', homeList, { action: 'readHome', data: {} }, { action: 'readFeed', data: { cursor } }),
  row(
    'the lists below a story',
    moreList('story00001'),
    { action: 'readHome', data: { without: 'story00001' } },
    { action: 'readFeed', data: { cursor } },
  ),
  paged('a channel', channelList('earth', ''), 'readFeed', { channel: 'earth' }),
  paged('a column', channelList('earth', 'ocean'), 'readFeed', { channel: 'earth', column: 'ocean' }),
  paged('a topic', topicList('topic00001'), 'readTopic', { topicId: 'topic00001' }),
  paged('a ranking', rankingList('sad', '7d'), 'readRanking', { mood: 'sad', span: '7d' }),
  paged('a search', searchList('日食'), 'search', { query: '日食' }),
]

beforeEach(() => {
  phone.clear()
  sent = []
})

test.each(lists)('$name asks for its first page, and for each further one by its cursor', async row => {
  await row.list.first().catch(() => undefined)
  await row.list.more(cursor).catch(() => undefined)
  expect(sent).toEqual([row.first, row.more])
})

test('no two lists have the same key, or a reader would see one in place of the other', () => {
  const others = [
    channelList('earth', 'sky'),
    channelList('sky', ''),
    rankingList('sad', '24h'),
    searchList('月食'),
    moreList('story00002'),
    topicList('topic00002'),
  ]
  const keys = [...lists.map(({ list }) => list), ...others].map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
})

test('home is cached when it has come, and read from there', async () => {
  expect(homeList.cached?.()).toBeUndefined()
  await homeList.first()
  expect(homeList.cached?.()?.value).toEqual(home)
})

test('an address with a broken topic id asks the cloud nothing', async () => {
  await expect(topicList('no/such').first()).rejects.toMatchObject({ code: 'not-found' })
  expect(sent).toEqual([])
})
