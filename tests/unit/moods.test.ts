import fc from 'fast-check'
import { type MoodState, moodKeys } from '#contract/mood'
import { applyMood } from '#features/moods/apply-mood'

const choice = fc.option(fc.constantFrom(...moodKeys), { nil: null })

/** A state that the cloud could have sent: the reader's own vote, if any, is in the counts. */
const states: fc.Arbitrary<MoodState> = fc
  .record({ base: fc.tuple(...moodKeys.map(() => fc.nat(50_000))), own: choice })
  .map(({ base, own }) => ({
    counts: Object.fromEntries(
      moodKeys.map((mood, index) => [mood, (base[index] ?? 0) + (own === mood ? 1 : 0)]),
    ),
    own,
    canVote: true,
    wish: 0,
  }))

const others = (state: MoodState): Record<string, number> =>
  Object.fromEntries(
    Object.entries(state.counts).map(([mood, count]) => [mood, count - (state.own === mood ? 1 : 0)]),
  )

describe('a tap on a mood, before the cloud has answered', () => {
  test('moves only the reader’s own vote, whatever was tapped before', () => {
    fc.assert(
      fc.property(states, fc.array(choice, { maxLength: 8 }), (opened, taps) => {
        const shown = taps.reduce(applyMood, opened)
        expect(others(shown)).toEqual(others(opened))
        expect(shown.own).toBe(taps.length > 0 ? taps.at(-1) : opened.own)
      }),
    )
  })

  test('does not change the given state, so that the tap can be undone', () => {
    const opened = { counts: { happy: 3 }, own: 'happy', canVote: true, wish: 5 }
    const before = structuredClone(opened)
    applyMood(opened, 'sad')
    expect(JSON.stringify(opened)).toBe(JSON.stringify(before))
  })

  test('never shows a negative count, and counts a mood that this version does not know', () => {
    const odd = { counts: { happy: 0 }, own: 'happy', canVote: true, wish: 5 }
    expect(applyMood(odd, null)).toEqual({ ...odd, counts: { happy: 0 }, own: null })
    expect(applyMood(odd, 'newer').counts).toEqual({ happy: 0, newer: 1 })
    expect(applyMood(odd, 'happy')).toEqual(odd)
  })
})
