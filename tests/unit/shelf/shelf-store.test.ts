const phone = new Map<string, unknown>()
let room = Number.POSITIVE_INFINITY

jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    getStorageSync: (key: string) => phone.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => {
      let used = JSON.stringify(value).length
      for (const [other, kept] of phone) if (other !== key) used += JSON.stringify(kept).length
      if (used > room) throw new Error('setStorageSync:fail exceed storage max size')
      phone.set(key, value)
    },
    removeStorageSync: (key: string) => phone.delete(key),
  },
}))

import {
  isFavourite,
  listFavourites,
  listHistory,
  noteRead,
  toggleFavourite,
} from '../../../src/features/shelf/shelf-store'

beforeEach(() => {
  phone.clear()
  room = Number.POSITIVE_INFINITY
})

const teaser = (index: number) => ({
  id: `story${String(index).padStart(5, '0')}`,
  title: `第${index}篇`,
  teaser: '一句话。',
  channel: 'earth',
  column: 'ocean',
  publishedAt: 0,
})

test('two hundred favourites and a hundred read stories are stored, the latest first', () => {
  for (let index = 0; index < 230; index++) {
    toggleFavourite(teaser(index))
    noteRead(teaser(index))
  }
  expect(listFavourites().map(({ title }) => title)).toEqual(
    Array.from({ length: 200 }, (_, index) => `第${229 - index}篇`),
  )
  expect(listHistory()).toHaveLength(100)
  expect(listHistory()[0]?.title).toBe('第229篇')
})

test('removing a favourite leaves the others in their order', () => {
  for (let index = 0; index < 4; index++) toggleFavourite(teaser(index))
  expect(toggleFavourite(teaser(2))).toBe('removed')
  expect(listFavourites().map(({ title }) => title)).toEqual(['第3篇', '第1篇', '第0篇'])
})

test('the mark of a corrected story stays, whether it came from a list or from the story itself', () => {
  noteRead(teaser(0))
  noteRead({ ...teaser(1), correctedAt: 5 })
  noteRead({ ...teaser(2), corrected: { at: 7, reason: '错字' } } as Parameters<typeof noteRead>[0])
  expect(listHistory().map(({ correctedAt }) => correctedAt)).toEqual([7, 5, undefined])
  // A favourite that was corrected later is marked once the reader has opened it again, and keeps its place.
  for (const index of [3, 4]) toggleFavourite(teaser(index))
  noteRead({ ...teaser(3), title: '改过的题目', correctedAt: 9 })
  expect(listFavourites().map(({ title, correctedAt }) => [title, correctedAt])).toEqual([
    ['第4篇', undefined],
    ['改过的题目', 9],
  ])
})

test('a damaged entry is dropped alone; the rest of the shelf stays', () => {
  for (let index = 0; index < 3; index++) toggleFavourite(teaser(index))
  const rows = phone.get('shelf-favourites') as object[]
  phone.set('shelf-favourites', [rows[0], { id: 'of another version' }, rows[2], null])
  expect(listFavourites().map(({ title }) => title)).toEqual(['第2篇', '第0篇'])
  toggleFavourite(teaser(7))
  expect(listFavourites()).toHaveLength(3)
})

test('on a full phone read stories make room for a favourite; if that is not enough, the reader is told', () => {
  for (let index = 0; index < 20; index++) noteRead(teaser(index))
  room = JSON.stringify([...phone.values()]).length
  expect(toggleFavourite(teaser(50))).toBe('added')
  expect(listHistory()).toHaveLength(10)
  expect(listHistory()[0]?.title).toBe('第19篇')
  room = 10
  expect(toggleFavourite(teaser(51))).toBe('full')
  expect(isFavourite(teaser(51).id)).toBe(false)
})

test('a story is on the shelf with its picture, and with as much of its summary as a row has room for', () => {
  const cover = { src: '/a.jpg', thumb: '/a-small.jpg', width: 4, height: 3, alt: '' }
  toggleFavourite({ ...teaser(1), cover, teaser: '长'.repeat(500) })
  expect(listFavourites()).toMatchObject([{ ...teaser(1), cover, teaser: '长'.repeat(120) }])
})

test('a title of rare characters is cut between characters', () => {
  noteRead({ ...teaser(1), title: '𠮷'.repeat(200) })
  expect(listHistory()[0]?.title).toBe('𠮷'.repeat(120))
})
