import fc from 'fast-check'
import { AppError } from '#shared/app-error'
import { dayOf } from '#shared/beijing-time'
import { hourOf, isLiveDay, isLiveHour } from '#shared/buckets'
import { withRetry } from '#shared/retry'
import { type Choice, countsAfter, deltaOf, sameOptions } from '#shared/voting/ballot-change'
import { pickShard, widen } from '#shared/voting/shard-spread'

const hour = 3_600_000
const start = Date.UTC(2026, 10, 1)
const options = ['happy', 'sad', 'like']

describe('the delta of a changed ballot', () => {
  const steps = fc.array(
    fc.record({
      options: fc.subarray(options),
      // From a double tap to longer than any bucket is retained.
      later: fc.oneof(fc.nat(1000), fc.nat(3 * hour), fc.nat(40 * 24 * hour)),
    }),
    { minLength: 1, maxLength: 12 },
  )

  test('summed over any sequence of choices leaves exactly the last one counted', () => {
    fc.assert(
      fc.property(steps, list => {
        const totals = new Map<string, number>()
        let now = start
        let ballot: Choice | null = null
        for (const step of list) {
          now += step.later
          const next: Choice = { options: step.options, castAt: now }
          for (const [path, by] of Object.entries(deltaOf(ballot, next, now))) {
            expect(by).not.toBe(0)
            totals.set(path, (totals.get(path) ?? 0) + by)
          }
          ballot = next
        }
        const last = ballot as Choice | null
        for (const [path, total] of totals) {
          const [kind, bucket = '', option = ''] = path.startsWith('all.')
            ? ['all', '', path.slice(4)]
            : path.split('.')
          const chosen = last?.options.includes(option) ?? false
          if (kind === 'all') expect(total).toBe(chosen ? 1 : 0)
          else {
            const live = kind === 'hour' ? isLiveHour(Number(bucket), now) : isLiveDay(Number(bucket), now)
            const current = Number(bucket) === (kind === 'hour' ? hourOf(now) : dayOf(now))
            if (live) expect(total).toBe(chosen && current ? 1 : 0)
            // A pruned bucket may be wrong, but it is never negative again.
            else expect(total).toBeGreaterThanOrEqual(0)
          }
        }
        for (const option of last?.options ?? []) expect(totals.get(`all.${option}`)).toBe(1)
      }),
    )
  })

  test('leaves buckets alone that have been pruned since the vote', () => {
    const before = { options: ['happy'], castAt: start }
    const now = start + 60 * 24 * hour
    expect(deltaOf(before, { options: [], castAt: now }, now)).toEqual({ 'all.happy': -1 })
  })

  test('counts a vote in its hour and in its Beijing day', () => {
    const now = Date.UTC(2026, 10, 22, 16, 30)
    expect(deltaOf(null, { options: ['sad'], castAt: now }, now)).toEqual({
      'all.sad': 1,
      [`hour.${now / hour - 0.5}.sad`]: 1,
      [`day.${Date.UTC(2026, 10, 23) / (24 * hour)}.sad`]: 1,
    })
  })

  test('of a poll has totals only', () => {
    expect(deltaOf(null, { options: ['iron'], castAt: start }, start, false)).toEqual({ 'all.iron': 1 })
  })

  test('counts 48 hours and 31 Beijing days, the running ones included', () => {
    const now = start + 30 * 60_000
    expect([47, 48].map(ago => isLiveHour(hourOf(now) - ago, now))).toEqual([true, false])
    expect([30, 31].map(ago => isLiveDay(dayOf(now) - ago, now))).toEqual([true, false])
  })

  test('is empty for the same options in another order', () => {
    expect(sameOptions(['a', 'b'], ['b', 'a'])).toBe(true)
    expect(sameOptions(['a'], ['a', 'b'])).toBe(false)
    expect(sameOptions([], [])).toBe(true)
  })
})

describe('the counts after a change', () => {
  const names = fc.subarray(options)

  test('are those of all other votes plus the new choice', () => {
    fc.assert(
      fc.property(fc.array(names, { maxLength: 20 }), names, names, (others, before, after) => {
        const count = (choices: readonly string[][]) =>
          Object.fromEntries(
            options.map(name => [name, choices.filter(choice => choice.includes(name)).length]),
          )
        expect(countsAfter(count([...others, before]), before, after)).toEqual(count([...others, after]))
      }),
    )
  })

  test('are never negative, even if damage left them too low', () => {
    expect(countsAfter({ happy: 0 }, ['happy'], ['sad'])).toEqual({ happy: 0, sad: 1 })
    expect(countsAfter({}, ['happy'], [])).toEqual({ happy: 0 })
  })
})

describe('the shards of a subject’s votes', () => {
  afterEach(() => jest.useRealTimers())

  test('are one while the subject is quiet', () => {
    expect([1, 2, 3].map(() => pickShard('quiet'))).toEqual([0, 0, 0])
  })

  test('double at each conflict, up to 256, and the next shard is never the one with the conflict', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { maxLength: 12 }),
        fc.uuid(),
        (chances, subject) => {
          let before = pickShard(subject)
          for (const [at, chance] of chances.entries()) {
            widen(subject, () => chance)
            const now = pickShard(subject)
            expect(now).not.toBe(before)
            expect(now).toBeLessThan(Math.min(256, 2 ** (at + 1)))
            before = now
          }
        },
      ),
    )
    let highest = 0
    for (let conflict = 0; conflict < 200; conflict++) {
      widen('hot')
      highest = Math.max(highest, pickShard('hot'))
    }
    expect(highest).toBeGreaterThan(200)
  })

  test('stay without conflicts, and shrink to the first after a minute without a vote', () => {
    jest.useFakeTimers({ now: start })
    for (let conflict = 0; conflict < 5; conflict++) widen('cooling', () => 0.9)
    const shard = pickShard('cooling')
    expect(shard).toBeGreaterThan(0)
    for (let minute = 1; minute <= 3; minute++) {
      jest.setSystemTime(start + minute * 60_000)
      expect(pickShard('cooling')).toBe(shard)
    }
    jest.setSystemTime(start + 4 * 60_000 + 1)
    expect(pickShard('cooling')).toBe(0)
  })

  test('let sixty instances find a shard each that they do not share', () => {
    // An instance stores its shard by subject, so sixty subjects simulate sixty instances.
    const instances = Array.from({ length: 60 }, (_, n) => `instance-${n}`)
    const meeting = () => {
      const shards = instances.map(pickShard)
      return instances.filter((_, n) => shards.filter(shard => shard === shards[n]).length > 1)
    }
    let votes = 0
    for (let met = meeting(); met.length > 0; met = meeting()) {
      // Of the instances that collide, the first to commit succeeds.
      for (const instance of met.slice(1)) widen(instance)
      expect(++votes).toBeLessThan(200)
    }
  })

  test('of one subject do not widen another’s', () => {
    widen('busy')
    expect(pickShard('calm')).toBe(0)
  })
})

describe('a retry', () => {
  const patient = { attempts: 4, budget: 5000, onRetry: () => undefined }
  const passing = [
    { errCode: -501001 },
    { errCode: -502001 },
    // The transaction no longer exists at the commit: it took over 30 s, or the gateway was restarted.
    { code: 'DATABASE_TRANSACTION_FAIL' },
    Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
    Object.assign(new Error('too slow'), { code: 'ESOCKETTIMEDOUT' }),
  ]

  test('runs again while the failure is temporary, and reports each retry', async () => {
    for (const failure of passing) {
      const retries: number[] = []
      let runs = 0
      const result = await withRetry(
        async () => {
          runs++
          if (runs < 3) throw failure
          return 'done'
        },
        { ...patient, onRetry: attempt => retries.push(attempt) },
      )
      expect([result, runs, retries]).toEqual(['done', 3, [1, 2]])
    }
  })

  test('does not repeat errors of our own code or permanent failures', async () => {
    const lasting = [
      new AppError('not-found', 'no such story'),
      new TypeError('a mistake of ours'),
      { errCode: -502005 },
      { errCode: -1, code: 'FUNCTIONS_EXECUTE_FAIL' },
      'text',
      null,
    ]
    for (const failure of lasting) {
      let runs = 0
      const attempt = withRetry(async () => {
        runs++
        throw failure
      }, patient)
      await expect(attempt).rejects.toBe(failure)
      expect(runs).toBe(1)
    }
  })

  test.each([
    ['attempts', { ...patient, attempts: 3 }, 3],
    ['time', { ...patient, budget: 0 }, 1],
  ])(
    'ends as unavailable, with a time to come back, when its %s are used up',
    async (_what, limits, most) => {
      let runs = 0
      const attempt = withRetry(async () => {
        runs++
        throw passing[0]
      }, limits)
      await expect(attempt).rejects.toMatchObject({ name: 'AppError', code: 'unavailable', retryAfter: 2 })
      expect(runs).toBe(most)
    },
  )
})
