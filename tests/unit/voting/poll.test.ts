import type { Poll } from '#shared/stores/polls'
import { choosePoll, pollStateOf } from '#shared/voting/poll'

const opensAt = 1_000
const closesAt = 2_000

const poll = (id: string, changes: Partial<Poll> = {}): Poll => ({
  ...{ id, question: '用哪种锅？', choices: 'one', opensAt, closesAt },
  options: ['iron', 'clay'].map(key => ({ key, label: key })),
  ...changes,
})

const votes = { counts: { iron: 3, clay: 1, _: 4 }, ballot: null, form: null }

test('a poll takes answers from its first moment until just before its last', () => {
  const seenAt = (now: number) => {
    const { canVote, closed, result } = pollStateOf(poll('p'), votes, true, now)
    return { canVote, closed, isCounted: result !== null }
  }
  expect(seenAt(opensAt - 1)).toEqual({ canVote: false, closed: false, isCounted: false })
  expect(seenAt(opensAt)).toEqual({ canVote: true, closed: false, isCounted: false })
  expect(seenAt(closesAt - 1)).toEqual({ canVote: true, closed: false, isCounted: false })
  expect(seenAt(closesAt)).toEqual({ canVote: false, closed: true, isCounted: true })
})

test('of several polls at one place shows the last one that has opened, from its first moment', () => {
  const now = 1_500
  const shown = (...polls: Poll[]) => choosePoll(polls, now)?.id
  const past = poll('past', { opensAt: 10, closesAt: 20 })
  const older = poll('older', { opensAt: 1, closesAt: 9 })
  const next = poll('next', { opensAt: now + 1 })
  const later = poll('later', { opensAt: now + 2 })
  expect(shown(later, next)).toBe('next')
  expect(shown(older, next, past)).toBe('past')
  expect(shown(past, next, poll('now', { opensAt: now }))).toBe('now')
  expect(shown(poll('b'), poll('a'))).toBe('a')
  expect(shown()).toBeUndefined()
})
