import { type BallotCall, isLinearizable } from '../../../simulation/checks/ballot-history'

const lost = Number.POSITIVE_INFINITY

function vote(from: number, to: number, choice: string, wish: number, told: string | null): BallotCall {
  return { kind: 'vote', from, to, choice, wish, basedOn: undefined, told: toldOf(told) }
}

function read(from: number, to: number, told: string): BallotCall {
  return { kind: 'read', from, to, choice: '', wish: 0, basedOn: undefined, told: toldOf(told) }
}

/** `happy@3` is a ballot: a choice and its revision. */
function toldOf(text: string | null): BallotCall['told'] {
  if (text === null) return null
  const [choice = '', wish = ''] = text.split('@')
  return { choice, wish: Number(wish) }
}

test.each<[what: string, calls: BallotCall[]]>([
  ['no call', []],
  ['one after another', [vote(1, 2, 'happy', 5, 'happy@5'), read(3, 4, 'happy@5')]],
  ['a read beside a vote sees either state', [vote(1, 9, 'happy', 5, 'happy@5'), read(2, 3, '@0')]],
  ['a vote without a reply took effect', [vote(1, lost, 'happy', 5, null), read(8, 9, 'happy@5')]],
  ['a vote without a reply never took effect', [vote(1, lost, 'happy', 5, null), read(8, 9, '@0')]],
  [
    'an older vote that arrives late changes nothing',
    [vote(1, 9, 'sad', 4, 'happy@5'), vote(2, 3, 'happy', 5, 'happy@5')],
  ],
  [
    'a pending vote that is based on another choice changes nothing',
    [vote(1, 2, 'happy', 5, 'happy@5'), { ...vote(3, 4, 'sad', 9, 'happy@5'), basedOn: [0] }],
  ],
])('accepts %s', (_, calls) => {
  expect(isLinearizable(calls)).toBe(true)
})

test.each<[what: string, calls: BallotCall[]]>([
  ['an answered vote that a later read does not see', [vote(1, 2, 'happy', 5, 'happy@5'), read(3, 4, '@0')]],
  [
    'a newer choice that an older one undid',
    [vote(1, 2, 'happy', 5, 'happy@5'), vote(3, 4, 'sad', 4, 'sad@4')],
  ],
  [
    'two reads that see a choice come and go',
    [vote(1, lost, 'happy', 5, null), read(2, 3, 'happy@5'), read(4, 5, '@0')],
  ],
  ['a revision that nobody sent', [vote(1, 2, 'happy', 5, 'happy@7')]],
])('refuses %s', (_, calls) => {
  expect(isLinearizable(calls)).toBe(false)
})
