const phone = new Map<string, unknown>()
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    getStorageSync: (key: string) => phone.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => phone.set(key, value),
  },
}))

import { type Place, putPlace, readPlace, writePlace } from '../../../src/features/reading/reading-place'

const at = 1_800_000_000_000
const place = (id: string, top: number, when = at): Place => ({ id, top, at: when, whole: true })

test('the latest place of a story replaces the previous one', () => {
  const places = putPlace([place('a', 2000), place('b', 900)], 'a', place('a', 3000), at)
  expect(places.map(({ id, top }) => [id, top])).toEqual([
    ['a', 3000],
    ['b', 900],
  ])
})

test('a story read to its end, or hardly begun, has no stored place', () => {
  expect(putPlace([place('a', 2000)], 'a', null, at)).toEqual([])
  expect(putPlace([place('a', 2000)], 'a', place('a', 100), at)).toEqual([])
})

test('the number of places is limited, and they expire after two weeks', () => {
  const fortnight = 14 * 86_400_000
  const old = [place('kept', 2000, at - fortnight), place('old', 2000, at - fortnight - 1)]
  expect(putPlace(old, 'new', place('new', 1000), at).map(({ id }) => id)).toEqual(['new', 'kept'])
  let places: Place[] = old
  for (let i = 0; i < 80; i++) places = putPlace(places, `s${i}`, place(`s${i}`, 1000), at)
  expect(places).toHaveLength(50)
  expect(places.some(({ id }) => id === 'old')).toBe(false)
})

test('a place is found again on this phone for two weeks, and no longer', () => {
  jest.useFakeTimers({ now: at })
  try {
    writePlace('a', { top: 2000, whole: true })
    expect(readPlace('a')).toEqual(place('a', 2000))
    jest.setSystemTime(at + 15 * 86_400_000)
    expect(readPlace('a')).toBeUndefined()
  } finally {
    jest.useRealTimers()
  }
})
