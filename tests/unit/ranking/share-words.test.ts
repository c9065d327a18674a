import fc from 'fast-check'
import { shareWords } from '#features/ranking/share-words'

test('a mood with at least one vote never shows 0%, and no share exceeds 100%', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.0001, max: 2, noNaN: true }), share => {
      const words = shareWords(share)
      expect(words).not.toMatch(/ 0%/)
      expect(Number(/\d+/.exec(words)?.[0])).toBeLessThanOrEqual(100)
    }),
  )
  expect(shareWords(0)).toBe('占本文投票的 0%')
  expect(shareWords(0.004)).toBe('占本文投票不到 1%')
  expect(shareWords(0.384)).toBe('占本文投票的 38%')
})
