import fc from 'fast-check'
import { type Mood, moodKeys, setMood } from '#contract/mood'
import { addBallot, addSums, type Counts, noSums, type Sums, sameSums } from '#shared/sums'
import { got, putRows, rowsOf, startAppCloud, storyRow } from '../../support/app-cloud'
import type { CloudProcess, Reader } from '../../support/local-cloud'

let cloud: CloudProcess
let readers: Reader[]
let run = 0

const hour = 3_600_000
const day = 24 * hour

beforeAll(async () => {
  cloud = await startAppCloud({ args: ['--no-timers', '--instances', '4'] })
  readers = await Promise.all([1, 2, 3].map(() => cloud.signIn()))
}, 60_000)
afterAll(() => cloud?.stop())

/** Numbers and dates as exports write them: `{"$numberInt": "1"}`, `{"$date": …}`. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(plain)
  const [[key, inner] = [], ...more] = Object.entries(value)
  if (more.length === 0 && key?.startsWith('$number')) return Number(inner)
  if (more.length === 0 && key === '$date')
    return typeof inner === 'string' ? Date.parse(inner) : Number(plain(inner))
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]))
}

interface Row {
  kind: string
  options: string[]
  revision: number
  castAt: number
  all?: Counts
  hour?: Record<string, Counts>
  day?: Record<string, Counts>
}

/** Concurrent calls of several readers, each call sent up to three times; then time passes. */
const batch = fc.record({
  calls: fc.uniqueArray(
    fc.record({
      reader: fc.nat(2),
      revision: fc.integer({ min: 1, max: 8 }),
      times: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 3, selector: ({ reader }) => reader },
  ),
  later: fc.oneof(fc.constant(0), fc.nat(3 * hour), fc.nat(3 * day)),
})
/** What each reader wants at each revision: one revision always means the same choice. */
const wants = fc.array(fc.array(fc.option(fc.constantFrom(...moodKeys)), { minLength: 9, maxLength: 9 }), {
  minLength: 3,
  maxLength: 3,
})

test('votes, changes, withdrawals and repeats, in any order of revisions, leave each reader’s highest revision counted once', async () => {
  await fc.assert(
    fc.asyncProperty(wants, fc.array(batch, { minLength: 1, maxLength: 8 }), async (wanted, batches) => {
      const articleId = `order${String(++run).padStart(5, '0')}`
      await putRows(cloud, 'articles', [storyRow(articleId, run)])
      const model = new Map<number, { revision: number; mood: Mood | null }>()
      for (const { calls, later } of batches) {
        const sent = calls.flatMap(call => Array.from({ length: call.times }, () => call))
        for (const { reader, revision } of calls) {
          if (revision > (model.get(reader)?.revision ?? 0)) {
            model.set(reader, { revision, mood: wanted[reader]?.[revision] ?? null })
          }
        }
        const replies = await Promise.all(
          sent.map(({ reader, revision }) =>
            got(cloud, readers[reader] as Reader, setMood, {
              articleId,
              mood: wanted[reader]?.[revision] ?? null,
              wish: revision,
            }),
          ),
        )
        for (const [n, { own, wish }] of replies.entries()) {
          const holds = model.get(sent[n]?.reader ?? -1)
          expect({ own, wish }).toEqual({ own: holds?.mood, wish: holds?.revision })
        }
        if (later > 0) await cloud.control('clock', { move: later })
      }

      const { now } = await cloud.control<{ now: number }>('clock', { move: 0 })
      const rows = (await rowsOf(cloud, 'votes'))
        .filter(({ subject }) => subject === `mood:${articleId}`)
        .map(row => plain(row) as Row)
      const ballots = rows.filter(({ kind }) => kind === 'ballot')
      const held = (list: readonly { revision: number; mood: string | null }[]) =>
        list.map(({ revision, mood }) => `${revision} ${mood}`).sort()
      expect(held(ballots.map(({ revision, options }) => ({ revision, mood: options[0] ?? null })))).toEqual(
        held([...model.values()]),
      )
      const [shown, counted] = [noSums(), noSums()]
      for (const { kind, all = {}, hour = {}, day = {} } of rows) {
        if (kind === 'shard') addSums(shown, { all, hour, day } satisfies Sums)
      }
      for (const { options, castAt } of ballots) addBallot(counted, options, castAt, now, true)
      expect({ shown, same: sameSums(shown, counted, now) }).toEqual({ shown, same: true })
    }),
    { numRuns: 15 },
  )
}, 120_000)
