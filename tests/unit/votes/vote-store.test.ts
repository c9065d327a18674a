import fc from 'fast-check'
import { type Choice, type Fate, Phone, ReaderCloud, settle, subject } from './reader-cloud'

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

  test('leaves nothing stored once the cloud has confirmed it', async () => {
    phone.tap('happy')
    phone.decide('answered')
    await settle()
    expect([phone.seen(), phone.rows, kinds()]).toEqual(['happy', [], ['accepted']])
  })

  test('five times in quick succession makes at most two requests, and the last tap wins', async () => {
    for (const choice of ['happy', 'sad', 'like', null, 'sad']) phone.tap(choice)
    for (let i = 0; i < 5; i++) {
      phone.decide('answered')
      await settle()
    }
    expect([cloud.ballot?.own, phone.sent.length]).toEqual(['sad', 2])
  })

  test('that undoes one not yet sent makes no request', async () => {
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

  test('that undoes one which may have arrived is sent', async () => {
    phone.tap('happy')
    phone.decide('reply lost')
    await settle()
    phone.tap(null)
    expect(phone.sent).toHaveLength(2)
    phone.decide('answered')
    await settle()
    expect(cloud.ballot?.own).toBeNull()
  })

  test('always has a revision above the last one, also if the phone’s clock was set back', async () => {
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
    expect(phone.votes.shown(subject, phone.page).waiting).toBe(false)
    await phone.later(1)
    expect(phone.votes.shown(subject, phone.page).waiting).toBe(true)
    phone.decide('answered')
    await settle()
    expect(phone.votes.shown(subject, phone.page).waiting).toBe(false)
  })
})

describe('a choice that could not be sent', () => {
  beforeEach(async () => {
    phone.tap('happy')
    phone.decide('lost')
    await settle()
  })

  test('stays, is shown as pending, and its reader is told once', async () => {
    expect(phone.votes.shown(subject, phone.page)).toMatchObject({ state: { own: 'happy' }, waiting: true })
    await phone.reconnect()
    phone.decide('lost')
    await settle()
    expect(kinds()).toEqual(['pending'])
  })

  test('is sent once when the network is back, whatever number of callers asks for it', async () => {
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

  test('is sent once after a restart, under its own revision', async () => {
    const [first] = phone.sent
    await phone.restart(false)
    expect(phone.open).toHaveLength(1)
    phone.decide('answered')
    await settle()
    expect(phone.sent.slice(1)).toEqual([{ wish: first?.wish, epoch: 0, basedOn: [0] }])
    expect([cloud.ballot?.own, phone.rows]).toEqual(['happy', []])
  })

  test('is not sent if it turns out to have arrived', async () => {
    cloud.vote('happy', phone.sent[0] as never)
    phone.reload()
    await phone.reconnect()
    expect([phone.sent.length, phone.rows, phone.seen()]).toEqual([1, [], 'happy'])
  })

  test('is given up after a week', async () => {
    await phone.later(8 * 86_400_000)
    await phone.reconnect()
    await phone.restart(false)
    expect([phone.sent.length, phone.seen()]).toEqual([1, null])
  })

  test('is dropped when the reader has all votes deleted, and so is a vote in flight', async () => {
    await phone.reconnect()
    phone.votes.clear()
    phone.votes.forget(cloud.deleteAll())
    phone.decide('answered')
    await settle()
    await phone.reconnect()
    expect([cloud.ballot, phone.rows, phone.seen(), phone.sent.length]).toEqual([null, [], null, 2])
  })
})

test('a busy cloud is asked again after the time it named, doubled at each retry, five times at most', async () => {
  phone.always = 'busy'
  phone.tap('happy')
  await settle()
  const counts: number[] = []
  for (const seconds of [3, 6, 12, 24, 48, 96, 9_999]) {
    await phone.later(seconds * 1000 - 1)
    counts.push(phone.sent.length)
    await phone.later(1)
  }
  expect(counts).toEqual([1, 2, 3, 4, 5, 6, 6])
  expect(kinds()).toEqual(['pending'])
})

test('too-many does not delay votes on other subjects; an unreachable cloud does', async () => {
  const at = cloud.now
  for (const failure of ['too-many', 'lost'] as const) {
    phone.rows = ['aaaa', 'bbbb'].map((other, n) => ({
      subject: other,
      wanted: 'happy',
      revision: n + 1,
      at,
    }))
    phone.sent = []
    phone.always = failure
    await phone.reconnect()
    expect(phone.sent).toHaveLength(failure === 'lost' ? 1 : 2)
    expect(phone.rows).toHaveLength(2)
  }
})

test('rows of older versions, without the revision they are based on, are still sent, oldest first', async () => {
  phone.rows = [
    { subject: 'aaaa', wanted: 'happy', revision: 7, at: cloud.now },
    { subject: 'bbbb', wanted: null, revision: 9, at: cloud.now },
  ]
  phone.always = 'answered'
  await phone.reconnect()
  expect(phone.sent).toEqual([
    { wish: 7, epoch: 0 },
    { wish: 9, epoch: 0 },
  ])
  expect(phone.rows).toEqual([])
})

test('at most thirty subjects are stored; the oldest are dropped', async () => {
  phone.always = 'lost'
  for (let n = 1; n <= 40; n++) {
    const state = { own: null, wish: 0, canVote: true }
    phone.votes.shown(`s${n}`, state)
    phone.votes.tap(`s${n}`, () => 'happy')
    await settle()
  }
  expect(phone.rows.map(row => row.subject)).toEqual(Array.from({ length: 30 }, (_, n) => `s${n + 11}`))
})

test('a refusal restores the confirmed state and says why', async () => {
  phone.tap('happy')
  phone.open.shift()?.reject({ code: 'conflict' })
  await settle()
  expect([phone.seen(), phone.rows]).toEqual([null, []])
  expect(phone.outcomes).toMatchObject([{ kind: 'refused', code: 'conflict' }])
})

test('a page that was read or cached before the last reply does not undo that reply', async () => {
  const before = cloud.read()
  phone.tap('happy')
  phone.decide('answered')
  await settle()
  expect(phone.votes.shown(subject, { ...before }).state.own).toBe('happy')
})

test('taps, losses before and after the commit, restarts and reconnects, in any order, end in the last choice', async () => {
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
        // Whatever happens, the reader sees the last choice.
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

describe('a choice that is given up', () => {
  test('because all votes are being deleted is not shown when its late reply arrives', async () => {
    phone.tap('happy')
    phone.votes.clear()
    phone.decide('answered')
    await settle()
    expect([phone.seen(), phone.rows]).toEqual([null, []])
  })

  test('after a week is neither shown nor sent at the next start', async () => {
    phone.always = 'lost'
    phone.tap('happy')
    await settle()
    cloud.now += 8 * 86_400_000
    phone.always = 'answered'
    await phone.restart(false)
    expect([phone.seen(), phone.sent.length, cloud.ballot]).toEqual([null, 1, null])
  })
})

describe('two phones of one reader, their clocks a day apart', () => {
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

  test('a tap wins at once over a choice of the other phone, also if the page was opened before that choice', async () => {
    fast.tap('happy')
    await settle()
    slow.tap('sad')
    await settle()
    expect([cloud.ballot?.own, slow.sent.length, slow.seen()]).toEqual(['sad', 2, 'sad'])
    expect(slow.sent[1]).toEqual({ wish: (fast.sent[0]?.wish ?? 0) + 1, epoch: 0 })
  })

  test('a pending choice does not undo one made elsewhere since, and its reader is told', async () => {
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

  test('after a deletion on one, a tap on the other counts at once; its pending votes are dropped', async () => {
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

  test('a page read before the last reply does not undo it; one read long after shows that the vote was deleted', async () => {
    slow.tap('happy')
    const early = cloud.read()
    await settle()
    slow.page = early
    expect(slow.seen()).toBe('happy')
    cloud.deleteAll()
    cloud.now += 31_000
    slow.reload()
    expect(slow.seen()).toBeNull()
    slow.tap('happy')
    await settle()
    expect(cloud.ballot?.own).toBe('happy')
  })

  test('a tap that meets an unknown deletion is sent once more under the new epoch', async () => {
    const epoch = cloud.deleteAll()
    slow.tap('like')
    await settle()
    expect(slow.sent.map(sent => sent.epoch)).toEqual([0, epoch])
    expect(cloud.ballot?.own).toBe('like')
  })

  test('these rules hold for any order of taps, pending votes, reconnects and deletions', async () => {
    const phoneNumber = fc.constantFrom(0, 1)
    const step = fc.record({
      who: phoneNumber,
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
        /** What each phone knows: the last revision and choice it saw, the epoch, and its pending vote. */
        const known = phones.map(() => ({
          revision: 0,
          own: null as Choice,
          epoch: 0,
          waits: undefined as { own: Choice; revision: number } | undefined,
        }))
        let expected: Choice = null
        for (const { who, act } of steps) {
          // Longer than a request takes: a page read in this step shows the cloud's current state.
          cloud.now += 40_000
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
            if (mine.epoch === cloud.deletedAt && waits.revision === (cloud.ballot?.revision ?? 0))
              expected = waits.own
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
            // The phone does not learn the epoch from reading a page.
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
              // The choice was already shown, so nothing is sent, except when an earlier request may still arrive.
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
