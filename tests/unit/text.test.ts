import fc from 'fast-check'
import { fullTime, listTime } from '../../src/text/beijing-time'
import { checkedWord } from '../../src/text/checked-word'
import { shortCount } from '../../src/text/count'
import { metaLine } from '../../src/text/meta-line'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** From 1992 on: before that China had summer time, and we have no dates from then. */
const instants = fc.integer({ min: Date.UTC(1992, 0, 1), max: Date.UTC(2120, 0, 1) })

const shanghai = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
})

describe('Beijing time', () => {
  test('equals Intl’s result for Asia/Shanghai, to the minute', () => {
    fc.assert(fc.property(instants, instant => expect(fullTime(instant)).toBe(shanghai.format(instant))))
  })

  test('changes the day at midnight in Beijing, not in UTC', () => {
    expect(fullTime(Date.UTC(2024, 0, 21, 15, 59))).toBe('2024-01-21 23:59')
    expect(fullTime(Date.UTC(2024, 0, 21, 16, 0))).toBe('2024-01-22 00:00')
    expect(fullTime(Date.UTC(2023, 11, 31, 16, 0))).toBe('2024-01-01 00:00')
    expect(fullTime(Date.UTC(2024, 1, 28, 20, 5))).toBe('2024-02-29 04:05')
  })

  test('in a list is an age while fresh, then a date, with the year only if it is not the current one', () => {
    const now = Date.UTC(2026, 10, 22, 4, 0)
    expect(listTime(now, now)).toBe('刚刚')
    expect(listTime(now - minute + 1, now)).toBe('刚刚')
    expect(listTime(now - minute, now)).toBe('1分钟前')
    expect(listTime(now - hour + 1, now)).toBe('59分钟前')
    expect(listTime(now - hour, now)).toBe('1小时前')
    expect(listTime(now - day + 1, now)).toBe('23小时前')
    expect(listTime(now - day, now)).toBe('2026-11-21 12:00')
    expect(listTime(Date.UTC(2024, 0, 22, 5, 34), now)).toBe('2024-01-22 13:34')
  })

  test('shows the Beijing year', () => {
    const newYear = Date.UTC(2026, 0, 2, 12, 0)
    expect(listTime(Date.UTC(2025, 11, 31, 16, 0), newYear)).toBe('2026-01-01 00:00')
    expect(listTime(Date.UTC(2025, 11, 31, 15, 59), newYear)).toBe('2025-12-31 23:59')
  })

  test('of a story that is ahead of the phone’s clock is its date, never a negative age', () => {
    const now = Date.UTC(2026, 10, 22, 4, 0)
    expect(listTime(now + 5 * minute, now)).toBe('2026-11-22 12:05')
    fc.assert(
      fc.property(instants, instants, (instant, at) => {
        expect(listTime(instant, at)).toMatch(/^(刚刚|[1-9]\d?(分钟|小时)前|\d{4}-\d\d-\d\d \d\d:\d\d)$/)
      }),
    )
  })
})

describe('a count', () => {
  test('is exact up to 9,999, then in 万', () => {
    const shown = [
      0, 7, 128, 999, 1_000, 9_310, 9_999, 10_000, 10_999, 11_000, 12_345, 99_999, 100_000, 1_234_567,
    ]
    expect(shown.map(shortCount)).toEqual([
      '0',
      '7',
      '128',
      '999',
      '1,000',
      '9,310',
      '9,999',
      '1万',
      '1万',
      '1.1万',
      '1.2万',
      '9.9万',
      '10万',
      '123.4万',
    ])
  })

  test('in 万 is rounded down, so it never exceeds the real count', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10_000, max: 1_000_000_000 }), count => {
        const tenths = Math.round(Number(shortCount(count).replace('万', '')) * 10)
        expect(tenths).toBe(Math.floor(count / 1000))
      }),
    )
  })
})

test('the line below a story in a list has channel, time, correction and note, each only if there is one', () => {
  const now = Date.UTC(2026, 10, 22, 4, 0)
  const story = {
    id: 'story00001',
    title: '',
    teaser: '',
    channel: 'earth',
    column: '',
    publishedAt: now - 3 * hour,
  }
  expect([
    metaLine(story, now),
    metaLine({ ...story, correctedAt: now }, now, '离线可读'),
    metaLine({ ...story, channel: 'of-next-year' }, now, '离线可读'),
    metaLine({ ...story, publishedAt: Date.UTC(2024, 0, 1) }, now),
  ]).toEqual([
    '地球 · 3小时前',
    '地球 · 3小时前 · 有更正 · 离线可读',
    '3小时前 · 离线可读',
    '地球 · 2024-01-01 08:00',
  ])
})

test('a screen reader is told that something is chosen, and that it is not', () => {
  expect([checkedWord(true), checkedWord(false)]).toEqual(['true', 'false'])
})
