import fc from 'fast-check'
import { queryOf } from '#contract/search'
import { stretches } from '#features/search/highlight'
import { recentAtMost, withRecent } from '#features/search/recent-list'
import { queryLongest } from '../../../src/contract/search'

describe('what stands out in a search result', () => {
  test('a text is shown whole whatever its marks are', () => {
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

  test('the marked part stands out and the rest does not', () => {
    expect(stretches('背着月亮的那一面', [[2, 4]])).toEqual([
      { text: '背着', hit: false },
      { text: '月亮', hit: true },
      { text: '的那一面', hit: false },
    ])
  })
})

describe('what is asked for', () => {
  test('is never longer than the cloud takes, and holds no half of a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), typed => {
        const query = queryOf(typed)
        expect(query.length).toBeLessThanOrEqual(queryLongest)
        // Half of a pair cannot be written as UTF-8.
        expect(() => encodeURIComponent(query)).not.toThrow()
      }),
    )
  })

  test('loses the space around it', () => {
    expect(queryOf('  黑洞   照片 ')).toBe('黑洞 照片')
    expect(queryOf('   ')).toBe('')
  })

  test('is remembered once, the latest first, and the oldest leave', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 2 })), list => {
        const recent = list.reduce<string[]>((kept, query) => withRecent(kept, query), [])
        expect(recent).toEqual([...new Set([...list].reverse())].slice(0, recentAtMost))
      }),
    )
  })
})
