import fc from 'fast-check'
import * as v from 'valibot'

const phone = new Map<string, string>()
let room = Number.POSITIVE_INFINITY

jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    getStorageSync: (key: string) => {
      const text = phone.get(key)
      return text === undefined ? '' : JSON.parse(text)
    },
    setStorageSync: (key: string, value: unknown) => {
      const text = JSON.stringify(value)
      let used = text.length
      for (const [other, kept] of phone) if (other !== key) used += kept.length
      if (used > room) throw new Error('setStorageSync:fail exceed storage max size')
      phone.set(key, text)
    },
    removeStorageSync: (key: string) => phone.delete(key),
  },
}))

import {
  cachedStoryIds,
  pinCachedStories,
  readCachedStory,
  writeCachedStory,
} from '#features/reading/story-cache'
import { cachedKeys, clearCache, dropCached, pinCached, readCached, writeCached } from '#platform/cache'
import { type CacheRow, prune } from '#platform/cache-index'

beforeEach(() => {
  phone.clear()
  room = Number.POSITIVE_INFINITY
})

const story = (id: string) => ({
  article: {
    id,
    version: 1,
    title: '标题',
    teaser: '',
    channel: 'frontier',
    column: 'astronomy',
    publishedAt: 0,
    source: '',
    author: '',
    editor: '',
    tags: [],
    blocks: [{ type: 'paragraph' as const, spans: ['一段'] }],
  },
  mood: { counts: {}, own: null, canVote: true, wish: 0 },
  related: [],
})

test('a story opened before can be read again unchanged', () => {
  writeCachedStory(story('abcd1234'))
  expect(readCachedStory('abcd1234')?.value).toEqual(story('abcd1234'))
  expect(readCachedStory('abcd9999')).toBeUndefined()
  writeCached('home', '首页')
  expect([...cachedStoryIds()]).toEqual(['abcd1234'])
})

test('an entry damaged on the phone counts as not cached', () => {
  writeCachedStory(story('abcd1234'))
  phone.set('cache:article:abcd1234', '{"article":{}}')
  expect(readCachedStory('abcd1234')).toBeUndefined()
})

test('a withdrawn story leaves the cache, and 清空 empties it', () => {
  writeCached('a', 1)
  writeCached('b', 2)
  dropCached('a')
  expect(readCached('a', v.number())).toBeUndefined()
  expect(readCached('b', v.number())?.value).toBe(2)
  clearCache()
  expect([...phone.keys()]).toEqual([])
})

test('entries in the form of another version are removed', () => {
  phone.set('cache', JSON.stringify({ version: 0, rows: [{ key: 'home', at: Date.now(), size: 1 }] }))
  phone.set('cache:home', '"旧"')
  expect(readCached('home', v.string())).toBeUndefined()
  expect(phone.has('cache:home')).toBe(false)
})

test('a reply that the phone would refuse is not cached, and drops nothing', () => {
  writeCached('home', '首页')
  writeCached('long', 'x'.repeat(300_000))
  expect(readCached('long', v.string())).toBeUndefined()
  expect(readCached('home', v.string())?.value).toBe('首页')
})

test('on a full phone old entries make room for the new one', () => {
  for (let i = 0; i < 10; i++) writeCached(`k${i}`, 'x'.repeat(1000))
  room = 11_000
  writeCached('new', 'y'.repeat(1500))
  expect(readCached('new', v.string())?.value).toHaveLength(1500)
  // The newer half of the others is left, each once.
  expect(cachedKeys('')).toEqual(['new', 'k9', 'k8', 'k7', 'k6', 'k5'])
  expect([...phone.keys()].sort()).toEqual(['cache', ...cachedKeys('').map(key => `cache:${key}`)].sort())
})

test('on a phone without any space reading still works and nothing throws', () => {
  room = 10
  expect(() => writeCached('k', 'x'.repeat(100))).not.toThrow()
  expect(readCached('k', v.string())).toBeUndefined()
})

test('what does not fit even when old entries have gone is no entry', () => {
  for (let i = 0; i < 10; i++) writeCached(`k${i}`, 'x'.repeat(1000))
  room = 11_000
  writeCached('new', 'y'.repeat(9000))
  expect(cachedKeys('')).toEqual(['k9', 'k8', 'k7', 'k6', 'k5'])
  expect([...phone.keys()].sort()).toEqual(['cache', ...cachedKeys('').map(key => `cache:${key}`)].sort())
})

test('pins are those of one kind of entries: others stay as they are', () => {
  const pinned = () => {
    const { rows } = JSON.parse(phone.get('cache') ?? '') as { rows: CacheRow[] }
    return rows.flatMap(row => (row.pinned ? [row.key] : []))
  }
  for (const key of ['a:1', 'a:2', 'b:1', 'b:2']) writeCached(key, key)
  pinCached('b:', new Set(['b:1']))
  pinCached('a:', new Set(['a:2', 'b:2', 'a:unknown']))
  expect(pinned()).toEqual(['b:1', 'a:2'])
  const before = phone.get('cache')
  pinCached('a:', new Set(['a:2']))
  expect(phone.get('cache')).toBe(before)
  pinCached('a:', new Set())
  expect(pinned()).toEqual(['b:1'])
})

test('a favourite outlives hundreds of newer stories', () => {
  writeCachedStory(story('favorite1'))
  pinCachedStories([{ id: 'favorite1' }])
  // It is cached again whenever its reader opens it.
  writeCachedStory(story('favorite1'))
  for (let i = 0; i < 300; i++) writeCached(`k${i}`, i)
  expect(readCachedStory('favorite1')).toBeDefined()
  // What was dropped uses no space: 240 entries and the list of them are left.
  expect(phone.size).toBeLessThanOrEqual(241)
  pinCachedStories([])
  for (let i = 0; i < 300; i++) writeCached(`k${i}`, i)
  expect(readCachedStory('favorite1')).toBeUndefined()
})

test('a shelf full of favourites leaves space for the stories read last', () => {
  const id = (i: number) => `favourite${i}`
  const favourites: { id: string }[] = []
  for (let i = 0; i < 260; i++) {
    writeCachedStory(story(id(i)))
    favourites.unshift({ id: id(i) })
    pinCachedStories(favourites)
  }
  writeCachedStory(story('readlast1'))
  writeCached('home', '昨天的首页')
  expect(readCachedStory('readlast1')).toBeDefined()
  expect(readCached('home', v.string())?.value).toBe('昨天的首页')
  expect(readCachedStory(id(259))).toBeDefined()
})

test('on a full phone stories that were only read make room for a favourite', () => {
  writeCachedStory(story('favorite1'))
  pinCachedStories([{ id: 'favorite1' }])
  for (let i = 0; i < 10; i++) writeCached(`k${i}`, 'x'.repeat(1000))
  room = 11_500
  writeCached('new', 'y'.repeat(2500))
  expect(readCached('new', v.string())).toBeDefined()
  expect(readCachedStory('favorite1')).toBeDefined()
})

const rows = fc.uniqueArray(
  fc.record({
    key: fc.string({ minLength: 1, maxLength: 4 }),
    at: fc.integer({ min: 0, max: 1000 }),
    size: fc.integer({ min: 0, max: 40 }),
  }) as fc.Arbitrary<CacheRow>,
  { selector: row => row.key, maxLength: 30, size: 'max' },
)

test('pruning keeps every bound, and every row is either retained or reported as dropped', () => {
  fc.assert(
    fc.property(rows, list => {
      const limits = { rows: 8, size: 200, age: 500 }
      const { retained, dropped } = prune(list, 1000, limits)
      expect(retained.length).toBeLessThanOrEqual(8)
      expect(retained.reduce((sum, row) => sum + row.size, 0)).toBeLessThanOrEqual(200)
      expect(retained.every(row => 1000 - row.at <= 500)).toBe(true)
      expect([...retained, ...dropped].map(row => row.key).sort()).toEqual(list.map(row => row.key).sort())
    }),
  )
})

const row = (key: string, at: number, size = 1, pinned?: true): CacheRow => ({
  ...{ key, at, size },
  ...(pinned ? { pinned } : {}),
})

test.each<[string, CacheRow[], string[], string[]]>([
  [
    'the newest first, whatever their order',
    [row('a', 1001), row('c', 1003), row('b', 1002)],
    ['c', 'b', 'a'],
    [],
  ],
  [
    'the newest of more than fit',
    [1, 2, 3, 4, 5, 6].map(n => row(`${n}`, 1000 + n)),
    ['6', '5', '4', '3', '2'],
    ['1'],
  ],
  ['as many characters as fit', [row('b', 1002, 60), row('a', 1001, 40)], ['b', 'a'], []],
  [
    'a smaller entry where a larger one has no room',
    [row('c', 1003, 60), row('b', 1002, 41), row('a', 1001, 40)],
    ['c', 'a'],
    ['b'],
  ],
  ['what is as old as it may be', [row('b', 500), row('a', 499)], ['b'], ['a']],
  ['a pinned entry of any age', [row('b', 500), row('a', 0, 1, true)], ['b', 'a'], []],
  [
    'pinned entries on four of five places, the newest of them',
    [...[1, 2, 3, 4, 500].map(n => row(`${n}`, n, 1, true)), row('600', 600), row('601', 601)],
    ['601', '500', '4', '3', '2'],
    ['600', '1'],
  ],
  ['pinned entries on four fifths of the room', [row('b', 2, 40, true), row('a', 1, 41, true)], ['b'], ['a']],
  [
    'pinned entries up to four fifths of the room',
    [row('b', 2, 40, true), row('a', 1, 40, true)],
    ['b', 'a'],
    [],
  ],
])('the cache keeps %s', (_, list, retained, dropped) => {
  const limits = { rows: 5, size: 100, age: 1_000 }
  const result = prune(list, 1_500, limits)
  expect([result.retained, result.dropped].map(part => part.map(({ key }) => key))).toEqual([
    retained,
    dropped,
  ])
})

test('a phone whose clock was set back by months keeps no text that its list of texts does not name', () => {
  jest.useFakeTimers({ now: Date.UTC(2027, 5, 1) })
  for (let i = 0; i < 240; i++) writeCached(`k${i}`, i)
  jest.setSystemTime(Date.UTC(2027, 0, 1))
  writeCached('new', 1)
  expect([...phone.keys()].sort()).toEqual(['cache', ...cachedKeys('').map(key => `cache:${key}`)].sort())
  jest.useRealTimers()
})

test('what nobody pinned is dropped after thirty days, and beyond two million characters', () => {
  jest.useFakeTimers({ now: Date.UTC(2027, 0, 1) })
  writeCached('old', 1)
  jest.advanceTimersByTime(29.9 * 86_400_000)
  writeCached('new', 1)
  expect(cachedKeys('')).toEqual(['new', 'old'])
  jest.advanceTimersByTime(0.2 * 86_400_000)
  writeCached('new', 2)
  expect(cachedKeys('')).toEqual(['new'])
  expect(readCached('new', v.number())).toEqual({ value: 2, at: Date.now() })
  for (let i = 0; i < 8; i++) writeCached(`k${i}`, 'x'.repeat(280_000))
  expect(cachedKeys('')).toEqual([...[7, 6, 5, 4, 3, 2, 1].map(i => `k${i}`), 'new'])
  jest.useRealTimers()
})
