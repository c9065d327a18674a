// The tested function is pure; its module also stores places on the phone.
jest.mock('@tarojs/taro', () => ({}))

import { type Place, putPlace } from '../../../src/features/reading/reading-place'

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
  let places: Place[] = [place('old', 2000, at - 15 * 86_400_000)]
  for (let i = 0; i < 80; i++) places = putPlace(places, `s${i}`, place(`s${i}`, 1000), at)
  expect(places).toHaveLength(50)
  expect(places.some(({ id }) => id === 'old')).toBe(false)
})
