import fc from 'fast-check'
import { useVote } from '../../../src/votes/use-vote'
import { drawnAfter, runHook } from '../../support/run-hook'
import { type Choice, type Fate, Phone, ReaderCloud, type State, settle, subject } from './reader-cloud'

let cloud: ReaderCloud
let phone: Phone
beforeEach(() => {
  cloud = new ReaderCloud()
  phone = new Phone(cloud)
})

const choices: Choice[] = ['happy', 'sad', 'like', null]
const kinds = () => phone.outcomes.map(({ kind }) => kind)

describe('a tap', () => {
  test('is shown and stored before the cloud has answered', () => {
    phone.tap('happy')
    expect(phone.seen()).toBe('happy')
    expect(phone.rows).toMatchObject([{ subject, wanted: 'happy', basedOn: [0] }])
  })

  test('is no longer stored on the phone when the cloud has confirmed it', async () => {
    phone.tap('happy')
    phone.decide('answered')
    await settle()
    expect([phone.seen(), phone.rows, kinds()]).toEqual(['happy', [], ['accepted']])
  })

  test('makes at most two requests when repeated five times quickly, and the last one wins', async () => {
    for (const choice of ['happy', 'sad', 'like', null, 'sad']) phone.tap(choice)
    for (let i = 0; i < 5; i++) {
      phone.decide('answered')
      await settle()
    }
    expect([cloud.ballot?.own, phone.sent.length]).toEqual(['sad', 2])
  })

  test('makes no request if it restores the choice that the cloud has confirmed', async () => {
    phone.tap('happy')
    phone.decide('answered')
    await settle()
    phone.tap('sad')
    phone.tap('happy')
    phone.tap('sad')
    phone.decide('answered')
    await settle()
    expect(phone.sent).toHaveLength(2)
    phone.tap('sad')
    await settle()
    expect(phone.sent).toHaveLength(2)
  })

  test('is sent if it undoes a tap whose reply was lost', async () => {
    phone.tap('happy')
    phone.decide('reply lost')
    await settle()
    phone.tap(null)
    expect(phone.sent).toHaveLength(2)
    phone.decide('answered')
    await settle()
    expect(cloud.ballot?.own).toBeNull()
  })

  test('always has a higher revision than the last one, even after the phone’s clock was set back', async () => {
    const ahead = cloud.now + 9_000_000
    cloud.ballot = { revision: ahead, own: 'sad' }
    phone.reload()
    phone.tap('happy')
    phone.decide('answered')
    await settle()
    cloud.now = 5
    phone.tap('like')
    phone.decide('answered')
    await settle()
    expect(phone.sent.map(({ wish }) => wish)).toEqual([ahead + 1, ahead + 2])
  })

  test('is shown as pending only if the reply takes longer than 400 ms', async () => {
    phone.tap('happy')
    await phone.later(399)
    expect(phone.votes.shown(subject, phone.page).pending).toBe(false)
    await phone.later(1)
    expect(phone.votes.shown(subject, phone.page).pending).toBe(true)
    phone.decide('answered')
    await settle()
    expect(phone.votes.shown(subject, phone.page).pending).toBe(false)
    // The 400 ms of a tap that was answered say nothing about the next one.
    phone.tap('sad')
    phone.decide('answered')
    await settle()
    await phone.later(400)
    phone.tap('like')
    expect(phone.votes.shown(subject, phone.page).pending).toBe(false)
  })
})

describe('a choice that could not be sent', () => {
  beforeEach(async () => {
    phone.tap('happy')
    phone.decide('lost')
    await settle()
  })

  test('stays stored, is shown as pending, and reports `pending` only once', async () => {
    expect(phone.votes.shown(subject, phone.page)).toMatchObject({
      state: { own: 'happy' },
      pending: true,
    })
    await phone.reconnect()
    phone.decide('lost')
    await settle()
    expect(kinds()).toEqual(['pending'])
  })

  test('is sent only once when the network is back, even if several callers ask for it', async () => {
    void phone.votes.sendPending()
    phone.reload()
    void phone.votes.sendPending()
    phone.votes.resume(subject)
    await settle()
    phone.decide('answered')
    await settle()
    phone.reload()
    await phone.reconnect()
    expect([cloud.ballot?.own, phone.sent.length]).toEqual(['happy', 2])
  })

  test('is sent once after a restart, with its original revision', async () => {
    const [first] = phone.sent
    await phone.restart(false)
    expect(phone.open).toHaveLength(1)
    phone.decide('answered')
    await settle()
    expect(phone.sent.slice(1)).toEqual([{ wish: first?.wish, epoch: 0, basedOn: [0] }])
    expect([cloud.ballot?.own, phone.rows]).toEqual(['happy', []])
  })

  test('is not sent again if the page shows that the cloud has it', async () => {
    cloud.vote('happy', phone.sent[0] as never)
    phone.reload()
    await phone.reconnect()
    expect([phone.sent.length, phone.rows, phone.seen()]).toEqual([1, [], 'happy'])
  })

  test('is reported with its final state if it is accepted after its page was closed', async () => {
    const unseen: [string, State][] = []
    phone.votes.onUnseen((...report) => unseen.push(report))
    phone.leave()
    await phone.reconnect()
    phone.decide('answered')
    await settle()
    expect(unseen).toEqual([[subject, cloud.read()]])
  })

  test('is sent until it is a week old', async () => {
    await phone.later(7 * 86_400_000)
    phone.reload()
    await phone.reconnect()
    expect([phone.sent.length, phone.seen()]).toEqual([2, 'happy'])
  })

  test('is sent at a start of the app until it is a week old', async () => {
    // The start itself takes a second.
    await phone.later(7 * 86_400_000 - 1_000)
    await phone.restart(false)
    expect([phone.sent.length, phone.seen()]).toEqual([2, 'happy'])
  })

  test('is dropped after a week', async () => {
    await phone.later(7 * 86_400_000 + 1)
    phone.reload()
    await phone.reconnect()
    expect([phone.sent.length, phone.seen()]).toEqual([1, null])
    phone.tap('happy')
    phone.decide('lost')
    await settle()
    phone.sent = phone.sent.slice(0, 1)
    await phone.later(8 * 86_400_000)
    phone.reload()
    await phone.reconnect()
    await phone.restart(false)
    expect([phone.sent.length, phone.seen()]).toEqual([1, null])
  })

  test('is dropped when the reader deletes all votes, also if its request is in flight', async () => {
    await phone.reconnect()
    phone.votes.clear()
    phone.votes.forget(cloud.deleteAll())
    phone.decide('answered')
    await settle()
    await phone.reconnect()
    expect([cloud.ballot, phone.rows, phone.seen(), phone.sent.length]).toEqual([null, [], null, 2])
  })
})

test('when the cloud is busy, retries five times, first after `retryAfter`, then after doubled pauses', async () => {
  phone.always = 'busy'
  phone.tap('happy')
  await settle()
  const counts: number[] = []
  // A page of the subject that opens meanwhile does not hurry.
  phone.reload()
  for (const seconds of [3, 6, 12, 24, 48, 96, 9_999]) {
    await phone.later(seconds * 1000 - 1)
    counts.push(phone.sent.length)
    await phone.later(1)
  }
  expect(counts).toEqual([1, 2, 3, 4, 5, 6, 6])
  expect(kinds()).toEqual(['pending'])
})

test('waits as long as a busy cloud asks for, and longer each time it asks for less', async () => {
  phone.tap('happy')
  const counts: number[] = []
  for (const [retryAfter, seconds] of [
    [60, 90],
    [0, 6],
    [1, 12],
  ] as const) {
    phone.open.shift()?.reject({ code: 'unavailable', retryAfter })
    await settle()
    await phone.later(seconds * 1_000 - 1)
    counts.push(phone.sent.length)
    await phone.later(1)
  }
  expect([counts, phone.sent.length]).toEqual([[1, 2, 3], 4])
})

test('retries five times again for a tap made after all retries have failed', async () => {
  phone.always = 'busy'
  phone.tap('happy')
  await settle()
  for (const seconds of [3, 6, 12, 24, 48]) await phone.later(seconds * 1000)
  expect(phone.sent).toHaveLength(6)
  phone.tap('sad')
  await settle()
  phone.always = 'answered'
  await phone.later(3_000)
  expect([cloud.ballot?.own, phone.rows]).toEqual(['sad', []])
})

test('when the cloud is no longer busy, sends the pending choices on other subjects too', async () => {
  phone.rows = ['aaaa', 'bbbb'].map((other, n) => ({
    subject: other,
    wanted: 'happy',
    revision: n + 1,
    at: cloud.now,
    basedOn: [0],
  }))
  phone.always = 'busy'
  await phone.reconnect()
  phone.always = 'answered'
  await phone.later(3_000)
  expect(phone.rows).toEqual([])
})

test('sends a pending choice again at once if the network came back while its request was in flight', async () => {
  phone.tap('happy')
  await phone.reconnect()
  await phone.reconnect()
  phone.decide('lost')
  await settle()
  expect(phone.open).toHaveLength(1)
  phone.decide('lost')
  await settle()
  expect([phone.open, phone.sent.length]).toEqual([[], 2])
})

test('has one request in flight, even if a page opens just when a reply arrives', async () => {
  for (let gap = 0; gap < 12; gap++) {
    phone.tap('happy')
    phone.tap('sad')
    phone.decide('answered')
    for (let i = 0; i < gap; i++) await Promise.resolve()
    phone.votes.resume(subject)
    await settle()
    phone.decide('answered')
    await settle()
    expect([cloud.ballot?.own, phone.rows]).toEqual(['sad', []])
  }
})

test('repeating a lost request many times does not push other revisions out of `basedOn`', async () => {
  phone.tap('like')
  phone.decide('lost')
  await settle()
  // This request arrives, but the phone does not learn of it.
  phone.tap('happy')
  phone.decide('reply lost')
  await settle()
  phone.always = 'lost'
  phone.tap('sad')
  await settle()
  for (let i = 0; i < 9; i++) await phone.reconnect()
  phone.tap('like')
  await settle()
  phone.always = 'answered'
  await phone.reconnect()
  expect([cloud.ballot?.own, kinds()]).toEqual(['like', expect.not.arrayContaining(['superseded'])])
})

test('after many lost taps, keeps the first revision and the last ones in `basedOn`', async () => {
  phone.tap('happy')
  phone.decide('reply lost')
  await settle()
  phone.always = 'lost'
  for (let i = 0; i < 12; i++) {
    phone.tap(i % 2 ? 'sad' : 'like')
    await settle()
  }
  phone.always = 'answered'
  await phone.reconnect()
  expect(phone.sent.at(-1)?.basedOn).toHaveLength(8)
  expect(cloud.ballot?.own).toBe('sad')
})

test('after too-many, votes on other subjects are still sent; without a network, they wait', async () => {
  const at = cloud.now
  for (const failure of ['too-many', 'lost'] as const) {
    phone.rows = ['aaaa', 'bbbb'].map((other, n) => ({
      subject: other,
      wanted: 'happy',
      revision: n + 1,
      at,
      basedOn: [0],
    }))
    phone.sent = []
    phone.always = failure
    await phone.reconnect()
    expect(phone.sent).toHaveLength(failure === 'lost' ? 1 : 2)
    expect(phone.rows).toHaveLength(2)
  }
})

test('a choice made after a restart replaces one whose reply was lost before it', async () => {
  phone.tap('happy')
  phone.decide('reply lost')
  await settle()
  await phone.restart(false, false)
  phone.always = 'lost'
  phone.tap('sad')
  await settle()
  phone.always = 'answered'
  await phone.reconnect()
  expect([cloud.ballot?.own, kinds().at(-1)]).toEqual(['sad', 'accepted'])
})

test('pending choices stored before a restart are sent, oldest first', async () => {
  phone.rows = [
    { subject: 'aaaa', wanted: 'happy', revision: 7, at: cloud.now, basedOn: [0] },
    { subject: 'bbbb', wanted: null, revision: 9, at: cloud.now, basedOn: [5] },
  ]
  phone.always = 'answered'
  await phone.reconnect()
  expect(phone.sent).toEqual([
    { wish: 7, epoch: 0, basedOn: [0] },
    { wish: 9, epoch: 0, basedOn: [5] },
  ])
  expect(phone.rows).toEqual([])
})

test('stores choices for at most thirty subjects and drops the oldest', async () => {
  phone.always = 'lost'
  for (let n = 1; n <= 40; n++) {
    const state = { own: null, wish: 0, canVote: true }
    phone.votes.shown(`s${n}`, state)
    phone.votes.tap(`s${n}`, () => 'happy')
    await settle()
  }
  expect(phone.rows.map(row => row.subject)).toEqual(Array.from({ length: 30 }, (_, n) => `s${n + 11}`))
})

test('a page still follows its subject after fifty others were opened and left', async () => {
  const redraw = jest.fn()
  phone.votes.subscribe(subject, redraw)
  for (let n = 0; n < 50; n++) phone.votes.shown(`story-${n}`, { ...phone.page })
  phone.tap('happy')
  expect(redraw).toHaveBeenCalled()
})

test('a choice that waits for a busy cloud is not sent sooner after fifty others were opened and its page again', async () => {
  phone.always = 'busy'
  phone.tap('happy')
  await settle()
  phone.leave()
  for (let n = 0; n < 50; n++) phone.votes.shown(`story-${n}`, { ...phone.page })
  phone.reload()
  await settle()
  expect([phone.sent.length, phone.seen()]).toEqual([1, 'happy'])
})

test('a refused vote restores the confirmed state and reports the error code', async () => {
  phone.tap('happy')
  phone.open.shift()?.reject({ code: 'conflict' })
  await settle()
  expect([phone.seen(), phone.rows]).toEqual([null, []])
  expect(phone.outcomes).toMatchObject([{ kind: 'refused', code: 'conflict' }])
})

test.each(['invalid', 'unauthenticated', 'forbidden', 'not-found', 'conflict'])(
  'after `%s` the cloud holds what it held: a tap that restores it makes no request',
  async code => {
    phone.tap('happy')
    phone.open.shift()?.reject({ code })
    await settle()
    phone.tap(null)
    await settle()
    expect([phone.sent.length, phone.rows, kinds()]).toEqual([1, [], ['refused']])
  },
)

test('after `internal` the cloud may hold the choice: a tap that restores the last one is sent', async () => {
  phone.tap('happy')
  phone.open.shift()?.reject({ code: 'internal' })
  await settle()
  expect([phone.seen(), kinds()]).toEqual([null, ['refused']])
  phone.tap(null)
  expect(phone.sent).toHaveLength(2)
})

test.each([
  ['a newer deletion', (n: number) => ({ epoch: n, sinceDeletion: 9_000_000 })],
  ['a newer choice', (n: number) => ({ own: 'sad', wish: Date.UTC(2027, 1, 1) + n })],
])('a tap that meets %s each time is sent again once, then given up', async (_, met) => {
  let requests = 0
  const answer = cloud.vote.bind(cloud)
  cloud.vote = (...given) => (++requests < 5 ? { ...cloud.read(), ...met(requests) } : answer(...given))
  phone.always = 'answered'
  phone.tap('happy')
  await settle()
  expect([requests, kinds(), phone.rows]).toEqual([2, ['superseded'], []])
  expect(phone.votes.shown(subject, phone.page).pending).toBe(false)
})

test('a phone that was years ahead when its vote was stored can vote again once the cloud has refused it', async () => {
  const ahead = cloud.now + 3 * 365 * 86_400_000
  phone.rows = [{ subject, wanted: 'sad', revision: ahead, at: cloud.now, basedOn: [0] }]
  await phone.restart(false)
  phone.open.shift()?.reject({ code: 'invalid' })
  await settle()
  phone.tap('happy')
  expect(phone.sent.at(-1)?.wish).toBe(cloud.now)
  phone.decide('answered')
  await settle()
  expect([phone.seen(), cloud.ballot?.own]).toEqual(['happy', 'happy'])
})

test('ignores the state of a page that was read or cached before the last reply to a vote', async () => {
  const before = cloud.read()
  phone.tap('happy')
  phone.decide('answered')
  await settle()
  expect(phone.votes.shown(subject, { ...before }).state.own).toBe('happy')
})

test('any order of taps, lost requests, lost replies, restarts and reconnects ends in the last choice', async () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...choices).map(choice => ({ choice })) },
    {
      weight: 4,
      arbitrary: fc
        .constantFrom<Fate>('answered', 'lost', 'reply lost', 'busy', 'too-many')
        .map(fate => ({ fate })),
    },
    fc.boolean().map(arrives => ({ arrives })),
    fc.constantFrom(1, 400, 5_000, 60_000).map(ms => ({ ms })),
    fc.constantFrom('reconnect' as const, 'reload' as const).map(act => ({ act })),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 16 }), async steps => {
      cloud = new ReaderCloud()
      phone = new Phone(cloud)
      phone.seen()
      let last: Choice = null
      for (const next of steps) {
        if ('choice' in next) {
          last = next.choice
          phone.tap(last)
        } else if ('fate' in next) phone.decide(next.fate)
        else if ('arrives' in next) await phone.restart(next.arrives)
        else if ('ms' in next) await phone.later(next.ms)
        else if (next.act === 'reload') phone.reload()
        else await phone.reconnect()
        await settle()
        // In every state, the reader sees the last choice.
        expect(phone.seen()).toBe(last)
      }
      for (let i = 0; i < 4; i++) {
        await phone.reconnect()
        phone.decide('answered')
        await settle()
      }
      expect([cloud.ballot?.own ?? null, phone.seen(), phone.rows, phone.open]).toEqual([last, last, [], []])
      expect(kinds()).not.toContain('superseded')
    }),
    { numRuns: 1_500 },
  )
}, 60_000)

test('after `internal`, a page that has not read the choice yet does not prove that the cloud will not hold it', async () => {
  phone.tap('happy')
  phone.open.shift()?.reject({ code: 'internal' })
  await settle()
  // Read before the request arrives.
  phone.reload()
  phone.tap(null)
  expect(phone.sent).toHaveLength(2)
})

test('a busy cloud is not asked at once because the network came back meanwhile', async () => {
  phone.tap('happy')
  await phone.reconnect()
  phone.decide('busy')
  await settle()
  expect(phone.sent).toHaveLength(1)
  await phone.later(3_000)
  expect(phone.sent).toHaveLength(2)
})

test('an accepted choice is told to its open page alone', async () => {
  const unseen = jest.fn()
  phone.votes.onUnseen(unseen)
  phone.tap('happy')
  phone.decide('answered')
  await settle()
  expect([kinds(), unseen.mock.calls]).toEqual([['accepted'], []])
})

test('a page that reads again what the cloud has answered takes everything else from it', async () => {
  phone.tap('happy')
  phone.decide('answered')
  await settle()
  phone.page = { ...cloud.read(), canVote: false }
  expect(phone.votes.shown(subject, phone.page).state).toEqual(phone.page)
})

test('a waiting choice is not shown where its reader may not vote', async () => {
  phone.tap('happy')
  phone.decide('lost')
  await settle()
  phone.page = { ...cloud.read(), canVote: false }
  expect(phone.votes.shown(subject, phone.page)).toEqual({ state: phone.page, pending: false })
})

test('after a refused revision, the next is still higher than the one that the cloud holds', async () => {
  const ahead = cloud.now + 9_000_000
  cloud.ballot = { revision: ahead, own: 'sad' }
  phone.reload()
  phone.tap('happy')
  phone.open.shift()?.reject({ code: 'invalid' })
  await settle()
  phone.tap('happy')
  expect(phone.sent.map(({ wish }) => wish)).toEqual([ahead + 1, ahead + 1])
})

describe('a dropped choice', () => {
  test('says nothing when its request fails after the reader has deleted all votes', async () => {
    phone.tap('happy')
    phone.votes.clear()
    phone.open.shift()?.reject({ code: 'conflict' })
    await settle()
    expect([phone.outcomes, phone.rows, phone.seen()]).toEqual([[], [], null])
  })

  test('is not shown when its reply arrives after the reader has deleted all votes', async () => {
    phone.tap('happy')
    phone.votes.clear()
    phone.decide('answered')
    await settle()
    expect([phone.seen(), phone.rows]).toEqual([null, []])
  })

  test('is neither shown nor sent at a start of the app after more than a week', async () => {
    phone.always = 'lost'
    phone.tap('happy')
    await settle()
    cloud.now += 8 * 86_400_000
    phone.always = 'answered'
    await phone.restart(false)
    expect([phone.seen(), phone.sent.length, cloud.ballot]).toEqual([null, 1, null])
  })
})

describe('two phones of one reader', () => {
  const day = 86_400_000
  let [fast, slow]: [Phone, Phone] = [] as never
  const start = (...skews: [number, number]) => {
    cloud = new ReaderCloud()
    fast = new Phone(cloud, skews[0])
    slow = new Phone(cloud, skews[1])
    for (const each of [fast, slow]) {
      each.always = 'answered'
      each.seen()
    }
  }
  beforeEach(() => start(day, -day))

  test.each([
    ['clocks two days apart', [day, -day] satisfies [number, number]],
    ['the same clock', [0, 0] satisfies [number, number]],
  ])(
    'with %s, a tap replaces the other phone’s choice, although the page was opened before it',
    async (_, skews) => {
      start(...skews)
      fast.tap('happy')
      await settle()
      slow.tap('sad')
      await settle()
      expect([cloud.ballot?.own, slow.sent.length, slow.seen()]).toEqual(['sad', 2, 'sad'])
      expect(slow.sent[1]).toEqual({ wish: (fast.sent[0]?.wish ?? 0) + 1, epoch: 0 })
    },
  )

  test.each([
    ['the phone was killed', (phone: Phone) => phone.restart(false)],
    [
      'the request was lost',
      async (phone: Phone) => {
        phone.decide('lost')
        await settle()
        await phone.reconnect()
      },
    ],
  ])('a tap that met a newer choice is still sent above it after %s', async (_, interrupt) => {
    fast.tap('happy')
    await settle()
    slow.always = undefined
    slow.tap('sad')
    slow.decide('answered')
    await settle()
    expect(slow.open).toHaveLength(1)
    await interrupt(slow)
    slow.decide('answered')
    await settle()
    expect([cloud.ballot?.own, slow.seen()]).toEqual(['sad', 'sad'])
  })

  test('a second tap is based on the choice that the first one met, although its own request is lost', async () => {
    fast.tap('happy')
    await settle()
    slow.always = undefined
    slow.tap('sad')
    slow.tap('like')
    slow.decide('answered')
    await settle()
    slow.decide('lost')
    await settle()
    await slow.reconnect()
    slow.decide('answered')
    await settle()
    expect([cloud.ballot?.own, slow.seen()]).toEqual(['like', 'like'])
  })

  test('a pending choice does not replace a later choice of the other phone, and reports `superseded`', async () => {
    fast.always = 'lost'
    fast.tap('happy')
    await settle()
    slow.tap('sad')
    await settle()
    fast.always = 'answered'
    await fast.reconnect()
    expect([cloud.ballot?.own, fast.seen(), fast.rows]).toEqual(['sad', 'sad', []])
    expect(fast.outcomes.map(({ kind }) => kind)).toEqual(['pending', 'superseded'])
  })

  test('a page that has read a later choice of the other phone shows it, and a tap changes that one', async () => {
    start(-day, day)
    fast.always = 'lost'
    fast.tap('happy')
    await settle()
    slow.tap('sad')
    await settle()
    fast.reload()
    await settle()
    expect(fast.votes.shown(subject, fast.page)).toMatchObject({ state: { own: 'sad' }, pending: false })
    const before = jest.fn(() => 'like')
    fast.votes.tap(subject, before)
    expect(before.mock.calls).toEqual([['sad']])
  })

  test('after one phone deletes all votes, the other’s pending votes are dropped and its next tap counts', async () => {
    fast.tap('happy')
    await settle()
    slow.reload()
    slow.always = 'lost'
    slow.tap('sad')
    await settle()
    fast.votes.clear()
    fast.votes.forget(cloud.deleteAll())
    slow.always = 'answered'
    await slow.reconnect()
    expect([cloud.ballot, slow.seen(), slow.outcomes.at(-1)]).toEqual([null, null, { kind: 'superseded' }])
    slow.tap('like')
    await settle()
    expect(cloud.ballot?.own).toBe('like')
    fast.reload()
    fast.tap('pass')
    await settle()
    expect([cloud.ballot?.own, fast.sent.length]).toEqual(['pass', 2])
  })

  test.each([11 * 60_000, 6 * day])(
    'a pending first vote does not undo a deletion, sent %d ms after it',
    async later => {
      slow.always = 'lost'
      slow.tap('happy')
      await settle()
      fast.votes.clear()
      fast.votes.forget(cloud.deleteAll())
      cloud.now += later
      slow.always = 'answered'
      await slow.reconnect()
      expect([cloud.ballot, slow.seen(), slow.outcomes.at(-1)]).toEqual([null, null, { kind: 'superseded' }])
      // The phone that deleted the votes knows the epoch, also after a restart.
      await fast.restart(true)
      fast.seen()
      fast.always = 'lost'
      fast.tap('sad')
      await settle()
      fast.always = 'answered'
      await fast.reconnect()
      expect(cloud.ballot?.own).toBe('sad')
    },
  )

  test('after `too-many`, a tap on the choice that the page had read is sent, and corrects the page', async () => {
    fast.tap('happy')
    await settle()
    slow.reload()
    slow.tap('sad')
    await settle()
    fast.always = 'too-many'
    fast.tap('like')
    await settle()
    fast.always = 'answered'
    fast.tap('happy')
    await settle()
    expect([cloud.ballot?.own, fast.seen()]).toEqual(['happy', 'happy'])
  })

  test.each([
    ['31 s later', (phone: Phone) => (phone.cloud.now += 31_000)],
    ['after the clock was set back', (phone: Phone) => (phone.skew -= day)],
  ])(
    'ignores a page read before the last reply; one read %s shows that the vote was deleted',
    async (_, turn) => {
      slow.tap('happy')
      const early = cloud.read()
      await settle()
      slow.page = early
      expect(slow.seen()).toBe('happy')
      cloud.deleteAll()
      turn(slow)
      slow.reload()
      expect(slow.seen()).toBeNull()
      slow.tap('happy')
      await settle()
      expect(cloud.ballot?.own).toBe('happy')
    },
  )

  test('a tap is sent again with the new epoch if the phone did not know of a deletion', async () => {
    const epoch = cloud.deleteAll()
    slow.tap('like')
    await settle()
    expect(slow.sent.map(sent => sent.epoch)).toEqual([0, epoch])
    expect(cloud.ballot?.own).toBe('like')
  })

  test('a tap that the cloud accepted after a deletion is still shown when the phone notes that deletion', async () => {
    slow.tap('happy')
    await settle()
    slow.votes.clear()
    const epoch = cloud.deleteAll()
    slow.tap('like')
    await settle()
    slow.votes.forget(epoch)
    expect([cloud.ballot?.own, slow.seen()]).toEqual(['like', 'like'])
  })

  test('after a deletion, a page shows what the reader has chosen elsewhere since, whatever its revision', async () => {
    slow.tap('happy')
    await settle()
    slow.votes.clear()
    slow.votes.forget(cloud.deleteAll())
    // The other phone's clock is far behind.
    cloud.ballot = { revision: 5, own: 'sad' }
    slow.reload()
    expect(slow.seen()).toBe('sad')
  })

  test('a tap whose request was in flight during a deletion is not sent again', async () => {
    slow.always = undefined
    slow.tap('like')
    cloud.now += 500
    fast.votes.forget(cloud.deleteAll())
    cloud.now += 500
    slow.decide('answered')
    await settle()
    expect([cloud.ballot, slow.seen(), slow.open]).toEqual([null, null, []])
    expect(slow.outcomes).toEqual([{ kind: 'superseded' }])
    slow.always = 'answered'
    slow.tap('sad')
    await settle()
    expect(cloud.ballot?.own).toBe('sad')
  })

  test('a late reply about an earlier deletion does not make the phone forget the last one', async () => {
    slow.always = undefined
    cloud.deleteAll()
    slow.tap('like')
    slow.decide('answered')
    cloud.now += 1_000
    const last = cloud.deleteAll()
    slow.votes.forget(last)
    await settle()
    slow.always = 'answered'
    slow.tap('sad')
    await settle()
    expect(slow.sent.map(({ epoch }) => epoch)).toEqual([0, last])
  })

  test('any order of taps, pending votes, reconnects and deletions follows these rules', async () => {
    const phoneNumber = fc.constantFrom(0, 1)
    const step = fc.record({
      who: phoneNumber,
      // More than `readWithin`, so the store accepts the state of a page that is read in this step.
      later: fc.constantFrom(40_000, 40_000, 11 * 60_000),
      act: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...choices) },
        {
          weight: 5,
          arbitrary: fc.constantFrom(
            'offline' as const,
            'reconnect' as const,
            'reload' as const,
            'delete' as const,
          ),
        },
      ),
    })
    const skew = fc.integer({ min: -day, max: day })
    await fc.assert(
      fc.asyncProperty(fc.tuple(skew, skew), fc.array(step, { maxLength: 14 }), async (skews, steps) => {
        start(...skews)
        const phones = [fast, slow]
        /** A model of each phone: the last revision, choice and epoch that it received, and its pending vote. */
        const known = phones.map(() => ({
          revision: 0,
          own: null as Choice,
          epoch: 0,
          waits: undefined as { own: Choice; revision: number } | undefined,
        }))
        let expected: Choice = null
        for (const { who, act, later } of steps) {
          cloud.now += later
          const [me, mine] = [phones[who], known[who]] as [Phone, (typeof known)[0]]
          const online = me.always === 'answered'
          const learn = () =>
            Object.assign(mine, {
              revision: cloud.ballot?.revision ?? 0,
              own: cloud.ballot?.own ?? null,
              epoch: cloud.deletedAt,
            })
          const send = () => {
            const { waits } = mine
            if (!waits) return
            mine.waits = undefined
            const knows =
              mine.epoch === cloud.deletedAt || (cloud.ballot && cloud.now - cloud.deletedAt >= 600_000)
            if (knows && waits.revision === (cloud.ballot?.revision ?? 0)) expected = waits.own
          }
          const before = { ballot: cloud.ballot, revision: cloud.ballot?.revision ?? 0 }
          if (act === 'offline') me.always = 'lost'
          else if (act === 'reconnect') {
            me.always = 'answered'
            const sends = mine.waits !== undefined
            send()
            await me.reconnect()
            if (sends) learn()
          } else if (act === 'reload') {
            if (!online) continue
            const sends = mine.waits !== undefined
            send()
            me.reload()
            await settle()
            const { epoch } = mine
            learn()
            // A page's state contains no epoch, so reading a page does not change the phone's epoch.
            if (!sends) mine.epoch = epoch
          } else if (act === 'delete') {
            if (!online) continue
            me.votes.clear()
            me.votes.forget(cloud.deleteAll())
            await settle()
            expected = null
            mine.waits = undefined
            learn()
          } else {
            const nothingToSend = act === mine.own && !mine.waits
            me.tap(act)
            await settle()
            if (nothingToSend) {
              // The phone sends nothing, because the choice is already shown. Except when an earlier request got no
              // reply.
              if (cloud.ballot?.own === act) expected = act
            } else if (online) {
              expected = act
              mine.waits = undefined
              learn()
            } else mine.waits = { own: act, revision: mine.revision }
          }
          expect([act, before, cloud.ballot?.own ?? null]).toEqual([act, before, expected])
        }
      }),
      { numRuns: 1_500 },
    )
  }, 60_000)
})

describe('a page with a vote', () => {
  const other = 'subject-2'
  const pending = { subject: other, wanted: 'like' as const, revision: 3, at: 0, basedOn: [0] }

  test('shows the choice, hears by its present listener how it ended, and hears nothing once it is left', async () => {
    const heard: string[] = []
    let turn = 1
    const page = runHook(() =>
      useVote(phone.votes, subject, phone.page, ({ kind }) => void heard.push(`${turn}: ${kind}`)),
    )
    turn = 2
    page.draw(() => useVote(phone.votes, subject, phone.page, ({ kind }) => void heard.push(`2: ${kind}`)))
    page.act(({ tap }) => tap(() => 'happy'))
    expect(page.now()).toMatchObject({ state: { own: 'happy' }, pending: false })
    await drawnAfter(() => phone.decide('lost'))
    expect(page.now()).toMatchObject({ state: { own: 'happy' }, pending: true })
    await drawnAfter(() => phone.reconnect())
    await drawnAfter(() => phone.decide('answered'))
    expect(page.now()).toMatchObject({ state: { own: 'happy' }, pending: false })
    expect(heard).toEqual(['2: pending', '2: accepted'])
    page.act(({ tap }) => tap(() => 'sad'))
    page.leave()
    phone.decide('lost')
    await settle()
    expect(heard).toHaveLength(2)
  })

  test('sends what waits for its subject once that is known and read, of another subject too', async () => {
    phone.rows = [{ ...pending, at: phone.cloud.now }]
    let [shown, read]: [string | undefined, State | undefined] = [undefined, phone.page]
    const page = runHook(() => useVote(phone.votes, shown, read, () => undefined))
    page.act(({ tap }) => tap(() => 'happy'))
    expect([page.now().state, page.now().pending, phone.sent]).toEqual([undefined, false, []])
    ;[shown, read] = [subject, undefined]
    page.draw()
    expect([page.now().state, phone.sent]).toEqual([undefined, []])
    ;[shown, read] = [other, { own: null, wish: 0, canVote: true }]
    page.draw()
    expect(page.now().state?.own).toBe('like')
    expect(phone.sent).toMatchObject([{ wish: 3 }])
    page.leave()
  })
})
