import { isRecheckTick, someOf } from '../../cloudfunctions/clock/tick'

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
