import { ObjectId } from 'bson'
import { refusal, Session } from './session'

const session = new Session()

/** Documents of one call each: expressions without a document of their own. */
const value = (expression: unknown, document: Record<string, unknown> = {}) =>
  session.compute(document, expression)

/** A branch of `$switch`. An object with a `then` of its own would look like a promise. */
const branch = (condition: unknown, result: unknown) =>
  Object.fromEntries([
    ['case', condition],
    ['then', result],
  ])

const document = {
  s: 'Saturn',
  cn: '土星环',
  n: 5,
  half: 2.5,
  l: [3, 1, 2],
  mixed: [1, 'x', null, 3],
  e: [],
  o: { a: 1 },
  nul: null,
  t: true,
  at: new Date('2024-02-29T13:34:56.789Z'),
  id: new ObjectId('65'.repeat(12)),
}

describe('an expression is computed as MongoDB computes it:', () => {
  test.each<[string, unknown, unknown]>([
    [
      'equal',
      [{ $eq: ['$n', 5] }, { $eq: ['$n', '5'] }, { $eq: ['$none', null] }, { $eq: ['$none', '$none'] }],
      [true, false, false, true],
    ],
    ['different', [{ $ne: ['$n', 5] }, { $ne: ['$n', 4] }], [false, true]],
    ['above', [{ $gt: ['$n', 4] }, { $gt: ['$n', 5] }, { $gt: ['$nul', '$none'] }], [true, false, true]],
    ['from', [{ $gte: ['$n', 5] }, { $gte: ['$n', 6] }], [true, false]],
    ['below', [{ $lt: ['$n', 6] }, { $lt: ['$n', 5] }, { $lt: ['$none', null] }], [true, false, true]],
    ['up to', [{ $lte: ['$n', 5] }, { $lte: ['$n', 4] }], [true, false]],
    ['compared', [{ $cmp: ['$n', 9] }, { $cmp: ['$n', 5] }, { $cmp: ['$cn', 'a'] }], [-1, 0, 1]],
    [
      'not',
      [
        { $not: ['$t'] },
        { $not: '$none' },
        { $not: [0] },
        { $not: ['$nul'] },
        { $not: [''] },
        { $not: [false] },
      ],
      [false, true, true, true, false, true],
    ],
    ['and', [{ $and: ['$t', '$n'] }, { $and: ['$t', 0] }, { $and: '$none' }], [true, false, false]],
    [
      'or',
      [{ $or: [0, '$n'] }, { $or: [0, '$nul'] }, { $or: [] }, { $or: '$t' }],
      [true, false, false, true],
    ],
    [
      'the first branch that holds',
      {
        $switch: {
          branches: [branch(false, 1), branch('$t', '$n'), branch(true, 3)],
        },
      },
      5,
    ],
    ['the default branch', { $switch: { branches: [branch(false, 1)], default: '$s' } }, 'Saturn'],
    [
      'the rest of a division',
      [{ $mod: [-7, 3] }, { $mod: [7.5, 2] }, { $mod: ['$nul', 2] }, { $mod: [2, '$none'] }],
      [-1, 1.5, null, null],
    ],
    [
      'cut to places',
      [{ $trunc: -7.59 }, { $trunc: [7.59, 1] }, { $trunc: [1234, -2] }, { $trunc: ['$nul', 1] }],
      [-7, 7.5, 1200, null],
    ],
    [
      'rounded, halves to even',
      [0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 2.6].map($round => ({ $round })),
      [0, 2, 2, 0, -2, 2, 3],
    ],
    [
      'rounded to places',
      [
        { $round: [2.345, 2] },
        { $round: [1250, -2] },
        { $round: [1, 100] },
        { $round: [15, -20] },
        { $round: [1, '$nul'] },
        { $trunc: [1, '$none'] },
        { $round: [1e-7, 2] },
        { $trunc: [1.5e21, -20] },
        { $round: [1e300, 20] },
      ],
      [2.34, 1200, 1, 0, null, null, 0, 1.5e21, 1e300],
    ],
    ['rounded when endless', { $round: [Number.POSITIVE_INFINITY, 1] }, Number.POSITIVE_INFINITY],
    ['logarithms', [{ $ln: 1 }, { $log10: 1000 }, { $ln: '$nul' }, { $log10: '$none' }], [0, 3, null, null]],
    [
      'part of a text by bytes',
      [
        [2, -1],
        [0, 3],
        [2, 2],
        [9, 1],
        [-1, 2],
        [6, 1],
        [1.9, 2.9],
      ].map(([a, b]) => ({ $substrBytes: ['$s', a, b] })),
      ['turn', 'Sat', 'tu', '', '', '', 'at'],
    ],
    [
      'part of a Chinese text by bytes',
      [
        { $substrBytes: ['$cn', 3, 3] },
        { $substr: ['$cn', 3, -1] },
        { $substrBytes: ['$cn', 9, 3] },
        { $substrBytes: ['$cn', 6, 99] },
      ],
      ['星', '星环', '', '环'],
    ],
    [
      'part of a text by characters',
      [
        [1, 1],
        [0, 2],
        [2, 9],
        [3, 1],
        [0, 0],
      ].map(([a, b]) => ({ $substrCP: ['$cn', a, b] })),
      ['星', '土星', '环', '', ''],
    ],
    [
      'part of what is no text',
      [{ $substrCP: ['$n', 0, 1] }, { $substrCP: ['$none', 0, 1] }, { $substrBytes: ['$at', 0, 4] }],
      ['5', '', '2024'],
    ],
    [
      'the place of a text by characters',
      [
        ['$cn', '环'],
        ['$cn', '环', 2],
        ['$cn', '土', 1],
        ['$cn', '环', 0, 2],
        ['$cn', '星', 0, 2],
        ['$cn', '', 3],
        ['$cn', '', 4],
        ['$cn', '月'],
        ['$nul', 'x'],
      ].map($indexOfCP => ({ $indexOfCP })),
      [2, 2, -1, -1, 1, 3, -1, -1, null],
    ],
    [
      'the place of a text by bytes',
      [
        ['$cn', '环'],
        ['$cn', '环', 6],
        ['$cn', '环', 7],
        ['$cn', '环', 0, 8],
        ['$cn', '环', 0, 9],
        ['$cn', '环', 0, 99],
        ['$none', 'x'],
      ].map($indexOfBytes => ({ $indexOfBytes })),
      [6, 6, -1, -1, 6, 6, null],
    ],
    [
      'the length of a text',
      [{ $strLenCP: '$cn' }, { $strLenBytes: '$cn' }, { $strLenCP: '' }, { $strLenCP: ['\u{20bb7}'] }],
      [3, 9, 0, 1],
    ],
    [
      'a split text',
      [{ $split: ['a-b-', '-'] }, { $split: ['$nul', '-'] }, { $split: ['a', '$none'] }],
      [['a', 'b', ''], null, null],
    ],
    [
      'small and capital letters, of ASCII alone',
      [
        { $toLower: 'AbÉZ1' },
        { $toUpper: 'aBézü' },
        { $toLower: '$nul' },
        { $toUpper: '$n' },
        { $toLower: ['$at'] },
      ],
      ['abÉz1', 'ABéZü', '', '5', '2024-02-29t13:34:56.789z'],
    ],
    [
      'texts compared without case',
      [
        { $strcasecmp: ['a', 'B'] },
        { $strcasecmp: ['ab', 'AB'] },
        { $strcasecmp: ['b', 'A'] },
        { $strcasecmp: ['$none', ''] },
      ],
      [-1, 0, 1, 0],
    ],
    ['the length of a list', [{ $size: '$l' }, { $size: '$e' }, { $size: [[1, 2]] }], [3, 0, 2]],
    [
      'part of a list',
      [
        ['$l', 2],
        ['$l', -2],
        ['$l', 1, 1],
        ['$l', -2, 1],
        ['$l', -9, 2],
        ['$l', 9, 1],
        ['$l', 0],
        ['$nul', 1],
        ['$l', '$none'],
        ['$l', 1, '$nul'],
      ].map($slice => ({ $slice })),
      [[3, 1], [1, 2], [1], [1], [3, 1], [], [], null, null, null],
    ],
    [
      'whether a list has a value',
      [{ $in: [2, '$l'] }, { $in: ['2', '$l'] }, { $in: [2, '$e'] }],
      [true, false, false],
    ],
    [
      'the place in a list',
      [
        ['$l', 2],
        ['$l', 3, 1],
        ['$l', 3, 0],
        ['$l', 2, 0, 2],
        ['$l', 2, 0, 3],
        ['$l', 2, 0, 99],
        ['$l', 9],
        ['$nul', 1],
      ].map($indexOfArray => ({ $indexOfArray })),
      [2, -1, 0, -1, 2, 2, -1, null],
    ],
    [
      'pairs as an object',
      [
        {
          $arrayToObject: {
            $literal: [
              ['a', 1],
              ['b', 2],
              ['a', 3],
            ],
          },
        },
        { $arrayToObject: { $literal: [{ k: 'a', v: 1 }] } },
        { $arrayToObject: '$nul' },
        { $arrayToObject: '$e' },
      ],
      [{ a: 3, b: 2 }, { a: 1 }, null, {}],
    ],
    [
      'objects in one',
      [
        { $mergeObjects: ['$o', { a: 2, b: 3 }, '$nul'] },
        { $mergeObjects: '$o' },
        { $mergeObjects: '$none' },
      ],
      [{ a: 2, b: 3 }, { a: 1 }, {}],
    ],
    [
      'sets in one',
      [{ $setUnion: ['$l', [3, 4, 4]] }, { $setUnion: ['$l', '$nul'] }, { $setUnion: [] }],
      [[3, 1, 2, 4], null, []],
    ],
    [
      'what sets have in common',
      [
        { $setIntersection: ['$l', [2, 3, 3]] },
        { $setIntersection: ['$l', [1, 2], [2]] },
        { $setIntersection: ['$l', '$none'] },
        { $setIntersection: [[1, 1]] },
        { $setIntersection: [] },
      ],
      [[3, 2], [2], null, [1], []],
    ],
    [
      'what a set has alone',
      [
        { $setDifference: ['$l', [1]] },
        { $setDifference: [[1, 1, 2], [2]] },
        { $setDifference: ['$nul', [1]] },
        { $setDifference: ['$l', '$none'] },
      ],
      [[3, 2], [1], null, null],
    ],
    [
      'equal sets',
      [
        {
          $setEquals: [
            [1, 2],
            [2, 1, 2],
          ],
        },
        { $setEquals: [[1], [1, 2]] },
        { $setEquals: [[1], [1], [2]] },
      ],
      [true, false, false],
    ],
    [
      'a set in another',
      [{ $setIsSubset: [[1, 2], '$l'] }, { $setIsSubset: [[1, 9], '$l'] }, { $setIsSubset: [[], []] }],
      [true, false, true],
    ],
    [
      'a sum',
      [
        { $sum: '$l' },
        { $sum: ['$n', '$half', 'x'] },
        { $sum: '$mixed' },
        { $sum: '$s' },
        { $sum: ['$l'] },
        { $sum: ['$l', 1] },
      ],
      [6, 7.5, 4, 0, 6, 1],
    ],
    [
      'an average',
      [{ $avg: '$l' }, { $avg: ['$n', 1, 'x'] }, { $avg: '$e' }, { $avg: '$mixed' }],
      [2, 3, null, 2],
    ],
    [
      'the largest',
      [{ $max: '$l' }, { $max: ['$n', '$s'] }, { $max: '$e' }, { $max: ['$nul', '$none', -1] }],
      [3, 'Saturn', null, -1],
    ],
    ['the smallest', [{ $min: '$l' }, { $min: ['$n', '$s', '$nul'] }, { $min: '$none' }], [1, 5, null]],
    [
      'a deviation',
      [
        { $stdDevPop: [1, 5] },
        { $stdDevSamp: [1, 5, 'x'] },
        { $stdDevSamp: [1] },
        { $stdDevPop: [1] },
        { $stdDevPop: '$e' },
      ],
      [2, Math.sqrt(8), null, 0, null],
    ],
    ['a text as it stands', [{ $literal: '$n' }, { $literal: { $x: 1 } }], ['$n', { $x: 1 }]],
    ['the time of the cloud', { $eq: [{ $type: '$$NOW' }, 'date'] }, true],
  ])('%s', async (_name, expression, expected) => {
    expect(await value(expression, document)).toEqual(expected)
  })
})

describe('a date', () => {
  const units = [
    ['$year', 2024],
    ['$month', 2],
    ['$dayOfMonth', 29],
    ['$dayOfWeek', 5],
    ['$dayOfYear', 60],
    ['$hour', 13],
    ['$minute', 34],
    ['$second', 56],
    ['$millisecond', 789],
    ['$week', 8],
    ['$isoWeek', 9],
    ['$isoWeekYear', 2024],
    ['$isoDayOfWeek', 4],
  ] as const
  test.each(units)('has its %s, in each notation, and none without a date', async (unit, expected) => {
    const notations = ['$at', ['$at'], { date: '$at' }, { date: '$at', timezone: 'UTC' }]
    const nothing = ['$nul', '$none', { date: '$none' }, { date: '$at', timezone: '$nul' }]
    const all = await value(
      [...notations, ...nothing].map(of => ({ [unit]: of })),
      document,
    )
    expect(all).toEqual([...notations.map(() => expected), ...nothing.map(() => null)])
  })

  test('has other units in another time zone', async () => {
    const east = { date: '$at', timezone: 'Asia/Shanghai' }
    const west = { date: '$at', timezone: '-14:30' }
    const midnight = { date: new Date('2024-12-31T16:00:00Z'), timezone: '+08' }
    expect(
      await value(
        [{ $hour: east }, { $dayOfMonth: west }, { $hour: west }, { $minute: west }, { $year: midnight }],
        document,
      ),
    ).toEqual([21, 28, 23, 4, 2025])
  })

  test('of a document’s id is when the id was made', async () => {
    expect(await value({ $year: '$id' }, document)).toBe(2023)
  })

  test.each([
    ['2023-01-01', 1, 52, 2022, 7, 1],
    ['2023-01-02', 1, 1, 2023, 1, 2],
    ['2024-01-06', 0, 1, 2024, 6, 6],
    ['2024-01-07', 1, 1, 2024, 7, 7],
    ['2024-12-29', 52, 52, 2024, 7, 364],
    ['2024-12-30', 52, 1, 2025, 1, 365],
    ['2021-01-03', 1, 53, 2020, 7, 3],
    ['2020-12-31', 52, 53, 2020, 4, 366],
  ])('%s is in its week', async (day, week, isoWeek, isoYear, isoDay, dayOfYear) => {
    const date = new Date(`${day}T00:00:00Z`)
    const units = ['$week', '$isoWeek', '$isoWeekYear', '$isoDayOfWeek', '$dayOfYear'].map(unit => ({
      [unit]: date,
    }))
    expect(await value(units)).toEqual([week, isoWeek, isoYear, isoDay, dayOfYear])
  })

  test.each<[string, string | undefined, string | undefined, string]>([
    ['every part', '%Y-%m-%d %H:%M:%S.%L', undefined, '2024-02-09 03:04:05.006'],
    ['names of months', '%b %B', undefined, 'Feb February'],
    ['days and weeks', '%j %w %u %U %V %G', undefined, '040 6 5 05 06 2024'],
    ['a time zone', '%H:%M %z %Z', '+05:30', '08:34 +0530 330'],
    ['a time zone west of Greenwich', '%d %H:%M %z %Z', '-03:30', '08 23:34 -0330 -210'],
    ['a named time zone', '%d %H %z', 'Asia/Shanghai', '09 11 +0800'],
    ['a percent sign', '100%%', undefined, '100%'],
    ['the usual form', undefined, undefined, '2024-02-09T03:04:05.006Z'],
    ['the usual form elsewhere', undefined, '+08:00', '2024-02-09T11:04:05.006'],
  ])('is written with %s', async (_name, format, timezone, text) => {
    const date = new Date('2024-02-09T03:04:05.006Z')
    const given = { date, ...(format ? { format } : {}), ...(timezone ? { timezone } : {}) }
    expect(await value({ $dateToString: given })).toBe(text)
  })

  test('that is missing is written as asked, or as nothing', async () => {
    const all = [
      { date: '$none' },
      { date: '$nul', onNull: 'none' },
      { date: '$at', format: '$nul' },
      { date: '$at', timezone: '$none' },
    ]
    expect(
      await value(
        all.map($dateToString => ({ $dateToString })),
        document,
      ),
    ).toEqual([null, 'none', null, null])
  })

  const noon = '2024-02-09T12:00:00.000Z'
  test.each<[string, string | undefined, string | undefined, string | null]>([
    ['2024-02-09', undefined, undefined, '2024-02-09T00:00:00.000Z'],
    ['2024-2-9', undefined, undefined, '2024-02-09T00:00:00.000Z'],
    ['2024-02-09T12:00', undefined, undefined, noon],
    ['2024-02-09 12:00:00', undefined, undefined, noon],
    [' 2024-02-09T12:00:00Z ', undefined, undefined, noon],
    ['2024-02-09T20:00:00+08:00', undefined, undefined, noon],
    ['2024-02-09T20:00:00+0800', undefined, undefined, noon],
    ['2024-02-09T09:00:00 -03', undefined, undefined, noon],
    ['2024-02-09T12:00:00.5', undefined, undefined, '2024-02-09T12:00:00.500Z'],
    ['2024-02-09T12:00:00.123456789z', undefined, undefined, '2024-02-09T12:00:00.123Z'],
    ['2024-02-09T20:00:00', undefined, 'Asia/Shanghai', noon],
    ['2024-02-09T07:00:00', undefined, 'America/New_York', noon],
    ['Feb 9, 2024 12:00', undefined, undefined, noon],
    ['2/9/2024 20:00', undefined, '+08:00', noon],
    ['Fri, 09 Feb 2024 12:00:00 GMT', undefined, undefined, noon],
    ['2024-13-01', undefined, undefined, null],
    ['2024-00-01', undefined, undefined, null],
    ['2024-01-32', undefined, undefined, null],
    ['2024-01-00', undefined, undefined, null],
    ['2024-01-01T24:00', undefined, undefined, null],
    ['2024-01-01T23:60', undefined, undefined, null],
    ['tomorrow', undefined, undefined, null],
    ['12', undefined, undefined, null],
    ['nonsense GMT', undefined, undefined, null],
    ['09.02.2024 12h', '%d.%m.%Y %Hh', undefined, noon],
    ['2024-02-09 20:00:00.000', '%Y-%m-%d %H:%M:%S.%L', '+08:00', noon],
    ['2024-02-09 20:00 +0800', '%Y-%m-%d %H:%M %z', undefined, noon],
    ['2024-02-09 20:00 480', '%Y-%m-%d %H:%M %Z', undefined, null],
    ['2024-02-09 20:00 +480', '%Y-%m-%d %H:%M %Z', undefined, noon],
    ['2024 040 12', '%Y %j %H', undefined, noon],
    ['2024 6 5', '%G %V %u', undefined, '2024-02-09T00:00:00.000Z'],
    ['2020 53 7', '%G %V %u', undefined, '2021-01-03T00:00:00.000Z'],
    ['100% 2024-02-09', '100%% %Y-%m-%d', undefined, '2024-02-09T00:00:00.000Z'],
    ['2024-02-09', '%Y/%m/%d', undefined, null],
    ['2024-02', '%Y-%m', undefined, null],
    ['2024-13-01', '%Y-%m-%d', undefined, null],
    ['2024-01-32', '%Y-%m-%d', undefined, null],
    ['x2024-02-09', '%Y-%m-%d', undefined, null],
    ['2024-02-09x', '%Y-%m-%d', undefined, null],
  ])('is read from %j by the form %s in %s', async (dateString, format, timezone, expected) => {
    const given = {
      dateString,
      ...(format ? { format } : {}),
      ...(timezone ? { timezone } : {}),
      onError: null,
    }
    const date = await value({ $dateFromString: given })
    expect(date === null ? null : (date as Date).toISOString()).toBe(expected)
  })

  test('that no text gives is what was asked for', async () => {
    const all = [
      { dateString: '$none' },
      { dateString: '$nul', onNull: 'none' },
      { dateString: 'x', onError: 'wrong' },
      { dateString: '$n', onError: 'wrong' },
      { dateString: '2024-02-09', timezone: '$nul' },
      { dateString: '2024-02-09', format: '$nul' },
    ]
    expect(
      await value(
        all.map($dateFromString => ({ $dateFromString })),
        document,
      ),
    ).toEqual([null, 'none', 'wrong', 'wrong', null, null])
  })

  test.each<[Record<string, unknown>, string | null]>([
    [{ year: 2024 }, '2024-01-01T00:00:00.000Z'],
    [
      { year: 2024, month: 2, day: 29, hour: 1, minute: 2, second: 3, millisecond: 4 },
      '2024-02-29T01:02:03.004Z',
    ],
    [{ year: 2023, month: 2, day: 29 }, '2023-03-01T00:00:00.000Z'],
    [{ year: 2017, month: 14 }, '2018-02-01T00:00:00.000Z'],
    [{ year: 2017, month: 0 }, '2016-12-01T00:00:00.000Z'],
    [{ year: 2017, month: 12 }, '2017-12-01T00:00:00.000Z'],
    [{ year: 2017, month: -11 }, '2016-01-01T00:00:00.000Z'],
    [{ year: 2017, hour: 25, minute: -1 }, '2017-01-02T00:59:00.000Z'],
    [{ year: 1 }, '0001-01-01T00:00:00.000Z'],
    [{ year: 9999 }, '9999-01-01T00:00:00.000Z'],
    [{ isoWeekYear: 2020, isoWeek: 53, isoDayOfWeek: 7, hour: 5 }, '2021-01-03T05:00:00.000Z'],
    [{ isoWeekYear: 2024 }, '2024-01-01T00:00:00.000Z'],
    [{ year: 2024, timezone: 'Asia/Shanghai' }, '2023-12-31T16:00:00.000Z'],
    [{ year: 2024, month: null }, null],
    [{ year: 2024, day: '$none' }, null],
    [{ year: 2024, timezone: null }, null],
    // The night in which New York's clocks go forward: at 2 they show 3.
    [{ year: 2024, month: 3, day: 10, hour: 1, timezone: 'America/New_York' }, '2024-03-10T06:00:00.000Z'],
    [{ year: 2024, month: 3, day: 10, hour: 3, timezone: 'America/New_York' }, '2024-03-10T07:00:00.000Z'],
  ])('of the parts %j', async ($dateFromParts, expected) => {
    const date = await value({ $dateFromParts })
    expect(date === null ? null : (date as Date).toISOString()).toBe(expected)
  })

  test('is split into parts', async () => {
    const time = { hour: 21, minute: 34, second: 56, millisecond: 789 }
    const of = (more: object) => ({ $dateToParts: { date: '$at', timezone: '+08:00', ...more } })
    expect(
      await value(
        [
          of({}),
          of({ iso8601: true }),
          of({ iso8601: false }),
          of({ date: '$nul' }),
          of({ timezone: '$nul' }),
        ],
        document,
      ),
    ).toEqual([
      { year: 2024, month: 2, day: 29, ...time },
      { isoWeekYear: 2024, isoWeek: 9, isoDayOfWeek: 4, ...time },
      { year: 2024, month: 2, day: 29, ...time },
      null,
      null,
    ])
  })

  test.each<[string, unknown, string]>([
    [
      'a zone that is a number',
      { $hour: { date: '$at', timezone: 8 } },
      'timezone must evaluate to a string',
    ],
    [
      'an unknown zone',
      { $hour: { date: '$at', timezone: 'Moon/Base' } },
      'unrecognized time zone identifier: "Moon/Base"',
    ],
    [
      'two dates',
      { $hour: ['$at', '$at'] },
      '$hour accepts exactly one argument if given an array, but was given 2',
    ],
    ['an unknown form', { $dateToString: { date: '$at', format: '%x' } }, "Invalid format character '%x'"],
    [
      'a form that ends too soon',
      { $dateToString: { date: '$at', format: '%' } },
      "Invalid format character '%'",
    ],
    [
      'an unknown form to read',
      { $dateFromString: { dateString: 'x', format: '%b' } },
      "Invalid format character '%b'",
    ],
    [
      'two zones',
      { $dateFromString: { dateString: '2024-02-09T12:00Z', timezone: '+08:00' } },
      'together with a timezone argument',
    ],
    [
      'two zones in another form',
      { $dateFromString: { dateString: 'Feb 9, 2024 12:00 GMT', timezone: 'UTC' } },
      'together with a timezone argument',
    ],
    [
      'two zones by a form',
      { $dateFromString: { dateString: '2024-02-09 Z', format: '%Y-%m-%d %z', timezone: 'UTC' } },
      'together with a timezone argument',
    ],
    ['no date', { $dateToString: { format: '%Y' } }, "Missing 'date' parameter"],
    [
      'a year of nought',
      { $dateFromParts: { year: 0 } },
      "'year' must evaluate to an integer in the range 1 to 9999, found 0",
    ],
    [
      'an ISO year too late',
      { $dateFromParts: { isoWeekYear: 10_000 } },
      "'isoWeekYear' must evaluate to an integer in the range",
    ],
    ['no object', { $dateToParts: '$at' }, '$dateToParts only supports an object as its argument'],
    ['a truth for a date', { $year: '$t' }, "can't convert from BSON type bool to Date"],
  ])('is refused with %s', async (_name, expression, words) => {
    expect((await refusal(value(expression, document))).message).toContain(words)
  })
})

test.each<[unknown, string]>([
  [{ $cmp: [1] }, 'Expression $cmp takes exactly 2 arguments. 1 were passed in.'],
  [
    { $slice: [[1]] },
    'Expression $slice takes at least 2 arguments, and at most 3 arguments. 1 were passed in.',
  ],
  [{ $slice: [[1], 1, 1, 1] }, '4 were passed in.'],
  [{ $strLenCP: '$nul' }, '$strLenCP requires a string argument, found: null'],
  [{ $substrBytes: ['$cn', 0, 4] }, 'ending index is in the middle'],
  [{ $indexOfBytes: ['$s', 'a', -1] }, '$indexOfBytes requires a nonnegative index, found: -1'],
  [
    { $indexOfCP: ['$s', 'a', 0, 0.5] },
    'requires an integral starting or ending index, found a value of type: double',
  ],
  [{ $indexOfArray: ['$l', 1, 0, -1] }, 'requires a nonnegative integral index, found: -1'],
  [{ $indexOfArray: ['$n', 1] }, 'The argument to $indexOfArray must be an array, but was of type: int'],
  [{ $setDifference: ['$n', []] }, 'The argument to $setDifference must be an array'],
  [{ $setIsSubset: [[], '$none'] }, 'must be an array, but was of type: missing'],
  [{ $setEquals: [[], '$nul'] }, 'must be an array, but was of type: null'],
  [
    { $setIntersection: [[1], 'x'] },
    'All operands of $setIntersection must be arrays. One argument is of type: string',
  ],
  [{ $arrayToObject: { $literal: [[1, 2, 3]] } }, 'requires an array of size 2 arrays'],
  [{ $arrayToObject: { $literal: [{ k: 'a', v: 1, w: 2 }] } }, 'requires an array of size 2 arrays'],
  [{ $arrayToObject: { $literal: [{ k: 'a' }] } }, 'requires an array of size 2 arrays'],
  [{ $arrayToObject: { $literal: [['__proto__', 1]] } }, "'__proto__' is not allowed"],
  [{ $log10: -1 }, 'must be a positive number, but is -1'],
  [{ $toUpper: '$t' }, "can't convert from BSON type bool to String ($toUpper)"],
  [{ $switch: { default: 1 } }, '$switch requires at least one branch'],
  [{ $switch: [] }, '$switch requires at least one branch'],
  [{ $switch: { branches: [1] } }, "requires each branch have a 'case' and a 'then'"],
  [{ $accumulator: {} }, 'the expression $accumulator is not offered'],
  [{ $rand: {} }, 'the expression $rand is not offered'],
  [{ a: { $nothing: 1 } }, "Unrecognized expression '$nothing'"],
  [[{ $nothing: 1 }], "Unrecognized expression '$nothing'"],
  [{ $add: [1, { $nothing: 1 }] }, "Unrecognized expression '$nothing'"],
  [{ toString: { $toString1: 1 } }, "Unrecognized expression '$toString1'"],
  [{ $constructor: 1 }, "Unrecognized expression '$constructor'"],
])('the expression %j is refused', async (expression, words) => {
  expect((await refusal(value(expression, document))).message).toContain(words)
})

test.each<[number, number, string[]]>([
  [
    1,
    1,
    ['$not', '$ln', '$log10', '$strLenCP', '$strLenBytes', '$toLower', '$toUpper', '$size', '$arrayToObject'],
  ],
  [1, 2, ['$trunc', '$round']],
  [
    2,
    2,
    [
      '$eq',
      '$ne',
      '$gt',
      '$gte',
      '$lt',
      '$lte',
      '$cmp',
      '$mod',
      '$split',
      '$strcasecmp',
      '$in',
      '$setDifference',
      '$setIsSubset',
    ],
  ],
  [2, 3, ['$slice']],
  [2, 4, ['$indexOfCP', '$indexOfBytes', '$indexOfArray']],
  [3, 3, ['$substr', '$substrBytes', '$substrCP']],
])('%i to %i values are taken by %j, no more and no fewer', async (least, most, operators) => {
  for (const operator of operators)
    for (const given of [least - 1, most + 1]) {
      const expression = { [operator]: Array(given).fill(null) }
      expect((await refusal(value(expression))).message).toContain(`${given} were passed in.`)
    }
})
