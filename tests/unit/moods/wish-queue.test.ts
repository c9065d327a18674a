const phone = new Map<string, string>()
const calls: { articleId: string; mood: string | null; wish: number }[] = []
let answer: (articleId: string) => unknown = () => undefined

jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    getStorageSync: (key: string) => {
      const text = phone.get(key)
      return text === undefined ? '' : JSON.parse(text)
    },
    setStorageSync: (key: string, value: unknown) => phone.set(key, JSON.stringify(value)),
    removeStorageSync: (key: string) => phone.delete(key),
  },
}))
jest.mock('../../../src/cloud/transport', () => ({
  invoke: async (
    _name: string,
    event: { data: { articleId: string; mood: string | null; wish: number } },
  ) => {
    calls.push(event.data)
    const failure = answer(event.data.articleId)
    if (failure) return { ok: false, error: { code: failure, message: '' } }
    return { ok: true, data: { counts: {}, own: event.data.mood, canVote: true, wish: event.data.wish } }
  },
}))

import { moodWishes } from '../../../src/features/moods/mood-wishes'

const { clear, drop, keep, newest, onSent, sendAll, waiting } = moodWishes

beforeEach(() => {
  phone.clear()
  calls.length = 0
  answer = () => undefined
})

test('one wish a story waits, the last one, and the oldest leave', async () => {
  for (let i = 1; i <= 40; i++)
    keep({ subject: `story${String(i).padStart(4, '0')}`, wanted: 'happy', wish: i })
  keep({ subject: 'story0040', wanted: null, wish: 41 })
  await sendAll()
  expect(calls).toHaveLength(30)
  expect(calls[0]?.articleId).toBe('story0011')
  expect(calls.filter(({ articleId }) => articleId === 'story0040').map(({ mood }) => mood)).toEqual([null])
})

test('a reader who has every vote removed sends none afterwards', async () => {
  keep({ subject: 'aaaaaaaa', wanted: 'happy', wish: 7 })
  clear()
  await sendAll()
  expect(calls).toEqual([])
})

test('what waited goes out in its order, under its own number, and is forgotten', async () => {
  keep({ subject: 'aaaaaaaa', wanted: 'happy', wish: 7 })
  keep({ subject: 'bbbbbbbb', wanted: null, wish: 9 })
  await sendAll()
  expect(calls).toEqual([
    { articleId: 'aaaaaaaa', mood: 'happy', wish: 7 },
    { articleId: 'bbbbbbbb', mood: null, wish: 9 },
  ])
  expect(waiting('aaaaaaaa')).toBeUndefined()
  await sendAll()
  expect(calls).toHaveLength(2)
})

test('while the cloud is away nothing is lost and nothing is hammered', async () => {
  keep({ subject: 'aaaaaaaa', wanted: 'happy', wish: 7 })
  keep({ subject: 'bbbbbbbb', wanted: 'sad', wish: 8 })
  answer = () => 'unavailable'
  await sendAll()
  expect(calls).toHaveLength(1)
  expect(waiting('aaaaaaaa')?.wish).toBe(7)
  expect(waiting('bbbbbbbb')?.wish).toBe(8)
})

test('a wish the cloud refuses for good does not keep others waiting', async () => {
  keep({ subject: 'aaaaaaaa', wanted: 'happy', wish: 7 })
  keep({ subject: 'bbbbbbbb', wanted: 'sad', wish: 8 })
  answer = id => (id === 'aaaaaaaa' ? 'not-found' : undefined)
  await sendAll()
  expect(calls).toHaveLength(2)
  expect(waiting('aaaaaaaa')).toBeUndefined()
})

test('a wish that came too often today stays, and does not keep the others waiting', async () => {
  keep({ subject: 'aaaaaaaa', wanted: 'happy', wish: 7 })
  keep({ subject: 'bbbbbbbb', wanted: 'sad', wish: 8 })
  answer = id => (id === 'aaaaaaaa' ? 'too-many' : undefined)
  await sendAll()
  expect(calls.map(({ articleId }) => articleId)).toEqual(['aaaaaaaa', 'bbbbbbbb'])
  expect([waiting('aaaaaaaa')?.wish, waiting('bbbbbbbb')]).toEqual([7, undefined])
})

test('an answer to an older wish does not remove a newer one', () => {
  keep({ subject: 'aaaaaaaa', wanted: 'happy', wish: 9 })
  drop('aaaaaaaa', 7)
  expect(waiting('aaaaaaaa')?.wish).toBe(9)
})

test('a page that was read just before its wish went out shows what the cloud answered to that', async () => {
  const read = { counts: {}, own: null, canVote: true, wish: 3 }
  const heard: string[] = []
  const stop = onSent(subject => heard.push(subject))
  keep({ subject: 'cccccccc', wanted: 'like', wish: 7 })
  expect(newest('cccccccc', read)).toBe(read)
  await sendAll()
  stop()
  expect(heard).toEqual(['cccccccc'])
  expect(newest('cccccccc', read)).toMatchObject({ own: 'like', wish: 7 })
  const newer = { ...read, own: 'sad' as const, wish: 9 }
  expect(newest('cccccccc', newer)).toBe(newer)
  // Every vote was removed meanwhile: the story then comes with no wish at all.
  clear()
  expect(newest('cccccccc', { ...read, wish: 0 }).own).toBeNull()
})
