import fc from 'fast-check'
import { parseBeijingTime } from '#shared/beijing-time'
import { fullTime } from '../../src/text/beijing-time'

/** Whole minutes from 1992 on: before that China had summer time, and we have no dates from then. */
const instants = fc
  .integer({ min: Date.UTC(1992, 0, 1) / 60_000, max: Date.UTC(2120, 0, 1) / 60_000 })
  .map(minutes => minutes * 60_000)

describe('a Beijing time that an editor wrote', () => {
  test('is the instant that pages show in the same words', () => {
    expect(parseBeijingTime('2026-11-20 09:30')).toBe(Date.UTC(2026, 10, 20, 1, 30))
    fc.assert(fc.property(instants, instant => parseBeijingTime(fullTime(instant)) === instant))
  })

  test.each([
    ...['2026-02-29 09:00', '2026-04-31 09:00', '2026-13-01 09:00', '2026-00-10 09:00'],
    ...['2026-11-20 24:00', '2026-11-20 09:60', '2026-11-20', '2026-1-2 09:30', ' 2026-11-20 09:30'],
  ])('%s does not exist', text => {
    expect(parseBeijingTime(text)).toBeNull()
  })
})
