import fc from 'fast-check'
import { allWithoutUnseen, withoutUnseen } from '#shared/unseen-characters'

test.each<[string, string, string, number]>([
  ['a space of no width', '海\u200B洋', '海洋', 1],
  ['marks that turn text around', '\u202E海\u202C\u2066洋\u2069', '海洋', 4],
  ['a byte order mark inside', '海\uFEFF洋', '海洋', 1],
  ['one at the start, which is usual', '\uFEFF海洋', '海洋', 0],
  ['control characters', 'a\u0000b\u001Bc\u007Fd', 'abcd', 3],
  ['half of a surrogate pair', '海\uD83D洋', '海洋', 1],
  ['a code that is no character', '海\uFFFF洋\uFDD0', '海洋', 2],
  ['interlinear marks', '海\uFFF9洋\uFFFB', '海洋', 2],
  ['a Korean filler', '海\u3164洋', '海洋', 1],
  ['a soft hyphen', 'co\u00ADop', 'coop', 1],
  ['a joiner between letters', 'a\u200Db', 'ab', 1],
  ['a joiner that only follows an emoji', '👩\u200Da', '👩a', 1],
  ['a joiner that only precedes one', 'a\u200D🚀', 'a🚀', 1],
])('%s is removed and counted', (_what, written, text, removed) => {
  expect(withoutUnseen(written)).toEqual({ text, removed })
})

test.each(['海洋，「鲸」。', 'a\tb\nc', '👩‍🚀👨🏽‍🔬', '❤️‍🔥', '①ﾊﾝ１', 'Ünïcode – “x”', '𠮷野家'])(
  '%j stays as it is',
  text => {
    expect(withoutUnseen(text)).toEqual({ text, removed: 0 })
  },
)

test('every kind of line end becomes one', () => {
  expect(withoutUnseen('a\r\nb\rc\u2028d\u2029e\u0085f')).toEqual({ text: 'a\nb\nc\nd\ne\nf', removed: 0 })
})

test('what was cleaned once has nothing to remove', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), written => {
      const { text } = withoutUnseen(written)
      expect(withoutUnseen(text)).toEqual({ text, removed: 0 })
    }),
  )
})

test('every text in a row is cleaned, and a row without any is given as it is', () => {
  const at = new Date(0)
  const clean = { title: '题', tags: ['甲', { label: '乙' }], at, n: 7, none: null, deep: { a: ['x'] } }
  expect(allWithoutUnseen(clean)).toBe(clean)
  const row = {
    ...clean,
    title: '题\u200B',
    tags: ['甲', { label: '\u202E乙', kept: 1 }],
    deep: { a: ['x\u200B'] },
  }
  expect(allWithoutUnseen(row)).toEqual({ ...clean, tags: ['甲', { label: '乙', kept: 1 }] })
  expect(row.title).toBe('题\u200B')
  expect(allWithoutUnseen('\u200B')).toBe('')
})
