import { setMood } from '#contract/mood'
import { dayOf } from '#shared/beijing-time'
import { got, putRows, rowsOf, startAppCloud, storyRow } from '../../support/app-cloud'
import type { CloudProcess } from '../../support/local-cloud'
import { mayChange, type OutsideInstance, startOutsideInstance } from '../../support/outside-instance'

const minute = 60_000

let cloud: CloudProcess
let clock: OutsideInstance

beforeAll(async () => {
  cloud = await startAppCloud({ args: ['--no-timers', '--instances', '2'] })
  clock = await startOutsideInstance(cloud)
}, 60_000)

afterAll(async () => {
  clock?.close()
  await cloud?.stop()
})

beforeEach(() => clock.letPass())

const tick: OutsideInstance['tick'] = (offset, fresh) => clock.tick(offset, fresh)

const date = (time: number) => ({ $date: new Date(time).toISOString() })
const subjectOf = (id: string) => `mood:${id}`

/** Votes cast some time ago, and the shards that count them, plus an error in the counts. */
function votesOn(
  id: string,
  moods: readonly string[],
  castAt: number,
  wrong: Record<string, number> = {},
): object[] {
  const subject = subjectOf(id)
  const all: Record<string, number> = { ...wrong }
  for (const mood of moods) all[mood] = (all[mood] ?? 0) + 1
  const day = dayOf(castAt)
  return [
    ...moods.map((mood, n) => ({
      _id: `${id}-${n}`,
      kind: 'ballot',
      subject,
      reader: `r${n}`,
      options: [mood],
      revision: 1,
      firstAt: date(castAt),
      castAt: date(castAt),
      changes: 1,
      changesDay: 1,
    })),
    {
      _id: `${subject}:0`,
      kind: 'shard',
      subject,
      all,
      hour: { [Math.floor(castAt / (60 * minute))]: all, 400000: { happy: 7 } },
      day: { [day]: all },
      rev: moods.length,
      changedAt: date(castAt),
    },
  ]
}

async function start(): Promise<void> {
  await cloud.control('reset')
  const castAt = Date.now() - 20 * minute
  await putRows(
    cloud,
    'articles',
    ['clockone01', 'clocktwo01', 'clockthree'].map((id, n) => storyRow(id, n)),
  )
  await putRows(cloud, 'votes', [
    ...votesOn('clockone01', ['happy', 'happy', 'happy', 'sad'], castAt),
    ...votesOn('clocktwo01', ['happy', 'happy', 'happy', 'happy'], castAt, { happy: 5 }),
    ...votesOn('clockthree', ['sad', 'sad', 'sad'], castAt, { sad: -2 }),
  ])
}

/** Everything the clock does that readers can see, except times. */
async function outcome(): Promise<unknown> {
  const shards = (await rowsOf(cloud, 'votes')).filter(({ kind }) => kind === 'shard')
  const numberOf = (value: unknown) =>
    typeof value === 'number' ? value : Number(Object.values(value as Record<string, string>)[0])
  const sums: Record<string, number> = {}
  for (const shard of shards) {
    for (const [part, value] of Object.entries({ ...(shard.all as object) })) {
      const key = `${String(shard.subject)} ${part}`
      sums[key] = (sums[key] ?? 0) + numberOf(value)
    }
  }
  const boards = (await rowsOf(cloud, 'rankings')).filter(({ _id }) => _id !== 'clock')
  return {
    sums,
    pruned: shards.every(({ hour = {} }) => !Object.hasOwn(hour as object, '400000')),
    boards: Object.fromEntries(
      boards.map(({ _id, entries }) => [
        String(_id),
        (entries as Record<string, unknown>[]).map(({ id, count, total }) => [
          id,
          numberOf(count),
          numberOf(total),
        ]),
      ]),
    ),
  }
}

/** Enough ticks for a lease to expire, a correction to be made and the corrected story to be ranked. */
async function rest(): Promise<void> {
  for (const offset of [2 * minute, 4 * minute]) expect(await tick(offset)).toEqual({ ok: true })
}

test('the clock, killed after its k-th change, for every k, ends with the same counts and rankings', async () => {
  await start()
  let changes = 0
  clock.onRequest = body => {
    if (mayChange(body)) changes++
    return true
  }
  expect(await tick(0)).toEqual({ ok: true })
  const uninterrupted = changes
  clock.onRequest = () => true
  await rest()
  const expected = await outcome()
  expect(expected).toMatchObject({
    sums: {
      'mood:clockone01 happy': 3,
      'mood:clockone01 sad': 1,
      'mood:clocktwo01 happy': 4,
      'mood:clockthree sad': 3,
    },
    pruned: true,
    boards: {
      'happy:24h': [
        ['clocktwo01', 4, 4],
        ['clockone01', 3, 4],
      ],
      'sad:all': [['clockthree', 3, 3]],
    },
  })
  expect(uninterrupted).toBeGreaterThan(20)

  for (let k = 1; k <= uninterrupted; k++) {
    await start()
    let seen = 0
    // Change k is done, but the caller is dead: it gets no reply and changes nothing more.
    clock.onRequest = body => {
      if (mayChange(body)) seen++
      return seen <= k
    }
    clock.onReply = () => seen < k
    const begun = Date.now()
    await tick(0, true)
    if (k === 2) {
      // It holds the lease. Nobody else works until the killed tick could have ended, and the next tick may.
      const lease = (await rowsOf(cloud, 'rankings')).find(({ _id }) => _id === 'clock')?.leasedUntil
      const lasts = Number((lease as { $date: { $numberLong: string } }).$date.$numberLong) - begun
      expect(lasts).toBeGreaterThanOrEqual(minute)
      expect(lasts).toBeLessThan(2 * minute)
    }
    clock.onRequest = () => true
    clock.onReply = () => true
    await rest()
    expect({ k, ...((await outcome()) as object) }).toEqual({ k, ...(expected as object) })
  }
}, 240_000)

test('a recount during which a reader votes corrects nothing, lists the story as busy, and finishes when voting has paused', async () => {
  // The counts are right, so any correction would be wrong.
  await cloud.control('reset')
  await putRows(
    cloud,
    'articles',
    ['clockbusy1', 'clockbusy2'].map(id => storyRow(id, 0)),
  )
  await putRows(cloud, 'votes', votesOn('clockbusy1', ['happy', 'happy', 'sad'], Date.now() - 20 * minute))
  const reader = await cloud.signIn()
  // A vote at an instance that starts cold may take longer than the SDK waits for the reply that is held meanwhile.
  await got(cloud, reader, setMood, { articleId: 'clockbusy2', mood: 'happy', wish: 1 })
  let voted = false
  clock.onReply = async body => {
    // The ballots have been read; a vote cast now is not among them.
    const readsBallots = body.includes('ballot') && body.includes('database.getDocument')
    if (readsBallots && !voted) {
      voted = true
      await got(cloud, reader, setMood, { articleId: 'clockbusy1', mood: 'happy', wish: 1 })
    }
    return true
  }
  await tick(0)
  expect(voted).toBe(true)
  const corrections = async () =>
    (await rowsOf(cloud, 'votes')).filter(({ _id }) => String(_id).endsWith(':correction'))
  const notes = async () => (await rowsOf(cloud, 'rankings')).find(({ _id }) => _id === 'clock')
  expect(await corrections()).toEqual([])
  expect(await notes()).toMatchObject({ busy: [{ subject: 'mood:clockbusy1' }] })
  for (const offset of [11 * minute, 22 * minute]) await tick(offset)
  expect(await corrections()).toEqual([])
  expect(await notes()).toMatchObject({ busy: [] })
})

test('a recount that took two ticks is valid only if nobody voted between them', async () => {
  const id = 'clockpause'
  const right = ['happy', 'happy', 'sad']
  // State after the first tick: it has read all ballots and counted these. The shards' `rev` adds up to 3.
  const halfway = async (rev: number, all: Record<string, number>): Promise<void> => {
    await cloud.control('reset')
    await putRows(cloud, 'articles', [storyRow(id, 0)])
    const castAt = Date.now() - 20 * minute
    await putRows(cloud, 'votes', votesOn(id, right, castAt))
    await resume(rev, all, castAt, 0)
  }
  const resume = async (rev: number, all: Record<string, number>, castAt: number, offset: number) => {
    const hour = { [Math.floor(castAt / (60 * minute))]: all }
    const day = { [dayOf(castAt)]: all }
    const counted = JSON.stringify({ all, hour, day })
    const recounting = { subject: subjectOf(id), rev, after: `${id}-9`, counted }
    const leasedUntil = date(Date.now() - minute)
    const listed = [{ subject: subjectOf(id), since: 1 }]
    await putRows(cloud, 'rankings', [
      { _id: 'clock', leasedUntil, recountedUpTo: 0, recounting, busy: listed },
    ])
    expect(await tick(offset)).toEqual({ ok: true })
  }
  const corrections = async () =>
    (await rowsOf(cloud, 'votes')).filter(({ _id }) => String(_id).endsWith(':correction'))
  const busy = async () => (await rowsOf(cloud, 'rankings')).find(({ _id }) => _id === 'clock')?.busy

  await halfway(3, { happy: 2, sad: 1 })
  expect([await corrections(), await busy()]).toEqual([[], []])
  // The second tick continues from the first tick's counts: wrong counts lead to a wrong correction.
  await halfway(3, { happy: 5, sad: 1 })
  expect(await corrections()).toMatchObject([{ all: { happy: { $numberInt: '3' } } }])
  // The next recount replaces that correction: it does not count it among the votes.
  await resume(3, { happy: 4, sad: 1 }, Date.now() - 20 * minute, 11 * minute)
  expect(await corrections()).toMatchObject([{ all: { happy: { $numberInt: '2' } } }])
  // A reader has voted since, so the earlier counts are discarded.
  await halfway(2, { happy: 1, sad: 1 })
  expect([await corrections(), await busy()]).toMatchObject([
    [],
    [{ subject: subjectOf(id), since: { $numberInt: '1' } }],
  ])
})

test('a recount counts every ballot once, also where one query does not return all of them', async () => {
  await cloud.control('reset')
  await putRows(cloud, 'articles', [storyRow('clockmany1', 0)])
  const moods = Array.from({ length: 1_001 }, () => 'happy')
  await putRows(cloud, 'votes', votesOn('clockmany1', moods, Date.now() - 20 * minute))
  expect(await tick(0, true)).toEqual({ ok: true })
  expect((await rowsOf(cloud, 'votes')).filter(({ _id }) => String(_id).endsWith(':correction'))).toEqual([])
})

describe('a tick whose rankings were rebuilt in the same hour', () => {
  const settled = async (now: number, changes: object = {}) => {
    const day = dayOf(now)
    const done = { day, summedOn: day, summarisedUpTo: day, mappedOn: day, recountedUpTo: now }
    const state = { hour: Math.floor(now / (60 * minute)), ...done, rolledUpTo: 0, lastChange: 0 }
    await putRows(cloud, 'rankings', [{ _id: 'clock', leasedUntil: date(0), ...state, ...changes }])
  }
  const board = async () => {
    const row = (await rowsOf(cloud, 'rankings')).find(({ _id }) => _id === 'happy:all')
    return ((row?.entries ?? []) as { id: string }[]).map(({ id }) => id)
  }

  test('takes in the votes of stories that one query did not return; one whose time is over leaves them to the next', async () => {
    const first = 'clockpage1'
    const last = 'clockpage2'
    const now = Date.now()
    // All at the same moment, and not so quiet that they are recounted.
    const shard = (id: string, n: number, happy: number) => ({
      ...{ _id: `${subjectOf(id)}:${String(n).padStart(4, '0')}`, kind: 'shard', subject: subjectOf(id) },
      ...{ all: { happy }, hour: {}, day: {}, rev: 1, changedAt: date(now - 9 * minute) },
    })
    const begin = async (changes: object = {}) => {
      await cloud.control('reset')
      await putRows(
        cloud,
        'articles',
        [first, last].map(id => storyRow(id, 0)),
      )
      await putRows(cloud, 'votes', [
        ...Array.from({ length: 1_000 }, (_, n) => shard(first, n, n < 9 ? 1 : 0)),
        shard(last, 0, 5),
      ])
      await settled(now, changes)
    }
    await begin()
    expect(await tick(0, true)).toEqual({ ok: true })
    expect(await board()).toEqual([first, last])

    await begin({ mappedOn: 0 })
    let isLate = false
    clock.onReply = async body => {
      if (!isLate && body.includes('database.getDocument') && body.includes('changedAt')) {
        isLate = true
        await clock.pass(58_000)
      }
      return true
    }
    await tick(0, true)
    clock.letPass()
    expect([isLate, await board()]).toEqual([true, [first]])
    // Nor does it note where the site map begins, which takes longer on a large site.
    const mapped = async () => {
      const [state, map] = await Promise.all(['rankings', 'settings'].map(name => rowsOf(cloud, name)))
      return [
        Number(Object.values(state?.find(({ _id }) => _id === 'clock')?.mappedOn as object)[0]) > 0,
        map?.some(({ _id }) => _id === 'site-map'),
      ]
    }
    expect(await mapped()).toEqual([false, false])
    await tick(2 * minute, true)
    expect([await board(), await mapped()]).toEqual([
      [first, last],
      [true, true],
    ])
  })

  test('rebuilds all of them where an earlier tick has found their order uncertain, once', async () => {
    await start()
    const now = Date.now()
    const recountedUpTo = now
    await settled(now, { uncertain: true, rolledUpTo: now, recountedUpTo })
    expect(await tick(0, true)).toEqual({ ok: true })
    expect(await board()).toEqual(['clocktwo01', 'clockone01'])
    const state = (await rowsOf(cloud, 'rankings')).find(({ _id }) => _id === 'clock')
    expect(state).toMatchObject({ uncertain: false })
    await putRows(cloud, 'rankings', [{ _id: 'happy:all', entries: [], floor: null, updatedAt: date(now) }])
    expect(await tick(1_000, true)).toEqual({ ok: true })
    expect(await board()).toEqual([])
  })
})

test('counts that changed shortly before a recount are recounted by a later one', async () => {
  await cloud.control('reset')
  await putRows(
    cloud,
    'articles',
    ['clockearly', 'clocklater'].map(id => storyRow(id, 0)),
  )
  await putRows(cloud, 'votes', [
    ...votesOn('clockearly', ['happy'], Date.now() - 20 * minute),
    ...votesOn('clocklater', ['happy'], Date.now() - 5 * minute, { happy: 5 }),
    // A shard of the same story that has been quiet for long enough.
    {
      ...{
        _id: `${subjectOf('clocklater')}:1`,
        kind: 'shard',
        subject: subjectOf('clocklater'),
        rev: 1,
        all: {},
      },
      changedAt: date(Date.now() - 20 * minute),
    },
  ])
  const corrected = async () =>
    (await rowsOf(cloud, 'votes'))
      .filter(({ _id }) => String(_id).endsWith(':correction'))
      .map(({ subject }) => subject)
  await tick(0)
  expect(await corrected()).toEqual([])
  await tick(21 * minute)
  expect(await corrected()).toEqual([subjectOf('clocklater')])
})

test('a tick changes nothing while another one holds the lease', async () => {
  await start()
  const leasedUntil = date(Date.now() + minute)
  await putRows(cloud, 'rankings', [{ _id: 'clock', leasedUntil }])
  const before = await rowsOf(cloud, 'rankings')
  expect(await tick(0)).toEqual({ ok: true })
  expect(await rowsOf(cloud, 'rankings')).toEqual(before)
})

test('when two ticks run at once, only one of them does the work', async () => {
  await start()
  const reads = await Promise.all(
    [1, 2].map(() => cloud.control<{ result: unknown }>('fire', { name: 'clock', overlap: true })),
  )
  expect(reads.map(({ result }) => result)).toEqual([{ ok: true }, { ok: true }])
  expect(await outcome()).toMatchObject({ sums: { 'mood:clocktwo01 happy': 4 } })
})

describe('when the database fails the clock', () => {
  const broken = '{"code":"DATABASE_COLLECTION_NOT_EXIST","message":"gone"}'
  const state = async () => (await rowsOf(cloud, 'rankings')).find(({ _id }) => _id === 'clock')

  test('in one task, the tick says so, does the others and leaves the lease', async () => {
    await start()
    clock.onReply = body => (body.includes('"previews"') ? broken : true)
    expect(await tick(0, true)).toEqual({ ok: false })
    expect(await outcome()).toMatchObject({ sums: { 'mood:clockthree sad': 3 } })
    const today = dayOf(Date.now())
    expect(await state()).toMatchObject({
      ...{ summedOn: { $numberInt: String(today) }, mappedOn: { $numberInt: String(today) } },
      handling: [],
    })
    clock.onReply = () => true
    // The next tick need not wait until the lease has expired.
    await putRows(cloud, 'rankings', [{ ...(await state()), mappedOn: 0 } as never])
    expect(await tick(1_000)).toEqual({ ok: true })
    expect(await state()).toMatchObject({ mappedOn: { $numberInt: String(today) } })
  })

  test('in its list of rows, it still ranks and corrects what readers voted', async () => {
    await start()
    clock.onReply = body => (body.includes('database.aggregateDocuments') ? broken : true)
    // Without a state there is nothing to go on with.
    await putRows(cloud, 'rankings', [{ _id: 'clock', leasedUntil: date(0), recountedUpTo: 0 }])
    expect(await tick(0, true)).toEqual({ ok: false })
    expect(await outcome()).toMatchObject({
      sums: { 'mood:clocktwo01 happy': 4, 'mood:clockthree sad': 3 },
      boards: {
        'happy:24h': [
          ['clocktwo01', 9, 9],
          ['clockone01', 3, 4],
        ],
      },
    })
  })
})
