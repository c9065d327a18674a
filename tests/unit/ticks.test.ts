import { inTurns, isRecheckTick, someOf } from '../../cloudfunctions/clock/tick'

const tickLength = 2 * 60_000

test.each([
  ['ticks that check unchanged rows again', true],
  ['other ticks', false],
])('%s come to every row in turn', (_kind, isRecheck) => {
  for (const count of [1, 10, 11, 25, 50, 60, 99]) {
    const rows = Array.from({ length: count }, (_, n) => n)
    const ticks = Array.from({ length: 200 }, (_, n) => 1e12 + n * tickLength)
    const met = ticks.filter(now => isRecheckTick(now) === isRecheck).map(now => someOf(rows, 10, now))
    const needed = Math.ceil(count / 10) + 1
    for (let from = 0; from + needed <= met.length; from++)
      expect(new Set(met.slice(from, from + needed).flat()).size).toBe(count)
  }
})

test('every fifth tick checks unchanged rows again, also if ticks begin on the minute', () => {
  const ticks = Array.from({ length: 10 }, (_, n) => isRecheckTick(n * tickLength))
  expect(ticks.filter(Boolean)).toHaveLength(2)
})

test('the row that was saved last, one with problems and the one that waits longest come first, and none is left out', () => {
  const row = (savedAt: number, isRefused: boolean) => ({ savedAt, isRefused })
  const imported = Array.from({ length: 50 }, () => row(20, false))
  const faulty = Array.from({ length: 50 }, (_, n) => row(40 + n, true))
  const [first, last] = [row(10, false), row(30, false)]
  const rows = [...faulty, ...imported, last, first]
  const taken = inTurns(rows)
  expect(taken.slice(0, 3)).toEqual([last, row(89, true), first])
  expect(taken).toHaveLength(rows.length)
  expect(new Set(taken)).toEqual(new Set(rows))
})
