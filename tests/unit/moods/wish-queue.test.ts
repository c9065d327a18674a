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

import {
  dropWish,
  keepWish,
  putWish,
  sendWaiting,
  type Waiting,
  waitingWish,
} from '../../../src/features/moods/wish-queue'

beforeEach(() => {
  phone.clear()
  calls.length = 0
  answer = () => undefined
})

const wish = (articleId: string, number: number): Waiting => ({
  articleId,
  mood: 'happy',
  wish: number,
  at: number,
})

test('one wish a story waits, the last one, and the oldest leave', () => {
  let queue: Waiting[] = []
  for (let i = 1; i <= 40; i++) queue = putWish(queue, wish(`story${String(i).padStart(4, '0')}`, i))
  queue = putWish(queue, { ...wish('story0040', 41), mood: null })
  expect(queue).toHaveLength(30)
  expect(queue.filter(one => one.articleId === 'story0040').map(one => one.mood)).toEqual([null])
  expect(queue[0]?.articleId).toBe('story0011')
})

test('what waited goes out in its order, under its own number, and is forgotten', async () => {
  keepWish({ articleId: 'aaaaaaaa', mood: 'happy', wish: 7 })
  keepWish({ articleId: 'bbbbbbbb', mood: null, wish: 9 })
  await sendWaiting()
  expect(calls).toEqual([
    { articleId: 'aaaaaaaa', mood: 'happy', wish: 7 },
    { articleId: 'bbbbbbbb', mood: null, wish: 9 },
  ])
  expect(waitingWish('aaaaaaaa')).toBeUndefined()
  await sendWaiting()
  expect(calls).toHaveLength(2)
})

test('while the cloud is away nothing is lost and nothing is hammered', async () => {
  keepWish({ articleId: 'aaaaaaaa', mood: 'happy', wish: 7 })
  keepWish({ articleId: 'bbbbbbbb', mood: 'sad', wish: 8 })
  answer = () => 'unavailable'
  await sendWaiting()
  expect(calls).toHaveLength(1)
  expect(waitingWish('aaaaaaaa')?.wish).toBe(7)
  expect(waitingWish('bbbbbbbb')?.wish).toBe(8)
})

test('a wish the cloud refuses for good does not keep others waiting', async () => {
  keepWish({ articleId: 'aaaaaaaa', mood: 'happy', wish: 7 })
  keepWish({ articleId: 'bbbbbbbb', mood: 'sad', wish: 8 })
  answer = id => (id === 'aaaaaaaa' ? 'not-found' : undefined)
  await sendWaiting()
  expect(calls).toHaveLength(2)
  expect(waitingWish('aaaaaaaa')).toBeUndefined()
})

test('a wish that came too often today stays, and does not keep the others waiting', async () => {
  keepWish({ articleId: 'aaaaaaaa', mood: 'happy', wish: 7 })
  keepWish({ articleId: 'bbbbbbbb', mood: 'sad', wish: 8 })
  answer = id => (id === 'aaaaaaaa' ? 'too-many' : undefined)
  await sendWaiting()
  expect(calls.map(({ articleId }) => articleId)).toEqual(['aaaaaaaa', 'bbbbbbbb'])
  expect([waitingWish('aaaaaaaa')?.wish, waitingWish('bbbbbbbb')]).toEqual([7, undefined])
})

test('an answer to an older wish does not remove a newer one', () => {
  keepWish({ articleId: 'aaaaaaaa', mood: 'happy', wish: 9 })
  dropWish('aaaaaaaa', 7)
  expect(waitingWish('aaaaaaaa')?.wish).toBe(9)
})
