import fc from 'fast-check'
import { rankingSpanKeys } from '#contract/ranking'
import type { Board, Entry } from '#shared/stores/rankings'
import { addBallot, addSums, noSums, type Sums, sameSums } from '#shared/sums'
import { deltaOf } from '#shared/voting/ballot-change'
import { compareEntries, isCertain, placeOnBoard } from '#shared/voting/board'
import { countsWithin } from '#shared/voting/windows'

const hour = 3_600_000
const day = 24 * hour
const moods = ['happy', 'sad']

/** Applies a delta to a shard. */
function apply(shard: Sums, delta: Record<string, number>): void {
  for (const [path, by] of Object.entries(delta)) {
    const [kind = '', ...rest] = path.split('.')
    if (kind === 'all') addSums(shard, { ...noSums(), all: { [rest[0] ?? '']: by } })
    else {
      const [bucket = '', mood = ''] = rest
      addSums(shard, { ...noSums(), [kind]: { [bucket]: { [mood]: by } } })
    }
  }
}

describe('windows over shards', () => {
  const votes = fc.array(
    fc.record({
      reader: fc.nat(5),
      mood: fc.option(fc.constantFrom(...moods)),
      later: fc.oneof(fc.nat(hour), fc.nat(2 * day), fc.nat(20 * day)),
      shard: fc.nat(3),
    }),
    { maxLength: 25 },
  )
  const begun = Date.UTC(2026, 2, 1, 3)
  const beijingDay = (time: number) => Math.floor((time + 8 * hour) / day)

  test('equal the count of every reader’s current vote, in any order of votes and at any later time', () => {
    fc.assert(
      fc.property(votes, fc.nat(40 * day), (list, wait) => {
        const shards = Array.from({ length: 4 }, noSums)
        const model = new Map<number, { options: string[]; castAt: number }>()
        let now = begun
        for (const { reader, mood, later, shard } of list) {
          now += later
          const next = { options: mood === null ? [] : [mood], castAt: now }
          apply(shards[shard] as Sums, deltaOf(model.get(reader) ?? null, next, now))
          model.set(reader, next)
        }
        now += wait
        const total = noSums()
        for (const shard of shards) addSums(total, shard)
        const within: Record<string, (castAt: number) => boolean> = {
          '24h': castAt => Math.floor(castAt / hour) > Math.floor(now / hour) - 24,
          '7d': castAt => beijingDay(castAt) > beijingDay(now) - 7,
          '30d': castAt => beijingDay(castAt) > beijingDay(now) - 30,
          all: () => true,
        }
        for (const span of rankingSpanKeys) {
          const counts = countsWithin(total, span, now)
          for (const mood of moods) {
            const expected = [...model.values()].filter(
              ({ options, castAt }) => options.includes(mood) && within[span]?.(castAt),
            ).length
            expect(counts[mood] ?? 0).toBe(expected)
          }
        }
      }),
    )
  })

  test('agree with recounted ballots as long as nothing is damaged, and differ once something is', () => {
    fc.assert(
      fc.property(votes, fc.nat(40 * day), (list, wait) => {
        const shard = noSums()
        const model = new Map<number, { options: string[]; castAt: number }>()
        let now = begun
        for (const { reader, mood, later } of list) {
          now += later
          const next = { options: mood === null ? [] : [mood], castAt: now }
          apply(shard, deltaOf(model.get(reader) ?? null, next, now))
          model.set(reader, next)
        }
        now += wait
        const counted = noSums()
        for (const { options, castAt } of model.values()) addBallot(counted, options, castAt, now, true)
        expect(sameSums(counted, shard, now)).toBe(true)
        addSums(shard, { ...noSums(), all: { happy: 1 } })
        expect(sameSums(counted, shard, now)).toBe(false)
      }),
    )
  })

  test('change at midnight in Beijing, not in London', () => {
    const sums = noSums()
    // 23:30 on the 10th and 00:30 on the 11th in Beijing: one day in UTC, two in Beijing.
    addBallot(sums, ['happy'], Date.UTC(2026, 2, 10, 15, 30), Date.UTC(2026, 2, 10, 17), true)
    addBallot(sums, ['sad'], Date.UTC(2026, 2, 10, 16, 30), Date.UTC(2026, 2, 10, 17), true)
    const midnight = Date.UTC(2026, 2, 16, 16)
    expect(countsWithin(sums, '7d', midnight - 1)).toEqual({ happy: 1, sad: 1 })
    expect(countsWithin(sums, '7d', midnight)).toEqual({ sad: 1 })
  })
})

describe('a ranking', () => {
  const entry = fc.record({
    id: fc.constantFrom(...Array.from({ length: 12 }, (_, n) => `s${n}`)),
    count: fc.integer({ min: 0, max: 6 }),
  })
  const publishedAt = (id: string) => Number(id.slice(1)) % 4
  const kept = 6
  const shown = 4

  test('with certain places equals the ranking of all stories, in whatever batches they were counted', () => {
    fc.assert(
      fc.property(fc.array(fc.array(entry, { minLength: 1, maxLength: 5 }), { maxLength: 20 }), batches => {
        let board: Board = { entries: [], floor: null }
        const counts = new Map<string, number>()
        const made = (id: string): Entry => ({
          id,
          count: counts.get(id) ?? 0,
          total: 10,
          publishedAt: publishedAt(id),
        })
        for (const batch of batches) {
          for (const { id, count } of batch) counts.set(id, count)
          const ids = new Set(batch.map(({ id }) => id))
          const placed = () =>
            placeOnBoard(
              board,
              ids,
              [...ids].map(made).filter(({ count }) => count > 0),
              kept,
            )
          board = placed()
          // The batch is placed again, as after a killed tick: nothing changes.
          expect(placed()).toEqual(board)
          const all = [...counts.keys()]
            .map(made)
            .filter(({ count }) => count > 0)
            .sort(compareEntries)
          if (isCertain(board, shown)) expect(board.entries.slice(0, shown)).toEqual(all.slice(0, shown))
        }
      }),
    )
  })

  test('has no more entries than it retains, and is uncertain where a dropped story may belong', () => {
    const at = (n: number): Entry => ({ id: `s${n}`, count: n, total: n, publishedAt: 1 })
    const ids = Array.from({ length: kept + 2 }, (_, n) => n + 1)
    const full = placeOnBoard({ entries: [], floor: null }, new Set(), ids.map(at), kept)
    expect([full.entries.length, full.floor?.id]).toEqual([kept, 's2'])
    expect(isCertain(full, shown)).toBe(true)
    // The best stories lose their votes: s2 and s1, which were dropped, may now be among the first.
    const lost = new Set(full.entries.slice(1).map(({ id }) => id))
    const fallen = placeOnBoard(
      full,
      lost,
      [...lost].map(id => ({ ...at(1), id })),
      kept,
    )
    expect(isCertain(fallen, shown)).toBe(false)
  })

  test('gives a tie to the newer story', () => {
    const at = (id: string, publishedAt: number): Entry => ({ id, count: 3, total: 3, publishedAt })
    const { entries } = placeOnBoard(
      { entries: [], floor: null },
      new Set(),
      [at('older', 1), at('newer', 2)],
      kept,
    )
    expect(entries.map(({ id }) => id)).toEqual(['newer', 'older'])
  })
})
