import type { PollState } from '#contract/poll'
import { answerAfterTap, applyAnswer, percentOf } from '../../../src/features/polls/apply-answer'

const poll: PollState = {
  id: 'p1',
  question: '?',
  options: [
    { key: 'a', label: 'A' },
    { key: 'b', label: 'B' },
  ],
  choices: 'one',
  opensAt: 0,
  closesAt: 1,
  closed: false,
  own: ['a'],
  canVote: true,
  wish: 0,
  result: { counts: { a: 3, b: 1 }, readers: 4 },
}

test('with one choice another option replaces it; the same one again takes the answer back', () => {
  expect(answerAfterTap(['a'], 'b', 'one')).toEqual(['b'])
  expect(answerAfterTap(['a'], 'a', 'one')).toEqual([])
  expect(answerAfterTap(['a'], 'b', 'several')).toEqual(['a', 'b'])
})

test('a changed answer moves a count but not the number of readers; taking it back changes both', () => {
  expect(applyAnswer(poll, ['b']).result).toEqual({ counts: { a: 2, b: 2 }, readers: 4 })
  expect(applyAnswer(poll, []).result).toEqual({ counts: { a: 2, b: 1 }, readers: 3 })
})

test('a count is never shown below zero, also where damage left it too low', () => {
  const damaged = { ...poll, result: { counts: { a: 0, b: 1 }, readers: 0 } }
  expect(applyAnswer(damaged, []).result).toEqual({ counts: { a: 0, b: 1 }, readers: 0 })
})

test('a result that is hidden until the reader answers stays hidden until the cloud sends it', () => {
  expect(applyAnswer({ ...poll, own: [], result: null }, ['a'])).toMatchObject({ own: ['a'], result: null })
})

test('an option that an editor has removed meanwhile is not chosen', () => {
  expect(applyAnswer(poll, ['b', 'gone']).own).toEqual(['b'])
})

test('bars stay within their width, also without readers or with inconsistent counts', () => {
  expect(percentOf(0, 0)).toBe(0)
  expect(percentOf(1, 3)).toBe(33)
  expect(percentOf(9, 3)).toBe(100)
})

test('the first answer counts from nothing, and each of several counts once', () => {
  const fresh = { ...poll, choices: 'several' as const, own: [], result: { counts: {}, readers: 0 } }
  expect(applyAnswer(fresh, ['a', 'b'])).toMatchObject({
    own: ['a', 'b'],
    result: { counts: { a: 1, b: 1 }, readers: 1 },
  })
  const two = { ...fresh, own: ['a', 'b'], result: { counts: { a: 5, b: 2 }, readers: 5 } }
  expect(applyAnswer(two, ['b']).result).toEqual({ counts: { a: 4, b: 2 }, readers: 5 })
  expect(answerAfterTap(['a', 'b'], 'a', 'several')).toEqual(['b'])
})
