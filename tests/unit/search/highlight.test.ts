import fc from 'fast-check'
import { queryLongest, queryOf } from '#contract/search'
import { stretches } from '#features/search/highlight'
import { clearRecent, listRecent, noteRecent } from '#features/search/recent-searches'

const phone = new Map<string, unknown>()
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    getStorageSync: (key: string) => phone.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => phone.set(key, value),
    removeStorageSync: (key: string) => phone.delete(key),
  },
}))

describe('highlighting in a search result', () => {
  test('shows the whole text, whatever its marks are', () => {
    const marks = fc.array(fc.tuple(fc.double(), fc.double()))
    fc.assert(
      fc.property(fc.string(), marks, (text, list) => {
        expect(
          stretches(text, list)
            .map(stretch => stretch.text)
            .join(''),
        ).toBe(text)
      }),
    )
  })

  test('highlights the marked part and nothing else', () => {
    expect(stretches('背着月亮的那一面', [[2, 4]])).toEqual([
      { text: '背着', hit: false },
      { text: '月亮', hit: true },
      { text: '的那一面', hit: false },
    ])
  })

  test('highlights nothing twice, and nothing outside the text', () => {
    expect(
      stretches('月亮背着', [
        [0, 2],
        [1, 3],
        [2, 2],
        [3, 9],
      ]),
    ).toEqual([
      { text: '月亮', hit: true },
      { text: '背', hit: true },
      { text: '着', hit: true },
    ])
    expect(
      stretches('月亮背着', [
        [0, 3],
        [1, 2],
      ]),
    ).toEqual([
      { text: '月亮背', hit: true },
      { text: '着', hit: false },
    ])
    expect(stretches('月亮', [[-3, 1]])).toEqual([
      { text: '月', hit: true },
      { text: '亮', hit: false },
    ])
    expect(stretches('', [[0, 1]])).toEqual([])
  })

  test('highlights every mark, in whatever order they come', () => {
    const marks: [number, number][] = [
      [4, 6],
      [0, 2],
    ]
    expect(stretches('月亮背着月亮', marks).flatMap(({ text, hit }) => (hit ? text : []))).toEqual([
      '月亮',
      '月亮',
    ])
  })
})

describe('a query', () => {
  test('is never longer than the cloud accepts, and contains no half of a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), typed => {
        const query = queryOf(typed)
        expect(query.length).toBeLessThanOrEqual(queryLongest)
        // Half of a surrogate pair cannot be encoded in UTF-8.
        expect(() => encodeURIComponent(query)).not.toThrow()
      }),
    )
  })

  test('loses the spaces around it', () => {
    expect(queryOf('  黑洞   照片 ')).toBe('黑洞 照片')
    expect(queryOf('   ')).toBe('')
  })

  test('is remembered once, the latest first, and the oldest are dropped', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 2 })), list => {
        clearRecent()
        for (const query of list) noteRecent(query)
        expect(listRecent()).toEqual([...new Set([...list].reverse())].slice(0, 10))
      }),
    )
  })
})
