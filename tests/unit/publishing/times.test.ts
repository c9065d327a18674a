import { readTime, timeFault } from '#shared/publishing/read-time'
import { isAhead, isPublic, storyTimes } from '#shared/publishing/story-times'

const hour = 3_600_000
const now = Date.UTC(2026, 10, 27, 4)
/** 0:00 of 20 November 2026 in Beijing. */
const day = Date.UTC(2026, 10, 19, 16)

/** The hours that a part of the day may be written with, and how many hours later each of them means. */
type Hours = readonly (readonly [from: number, to: number, later: number])[]

describe('an hour means what Chinese readers take it for, or is refused', () => {
  test.each<[string, Hours]>([
    ['', [[0, 23, 0]]],
    ['凌晨', [[0, 6, 0]]],
    ['清晨', [[3, 9, 0]]],
    ['早晨', [[4, 11, 0]]],
    ['早上', [[4, 11, 0]]],
    ['上午', [[0, 11, 0]]],
    [
      '中午',
      [
        [1, 2, 12],
        [11, 14, 0],
      ],
    ],
    [
      '下午',
      [
        [1, 8, 12],
        [12, 20, 0],
      ],
    ],
    [
      '傍晚',
      [
        [4, 8, 12],
        [16, 20, 0],
      ],
    ],
    [
      '晚上',
      [
        [5, 11, 12],
        [17, 23, 0],
      ],
    ],
    ['夜里', []],
  ])('after “%s”', (part, hours) => {
    const meant = Array.from({ length: 26 }, (_, written) => {
      const known = hours.find(([from, to]) => from <= written && written <= to)
      return known && day + (written + known[2]) * hour
    })
    const read = (separator: string) =>
      meant.map((_, written) => readTime(`11月20日${part}${written}${separator}`, now))
    expect(read('点')).toEqual(meant)
    expect(read(':00')).toEqual(meant)
  })

  test.each([
    ['0:30 am', undefined],
    ['12:30 am', 0.5],
    ['1:30 am', 1.5],
    ['11:30 AM', 11.5],
    ['12:30 pm', 12.5],
    ['1:30pm', 13.5],
    ['11:30 PM', 23.5],
    ['13:30 am', undefined],
    ['下午1:30 pm', undefined],
  ])('before am and pm: %s', (written, at) => {
    expect(readTime(`2026-11-20 ${written}`, now)).toBe(at === undefined ? undefined : day + at * hour)
  })
})

test.each([
  ['9点整', 9 * 3_600],
  ['9点半', 9 * 3_600 + 30 * 60],
  ['9点05', 9 * 3_600 + 5 * 60],
  ['9点5分', 9 * 3_600 + 5 * 60],
  ['9时5分7秒', 9 * 3_600 + 5 * 60 + 7],
  ['9:05:07', 9 * 3_600 + 5 * 60 + 7],
  ['9:05:07.25', 9 * 3_600 + 5 * 60 + 7],
  ['23:59:59', 86_399],
  ['24:00', undefined],
  ['9:60', undefined],
  ['9点5', undefined],
  ['9:5', undefined],
])('minutes and seconds are read as they are written: %s', (written, seconds) => {
  expect(readTime(`2026-11-20 ${written}`, now)).toBe(
    seconds === undefined ? undefined : day + seconds * 1_000,
  )
})

test.each([
  ['2026-11-20T01:30Z', 9.5],
  ['2026-11-20T09:30:00+0800', 9.5],
  ['2026-11-20T09:30:00.000+08:00', 9.5],
  ['2026-11-19T20:30:00-05:00', 9.5],
  ['2026-11-20T25:30:00Z', undefined],
  ['2026-13-20T01:30:00Z', undefined],
  ['2026-13-01 09:30', undefined],
  ['2026-11-20 09:60', undefined],
  ['2026-11-20 09:30:59', 9.5 + 59 / 3_600],
  ['2026-11-20 09:30:60', undefined],
  ['2026-11-20 23:59:99', undefined],
  ['2026-00-10 09:30', undefined],
  ['2026-11-00 09:30', undefined],
  ['2026-11-31 09:30', undefined],
  ['2026.11.20 9:30', 9.5],
  [{ $numberLong: String(day + 9.5 * hour) }, 9.5],
  [day + 9.5 * hour + 0.4, 9.5],
  [new Date(Number.NaN), undefined],
  [Number.POSITIVE_INFINITY, undefined],
])('a date of any console exists, or is refused: %j', (written, at) => {
  expect(readTime(written, now)).toBe(at === undefined ? undefined : day + at * hour)
})

test.each([
  ['12月30日 8:00', Date.UTC(2027, 0, 2), Date.UTC(2026, 11, 30)],
  ['1月2日 8:00', Date.UTC(2026, 11, 30), Date.UTC(2027, 0, 2)],
  ['6月1日 8:00', now, Date.UTC(2026, 5, 1)],
  ['5月20日 8:00', now, Date.UTC(2027, 4, 20)],
  ['2月29日 8:00', Date.UTC(2027, 10, 1), Date.UTC(2028, 1, 29)],
  ['2月29日 8:00', now, undefined],
])('a date without a year is the nearest one: %s', (written, at, meant) => {
  expect(readTime(written, at)).toBe(meant)
})

test('a time is from 2001 on, where milliseconds can be told from seconds, and before 2100 in Beijing', () => {
  expect(readTime(1e12, now)).toBe(1e12)
  expect(readTime(1e12 - 1, now)).toBeUndefined()
  expect(readTime('2099-12-31 23:59:59', now)).toBe(Date.UTC(2099, 11, 31, 15, 59, 59))
  expect(readTime('2100-01-01 00:00', now)).toBeUndefined()
})

test.each([
  ['2026-11-20 上午12:30', '12 点分不清是中午还是半夜'],
  ['2026-11-20 凌晨 12 时', '12 点分不清是中午还是半夜'],
  ['2026-11-20 下午12:99', '看不懂这个时间'],
  ['2026-11-20 9', '看不懂这个时间'],
  ['晚上12点', '只有钟点，没有日期'],
  ['\u200b2026-11-20\u200b', '只有日期，没有钟点'],
  ['2100-01-01 00:00', '读出来是 2100 年，只能写 2002 到 2099 年'],
  ['1999-12-31 23:30', '读出来是 1999 年，只能写 2002 到 2099 年'],
  [true, '看不懂这个时间'],
  [1e300, '看不懂这个时间'],
])('what is wrong with %j is told', (written, said) => {
  expect(timeFault(written, now)).toBe(`${said}，请写成北京时间，如 2026-11-20 09:30`)
})

describe('whether readers see a story', () => {
  const row = (times: { publishAt?: number; offlineAt?: number; state?: 'withdrawn' }) => ({
    state: times.state ?? ('published' as const),
    publishAt: times.publishAt === undefined ? null : new Date(times.publishAt),
    offlineAt: times.offlineAt === undefined ? null : new Date(times.offlineAt),
  })
  test.each<[string, ReturnType<typeof row> | null, isPublic: boolean, isAhead: boolean]>([
    ['that does not exist', null, false, false],
    ['without times', row({}), true, false],
    ['at the moment of its publication', row({ publishAt: now }), true, false],
    ['a moment before', row({ publishAt: now + 1 }), false, true],
    ['a moment before it goes offline', row({ offlineAt: now + 1 }), true, false],
    ['at the moment when it goes offline', row({ offlineAt: now }), false, false],
    ['that was withdrawn', row({ state: 'withdrawn' }), false, false],
    ['that was withdrawn before its time', row({ state: 'withdrawn', publishAt: now + 1 }), false, false],
  ])('%s', (_what, story, seen, ahead) => {
    expect([isPublic(story, now), isAhead(story, now)]).toEqual([seen, ahead])
  })
})

describe('the time of a story', () => {
  type Parts = [draft: Parameters<typeof storyTimes>[0], before: Parameters<typeof storyTimes>[1]]
  const [past, earlier, future] = [now - hour, now - 2 * hour, now + hour]
  const times = (
    draft: { publishAt: number | null; status?: string },
    before: (Partial<Record<'publishedAt' | 'revisedAt' | 'publishAt', number>> & { state?: string }) | null,
  ) => {
    const date = (at: number | undefined) => (at === undefined ? null : new Date(at))
    const row = before && {
      state: before.state ?? 'published',
      publishedAt: date(before.publishedAt),
      revisedAt: date(before.revisedAt),
      publishAt: date(before.publishAt),
      offlineAt: null,
    }
    return storyTimes(...([{ status: '待发布', ...draft }, row] as unknown as Parts), now)
  }

  test.each([
    ['is now for a new story', times({ publishAt: null }, null), { publishedAt: now }],
    ['is the one that its editor wrote', times({ publishAt: future }, null), { publishedAt: future }],
    [
      'stays when nobody writes one',
      times({ publishAt: null }, { publishedAt: past }),
      { publishedAt: past },
    ],
    [
      'stays at the very moment of its publication',
      times({ publishAt: null }, { publishedAt: now }),
      { publishedAt: now },
    ],
    [
      'is now for a story that was stored ahead and no longer waits',
      times({ publishAt: null }, { publishedAt: future, publishAt: future }),
      { publishedAt: now },
    ],
    [
      'moves where its editor writes another one',
      times({ publishAt: past }, { publishedAt: earlier }),
      { publishedAt: past },
    ],
    [
      'stays for a new version that was scheduled: it does not come to the top of the lists again',
      times({ publishAt: past, status: '已定时' }, { publishedAt: earlier }),
      { publishedAt: earlier, revisedAt: new Date(past) },
    ],
    [
      'stays when such a version is published once more',
      times({ publishAt: past }, { publishedAt: earlier, revisedAt: past }),
      { publishedAt: earlier, revisedAt: new Date(past) },
    ],
    [
      'moves where a scheduled time is earlier than that of the story',
      times({ publishAt: earlier, status: '已定时' }, { publishedAt: past }),
      { publishedAt: earlier },
    ],
    [
      'moves for a story that readers did not see',
      times({ publishAt: past, status: '已定时' }, { publishedAt: earlier, state: 'withdrawn' }),
      { publishedAt: past },
    ],
  ])('%s', (_what, read, expected) => {
    expect(read).toEqual(expected)
  })
})
