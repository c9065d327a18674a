import {
  type BehaviourCloud,
  connectBehaviourCloud,
  type Database,
  failure,
} from '../../support/behaviour-cloud'

let cloud: BehaviourCloud
let db: Database
let _: Database['command']
let $: Database['command']
beforeAll(async () => {
  cloud = await connectBehaviourCloud()
  db = cloud.db
  _ = db.command
  $ = _.aggregate
})
afterAll(() => cloud.stop())

/** The value of an expression on one document. */
async function value(document: Record<string, unknown>, expression: unknown): Promise<unknown> {
  const name = await cloud.collection([document])
  const { list } = await db.collection(name).aggregate().project({ _id: 0, value: expression }).end()
  return list[0]?.value
}

const sales = [
  { _id: 1, shop: 'a', item: 'x', n: 1, tags: ['p', 'q'] },
  { _id: 2, shop: 'a', item: 'y', n: 5, tags: ['q'] },
  { _id: 3, shop: 'b', item: 'x', n: 10, tags: [] },
  { _id: 4, shop: 'b', item: 'z', n: 20 },
]

describe('stages', () => {
  let shop: string
  beforeAll(async () => {
    shop = await cloud.collection(sales)
  })
  const start = () => db.collection(shop).aggregate()

  test('match accepts query commands and combines with sort, skip, limit and project', async () => {
    const { list } = await start()
      .match({ n: _.gte(5) })
      .sort({ n: -1 })
      .skip(1)
      .limit(1)
      .project({ _id: 0, n: 1, double: $.multiply(['$n', 2]) })
      .end()
    expect(list).toEqual([{ n: 10, double: 20 }])
  })

  test('group supports every accumulator', async () => {
    const { list } = await start()
      .sort({ _id: 1 })
      .group({
        _id: '$shop',
        sum: $.sum('$n'),
        doubled: $.sum($.multiply(['$n', 2])),
        count: $.sum(1),
        avg: $.avg('$n'),
        max: $.max('$n'),
        min: $.min('$item'),
        first: $.first('$item'),
        last: $.last('$item'),
        items: $.push('$item'),
        pairs: $.push({ item: '$item', n: '$n' }),
        tags: $.push('$tags'),
        set: $.addToSet('$shop'),
        spread: $.stdDevPop('$n'),
      })
      .sort({ _id: 1 })
      .end()
    expect(list).toEqual([
      {
        _id: 'a',
        sum: 6,
        doubled: 12,
        count: 2,
        avg: 3,
        max: 5,
        min: 'x',
        first: 'x',
        last: 'y',
        items: ['x', 'y'],
        pairs: [
          { item: 'x', n: 1 },
          { item: 'y', n: 5 },
        ],
        tags: [['p', 'q'], ['q']],
        set: ['a'],
        spread: 2,
      },
      {
        _id: 'b',
        sum: 30,
        doubled: 60,
        count: 2,
        avg: 15,
        max: 20,
        min: 'x',
        first: 'x',
        last: 'z',
        items: ['x', 'z'],
        pairs: [
          { item: 'x', n: 10 },
          { item: 'z', n: 20 },
        ],
        tags: [[]],
        set: ['b'],
        spread: 5,
      },
    ])
  })

  test('group puts null and missing into one group and accepts an object as key', async () => {
    const name = await cloud.collection([{ g: null, n: 1 }, { n: 2 }, { g: 1, n: 4 }])
    const { list } = await db
      .collection(name)
      .aggregate()
      .group({ _id: '$g', sum: $.sum('$n') })
      .sort({ _id: 1 })
      .end()
    expect(list).toEqual([
      { _id: null, sum: 3 },
      { _id: 1, sum: 4 },
    ])
    const byPair = await start()
      .group({ _id: { shop: '$shop', many: $.gte(['$n', 5]) }, count: $.sum(1) })
      .end()
    expect(byPair.list).toHaveLength(3)
  })

  test('bucket includes its lower bound, excludes its upper bound and leaves out empty buckets', async () => {
    const bounded = await start()
      .bucket({ groupBy: '$n', boundaries: [0, 5, 10, 15, 20], default: 'other' })
      .end()
    expect(bounded.list).toEqual([
      { _id: 0, count: 1 },
      { _id: 5, count: 1 },
      { _id: 10, count: 1 },
      { _id: 'other', count: 1 },
    ])
    const { errMsg } = await failure(
      start()
        .bucket({ groupBy: '$n', boundaries: [0, 5] })
        .end(),
    )
    expect(errMsg).toContain('no default was specified')
  })

  test('bucketAuto distributes documents evenly', async () => {
    const { list } = await start().bucketAuto({ groupBy: '$n', buckets: 2 }).end()
    expect(list).toEqual([
      { _id: { min: 1, max: 10 }, count: 2 },
      { _id: { min: 10, max: 20 }, count: 2 },
    ])
  })

  test('sortByCount, count and sample work', async () => {
    expect((await start().sortByCount('$item').end()).list[0]).toEqual({ _id: 'x', count: 2 })
    expect((await start().match({ shop: 'a' }).count('many').end()).list).toEqual([{ many: 2 }])
    expect((await start().match({ shop: 'none' }).count('many').end()).list).toEqual([])
    const { list } = await start().sample({ size: 3 }).end()
    expect(new Set(list.map(({ _id }) => _id)).size).toBe(3)
    expect((await start().sample({ size: 99 }).end()).list).toHaveLength(4)
  })

  test('unwind can add the index and preserve empty or missing arrays', async () => {
    const plain = await start().unwind('$tags').project({ tags: 1 }).end()
    expect(plain.list).toEqual([
      { _id: 1, tags: 'p' },
      { _id: 1, tags: 'q' },
      { _id: 2, tags: 'q' },
    ])
    const kept = await start()
      .unwind({ path: '$tags', includeArrayIndex: 'i', preserveNullAndEmptyArrays: true })
      .project({ tags: 1, i: 1 })
      .end()
    expect(kept.list).toEqual([
      { _id: 1, tags: 'p', i: 0 },
      { _id: 1, tags: 'q', i: 1 },
      { _id: 2, tags: 'q', i: 0 },
      { _id: 3, i: null },
      { _id: 4, i: null },
    ])
  })

  test('addFields adds fields and replaceRoot replaces the document', async () => {
    const added = await start()
      .match({ _id: 1 })
      .addFields({ twice: $.add(['$n', '$n']), 'deep.x': 1 })
      .end()
    expect(added.list[0]).toEqual({ ...sales[0], twice: 2, deep: { x: 1 } })
    const name = await cloud.collection([{ _id: 1, in: { a: 1 } }])
    const root = db.collection(name).aggregate()
    expect((await root.replaceRoot({ newRoot: '$in' }).end()).list).toEqual([{ a: 1 }])
    const { errMsg } = await failure(db.collection(name).aggregate().replaceRoot({ newRoot: '$none' }).end())
    expect(errMsg).toContain("'newRoot' expression must evaluate to an object")
  })

  test('a projection that removes nested fields does not change the stored document', async () => {
    const name = await cloud.collection([{ _id: 1, o: { a: 1, b: 2 } }])
    const cut = await db.collection(name).aggregate().project({ 'o.a': 0 }).end()
    expect(cut.list).toEqual([{ _id: 1, o: { b: 2 } }])
    expect((await db.collection(name).doc(1).get()).data).toEqual({ _id: 1, o: { a: 1, b: 2 } })
  })

  test('lookup by equality joins arrays by element and missing with missing', async () => {
    const items = await cloud.collection([
      { _id: 'x', name: 'X' },
      { _id: 'y', name: 'Y' },
    ])
    const { list } = await start()
      .lookup({ from: items, localField: 'item', foreignField: '_id', as: 'found' })
      .sort({ _id: 1 })
      .project({ found: 1 })
      .end()
    expect(list).toEqual([
      { _id: 1, found: [{ _id: 'x', name: 'X' }] },
      { _id: 2, found: [{ _id: 'y', name: 'Y' }] },
      { _id: 3, found: [{ _id: 'x', name: 'X' }] },
      { _id: 4, found: [] },
    ])
    const tags = await cloud.collection([{ _id: 1, t: 'p' }, { _id: 2, t: 'q' }, { _id: 3 }])
    const joined = await start()
      .lookup({ from: tags, localField: 'tags', foreignField: 't', as: 'found' })
      .sort({ _id: 1 })
      .end()
    expect(joined.list.map(({ found }) => (found as { _id: number }[]).map(({ _id }) => _id))).toEqual([
      [1, 2],
      [2],
      [],
      [3],
    ])
  })

  test('lookup accepts variables and a pipeline', async () => {
    const limits = await cloud.collection([
      { _id: 1, shop: 'a', least: 3 },
      { _id: 2, shop: 'b', least: 15 },
    ])
    const { list } = await start()
      .lookup({
        from: limits,
        let: { shop: '$shop', n: '$n' },
        pipeline: $.pipeline()
          .match(_.expr($.and([$.eq(['$shop', '$$shop']), $.lte(['$least', '$$n'])])))
          .project({ _id: 0, least: 1 })
          .done(),
        as: 'met',
      })
      .sort({ _id: 1 })
      .project({ met: 1 })
      .end()
    expect(list.map(({ met }) => met)).toEqual([[], [{ least: 3 }], [], [{ least: 15 }]])
  })

  test('refuses what MongoDB refuses, and names unsupported features', async () => {
    for (const [work, words] of [
      [start().limit(0), 'the limit must be positive'],
      [start().group({ sum: $.sum('$n') }), 'must include an _id'],
      [start().group({ _id: 1, n: { $foo: 1 } }), "unknown group operator '$foo'"],
      [start().project({ a: 1, b: 0 }), 'Cannot do exclusion on field b in inclusion projection'],
      [start().project({ a: { $foo: 1 } }), "Unrecognized expression '$foo'"],
      [start().match({ n: { $foo: 1 } }), 'unknown operator: $foo'],
      [start().sort({ n: 2 }), '$sort key ordering must be 1'],
    ] as const) {
      const { errCode, errMsg } = await failure(work.end())
      expect(errCode).toBe(-1)
      expect(errMsg).toContain(words)
    }
  })
})

describe('dates', () => {
  const at = new Date('2019-05-14T09:38:51.686Z')

  test.each([
    ['year', 2019],
    ['month', 5],
    ['dayOfMonth', 14],
    ['dayOfYear', 134],
    ['dayOfWeek', 3],
    ['hour', 9],
    ['minute', 38],
    ['second', 51],
    ['millisecond', 686],
    ['week', 19],
    ['isoWeek', 20],
    ['isoWeekYear', 2019],
    ['isoDayOfWeek', 2],
  ])('%s is %s', async (operator, expected) => {
    expect(await value({ at }, $[operator]('$at'))).toBe(expected)
  })

  test('weeks start on Sunday, and days before the first Sunday are in week 0', async () => {
    expect(await value({ at: new Date('2023-01-01T00:00:00Z') }, $.week('$at'))).toBe(1)
    expect(await value({ at: new Date('2024-01-06T00:00:00Z') }, $.week('$at'))).toBe(0)
    expect(await value({ at: new Date('2024-01-07T00:00:00Z') }, $.week('$at'))).toBe(1)
    expect(await value({ at: new Date('2021-01-02T00:00:00Z') }, $.isoWeekYear('$at'))).toBe(2020)
  })

  test('accept a time zone, and give null for null', async () => {
    expect(await value({ at }, $.hour({ date: '$at', timezone: 'Asia/Shanghai' }))).toBe(17)
    expect(await value({ at }, $.hour({ date: '$at', timezone: '+08:00' }))).toBe(17)
    expect(await value({ at: null }, $.year('$at'))).toBeNull()
    expect(await value({}, $.year('$at'))).toBeNull()
  })

  test('dateToString supports its format specifiers', async () => {
    const format = '%Y-%m-%d %H:%M:%S.%L %j %u %w %U %V %G %z %%'
    expect(await value({ at }, $.dateToString({ date: '$at', format }))).toBe(
      '2019-05-14 09:38:51.686 134 2 3 19 20 2019 +0000 %',
    )
    expect(
      await value({ at }, $.dateToString({ date: '$at', format: '%H:%M', timezone: 'Asia/Shanghai' })),
    ).toBe('17:38')
    expect(await value({ at }, $.dateToString({ date: '$none', onNull: 'none' }))).toBe('none')
  })

  test('dateFromString and dateFromParts build dates and report invalid text', async () => {
    expect(await value({}, $.dateFromString({ dateString: at.toISOString() }))).toEqual(at)
    expect(
      await value({}, $.dateFromString({ dateString: '2024-01-22', timezone: 'Asia/Shanghai' })),
    ).toEqual(new Date('2024-01-21T16:00:00Z'))
    const parts = { year: 2017, month: 2, day: 8, hour: 12, timezone: 'America/New_York' }
    expect(await value({}, $.dateFromParts(parts))).toEqual(new Date('2017-02-08T17:00:00Z'))
    expect(await value({}, $.dateFromParts({ year: 2017, month: 14 }))).toEqual(
      new Date('2018-02-01T00:00:00Z'),
    )
    expect((await failure(value({}, $.dateFromString({ dateString: 'x' })))).errMsg).toContain(
      'Error parsing date string',
    )
  })

  test('add and subtract count in milliseconds', async () => {
    expect(await value({ at }, $.add(['$at', 1000]))).toEqual(new Date(at.getTime() + 1000))
    expect(await value({ at }, $.subtract(['$at', '$at']))).toBe(0)
  })
})

describe('text', () => {
  test.each([
    ['substr to the end', () => $.substr(['$s', 2, -1]), 'turn'],
    ['substr in bytes', () => $.substrBytes(['$cn', 3, 3]), '星'],
    ['substrCP in characters', () => $.substrCP(['$cn', 1, 1]), '星'],
    ['substr beyond the end', () => $.substr(['$s', 50, 1]), ''],
    ['indexOfCP', () => $.indexOfCP(['$cn', '环']), 2],
    ['indexOfBytes', () => $.indexOfBytes(['$cn', '环']), 6],
    ['indexOfCP from a place', () => $.indexOfCP(['$s', 'a', 2]), -1],
    ['strLenCP', () => $.strLenCP('$cn'), 3],
    ['strLenBytes', () => $.strLenBytes('$cn'), 9],
    ['split', () => $.split(['a-b', '-']), ['a', 'b']],
    ['concat', () => $.concat(['$s', '!']), 'Saturn!'],
    ['concat with null', () => $.concat(['$s', null]), null],
    ['toUpper', () => $.toUpper('$s'), 'SATURN'],
    ['toLower of null', () => $.toLower('$none'), ''],
    ['strcasecmp', () => $.strcasecmp(['a', 'B']), -1],
  ])('%s', async (_name, expression, expected) => {
    expect(await value({ s: 'Saturn', cn: '土星环' }, expression())).toEqual(expected)
  })
})

describe('arrays, sets, objects, logic and numbers', () => {
  const document = { l: [3, 1, 2], e: [], n: 5, none: null, o: { a: 1 } }

  test.each([
    ['arrayElemAt from the end', () => $.arrayElemAt(['$l', -1]), 2],
    ['size', () => $.size('$l'), 3],
    ['slice', () => $.slice(['$l', 1, 2]), [1, 2]],
    ['filter', () => $.filter({ input: '$l', as: 'i', cond: $.gt(['$$i', 1]) }), [3, 2]],
    ['map', () => $.map({ input: '$l', as: 'i', in: $.add(['$$i', '$n']) }), [8, 6, 7]],
    ['reduce', () => $.reduce({ input: '$l', initialValue: 0, in: $.add(['$$value', '$$this']) }), 6],
    ['in', () => $.in([2, '$l']), true],
    ['indexOfArray', () => $.indexOfArray(['$l', 2]), 2],
    ['concatArrays', () => $.concatArrays(['$l', [9]]), [3, 1, 2, 9]],
    ['concatArrays with null', () => $.concatArrays(['$l', '$none']), null],
    ['range', () => $.range([0, 10, 4]), [0, 4, 8]],
    ['reverseArray', () => $.reverseArray('$l'), [2, 1, 3]],
    [
      'zip',
      () => $.zip({ inputs: ['$l', ['a']], useLongestLength: true, defaults: [0, '-'] }),
      [
        [3, 'a'],
        [1, '-'],
        [2, '-'],
      ],
    ],
    [
      'arrayToObject',
      () =>
        $.arrayToObject([
          [
            ['a', 1],
            ['b', 2],
          ],
        ]),
      { a: 1, b: 2 },
    ],
    ['objectToArray', () => $.objectToArray('$o'), [{ k: 'a', v: 1 }]],
    ['mergeObjects', () => $.mergeObjects(['$o', { b: 2 }]), { a: 1, b: 2 }],
    ['setUnion', () => $.setUnion(['$l', [3, 4]]), [3, 1, 2, 4]],
    ['setIntersection', () => $.setIntersection(['$l', [1, 9]]), [1]],
    ['setDifference', () => $.setDifference(['$l', [1]]), [3, 2]],
    [
      'setEquals',
      () =>
        $.setEquals([
          [1, 2],
          [2, 1, 2],
        ]),
      true,
    ],
    ['setIsSubset', () => $.setIsSubset([[], '$l']), true],
    ['allElementsTrue', () => $.allElementsTrue(['$e']), true],
    ['anyElementTrue', () => $.anyElementTrue(['$e']), false],
    ['and of nothing', () => $.and([]), true],
    ['not of an empty text', () => $.not(['']), false],
    // biome-ignore lint/suspicious/noThenProperty: the name MongoDB gives it
    ['cond', () => $.cond({ if: $.gte(['$n', 5]), then: 'y', else: 'n' }), 'y'],
    ['ifNull', () => $.ifNull(['$none', 'd']), 'd'],
    // biome-ignore lint/suspicious/noThenProperty: the name MongoDB gives it
    ['switch', () => $.switch({ branches: [{ case: $.gt(['$n', 9]), then: 1 }], default: 2 }), 2],
    ['let', () => $.let({ vars: { a: 2 }, in: $.multiply(['$$a', '$n']) }), 10],
    ['literal', () => $.literal('$n'), '$n'],
    ['comparison across types: text is more than a number', () => $.gt(['x', '$n']), true],
    ['missing is less than null', () => $.lt(['$nowhere', null]), true],
    ['cmp', () => $.cmp(['$n', 9]), -1],
    ['mod', () => $.mod([-7, 3]), -1],
    ['divide', () => $.divide(['$n', 2]), 2.5],
    ['arithmetic with null', () => $.add(['$n', null]), null],
    ['trunc', () => $.trunc(-7.5), -7],
    ['sum of a list', () => $.sum('$l'), 6],
    ['avg of values', () => $.avg(['$n', 1, 'x']), 3],
    ['max of a list', () => $.max('$l'), 3],
    ['stdDevSamp of one', () => $.stdDevSamp([1]), null],
  ])('%s', async (_name, expression, expected) => {
    expect(await value(document, expression())).toEqual(expected)
  })

  test.each([
    ['size of null', () => $.size('$none')],
    ['divide by zero', () => $.divide(['$n', 0])],
    ['mod by zero', () => $.mod(['$n', 0])],
    ['add of a text', () => $.add(['$n', 'x'])],
    ['split of a number', () => $.split(['$n', '-'])],
    ['in without an array', () => $.in([1, '$none'])],
    // biome-ignore lint/suspicious/noThenProperty: the name MongoDB gives it
    ['switch without a branch that holds', () => $.switch({ branches: [{ case: false, then: 1 }] })],
    ['sqrt of a negative', () => $.sqrt(-1)],
    ['an undefined variable', () => '$$nope'],
  ])('%s is an error', async (_name, expression) => {
    const { errCode, code } = await failure(value(document, expression()))
    expect(errCode).toBe(-1)
    expect(code).toBe('DATABASE_REQUEST_FAILED')
  })
})

test('node-sdk can send a raw pipeline', async () => {
  const name = await cloud.collection([{ k: 'a' }, { k: 'b' }])
  const collection = cloud.raw.collection(name) as unknown as {
    options(options: { raw: boolean }): {
      aggregate(pipeline: unknown[]): { end(): Promise<{ data: unknown[] }> }
    }
  }
  const { data } = await collection
    .options({ raw: true })
    .aggregate([{ $match: { k: { $eq: 'a' } } }, { $count: 'n' }])
    .end()
  expect(data).toEqual([{ n: 1 }])
})
