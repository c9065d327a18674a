import { storedToken } from '#cloud/stored-token'
import { clearRecent, listRecent, noteRecent } from '#features/search/recent-searches'

const phone = new Map<string, unknown>()
let isFull = false
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    getStorageSync: (key: string) => phone.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => {
      if (isFull) throw new Error('setStorageSync:fail exceed storage max size')
      phone.set(key, structuredClone(value))
    },
    removeStorageSync: (key: string) => phone.delete(key),
  },
}))

beforeEach(() => {
  phone.clear()
  isFull = false
})

test('a token is there after the next start, in memory on a full phone, and is none if no header may hold it', () => {
  const token = storedToken('token')
  expect(token.read()).toBe('')
  token.write('abc')
  expect([token.read(), storedToken('token').read(), storedToken('token:guest').read()]).toEqual([
    'abc',
    'abc',
    '',
  ])
  phone.set('token', '换行\n')
  expect(storedToken('token').read()).toBe('')
  isFull = true
  const only = storedToken('other')
  only.write('xyz')
  expect([only.read(), storedToken('other').read()]).toEqual(['xyz', ''])
  only.write('')
  expect(only.read()).toBe('')
})

test('the last ten searches are there, each once, the latest first, until the reader clears them', () => {
  for (let n = 0; n < 15; n++) noteRecent(`词${n}`)
  noteRecent('词9')
  expect(listRecent()).toEqual(['词9', ...[14, 13, 12, 11, 10, 8, 7, 6, 5].map(n => `词${n}`)])
  clearRecent()
  expect(listRecent()).toEqual([])
})
