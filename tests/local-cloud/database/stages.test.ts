import { refusal, Session } from './session'

const rows = [
  { _id: 1, shop: 'a', item: 'x', n: 1, tags: ['p', 'q'] },
  { _id: 2, shop: 'a', item: 'y', n: 5, tags: ['q'] },
  { _id: 3, shop: 'b', item: 'x', n: 10, tags: [] },
  { _id: 4, shop: 'b', item: 'z', n: 20 },
]
let session: Session
beforeAll(async () => {
  session = new Session()
  await session.insert(...rows)
  session.database.ensureCollection('stock')
  await session.database.handle('database.insertDocument', {
    collectionName: 'stock',
    data: [
      { _id: 's1', item: 'x', of: 'p', amount: 3 },
      { _id: 's2', item: 'y', of: ['q', 'r'], amount: 5 },
      { _id: 's3', item: 'x', amount: 7 },
    ].map(row => JSON.stringify(row)),
  })
})
const ids = async (...stages: Record<string, unknown>[]) =>
  (await session.aggregate(...stages)).map(({ _id }) => _id)

describe('a stage of an aggregation', () => {
  test('passes on the documents of a page, in order', async () => {
    expect(await ids({ $sort: { n: -1 } }, { $skip: 1 }, { $limit: 2 })).toEqual([3, 2])
    expect(await ids({ $limit: 3 }, { $skip: 1 })).toEqual([2, 3])
    expect(await ids({ $limit: 2 }, { $sort: { n: -1 } })).toEqual([2, 1])
    expect(await ids({ $skip: 3 }, { $match: { n: { $gt: 0 } } })).toEqual([4])
    expect(await ids({ $sort: { shop: -1, n: 1 } }, { $limit: 3 }, { $sort: { n: 1 } })).toEqual([1, 3, 4])
    expect(await ids({ $match: { n: { $gt: 1 } } }, { $match: { shop: 'b' } })).toEqual([3, 4])
    expect(await ids({ $skip: 0 }, { $match: { shop: 'a' } }, { $sort: { n: -1 } })).toEqual([2, 1])
  })

  test('$group sums up each group, and all in one', async () => {
    const group = {
      $group: {
        _id: '$shop',
        n: { $sum: '$n' },
        least: { $min: '$n' },
        most: { $max: '$n' },
        mean: { $avg: '$n' },
      },
    }
    expect(await session.aggregate(group, { $sort: { _id: 1 } })).toEqual([
      { _id: 'a', n: 6, least: 1, most: 5, mean: 3 },
      { _id: 'b', n: 30, least: 10, most: 20, mean: 15 },
    ])
    const lists = {
      first: { $first: '$tags' },
      last: { $last: '$tags' },
      all: { $push: '$tags' },
      set: { $addToSet: '$shop' },
      items: { $addToSet: '$none' },
    }
    expect(await session.aggregate({ $group: { _id: null, ...lists } })).toEqual([
      { _id: null, first: ['p', 'q'], last: null, all: [['p', 'q'], ['q'], []], set: ['a', 'b'], items: [] },
    ])
    const spread = {
      pop: { $stdDevPop: '$n' },
      samp: { $stdDevSamp: '$n' },
      merged: { $mergeObjects: { k: '$item' } },
    }
    expect(await session.aggregate({ $match: { shop: 'a' } }, { $group: { _id: 1, ...spread } })).toEqual([
      { _id: 1, pop: 2, samp: Math.sqrt(8), merged: { k: 'y' } },
    ])
  })

  test('$bucket puts documents between boundaries, and the others where it is told', async () => {
    const of = (more: object) => ({ $bucket: { groupBy: '$n', boundaries: [1, 5, 20], ...more } })
    expect(await session.aggregate({ $match: { n: { $lt: 20 } } }, of({}))).toEqual([
      { _id: 1, count: 1 },
      { _id: 5, count: 2 },
    ])
    const output = { sum: { $sum: '$n' }, items: { $push: '$item' } }
    expect(await session.aggregate(of({ default: 'other', output }))).toEqual([
      { _id: 1, sum: 1, items: ['x'] },
      { _id: 5, sum: 15, items: ['y', 'x'] },
      { _id: 'other', sum: 20, items: ['z'] },
    ])
    expect(await session.aggregate(of({ groupBy: '$none', default: 0 }))).toEqual([{ _id: 0, count: 4 }])
    const outside = 'could not find a matching branch for an input'
    expect((await refusal(session.aggregate(of({})))).message).toContain(outside)
    expect((await refusal(session.aggregate(of({ groupBy: '$none' })))).message).toContain(outside)
    // A default at the upper boundary is outside; so is one of another type.
    expect(await session.aggregate(of({ default: 20 }))).toHaveLength(3)
  })

  test('$bucketAuto of no documents gives none', async () => {
    const auto = { $bucketAuto: { groupBy: '$n', buckets: 2 } }
    expect(await session.aggregate({ $match: { n: 0 } }, auto)).toEqual([])
    expect(await session.aggregate(auto)).toHaveLength(2)
  })

  test('$sortByCount puts the most frequent value first, and counts missing ones as null', async () => {
    expect(await session.aggregate({ $sortByCount: '$item' })).toEqual([
      { _id: 'x', count: 2 },
      { _id: 'y', count: 1 },
      { _id: 'z', count: 1 },
    ])
    expect(await session.aggregate({ $sortByCount: '$none' })).toEqual([{ _id: null, count: 4 }])
    expect(await session.aggregate({ $sortByCount: { $gt: ['$n', 4] } })).toEqual([
      { _id: true, count: 3 },
      { _id: false, count: 1 },
    ])
  })

  test('$count counts, and gives no document when there are none', async () => {
    expect(await session.aggregate({ $count: 'n' })).toEqual([{ n: 4 }])
    expect(await session.aggregate({ $match: { n: 0 } }, { $count: 'n' })).toEqual([])
  })

  test('$sample gives different documents each time, none of them twice', async () => {
    const samples = new Set<string>()
    for (let i = 0; i < 60; i++) {
      const sample = await ids({ $sample: { size: 2 } })
      expect(new Set(sample).size).toBe(2)
      samples.add(sample.join())
    }
    // Of twelve possible pairs, sixty draws leave out one or more with a chance of one in fifteen.
    expect(samples.size).toBeGreaterThan(8)
    expect(await ids({ $sample: { size: 2.9 } })).toHaveLength(2)
    expect((await ids({ $sample: { size: 9 } })).sort()).toEqual([1, 2, 3, 4])
    expect(await ids({ $sample: { size: 0 } })).toEqual([])
  })

  test('$replaceRoot and $replaceWith give what their expression gives, if that is an object', async () => {
    const first = { $match: { _id: 1 } }
    expect(await session.aggregate(first, { $replaceRoot: { newRoot: { a: '$n' } } })).toEqual([{ a: 1 }])
    expect(await session.aggregate(first, { $replaceWith: { a: '$item' } })).toEqual([{ a: 'x' }])
    for (const stage of [{ $replaceWith: '$n' }, { $replaceRoot: { newRoot: '$n' } }])
      expect((await refusal(session.aggregate(stage))).message).toContain(
        'must evaluate to an object, but resulting value was: {"$numberInt":"1"}',
      )
  })

  test('$addFields, $set, $unset and $project change what documents have', async () => {
    const first = { $match: { _id: 2 } }
    const { tags: _tags, ...bare } = rows[1] as (typeof rows)[1]
    expect(await session.aggregate(first, { $addFields: { twice: { $multiply: ['$n', 2] } } })).toEqual([
      { ...rows[1], twice: 10 },
    ])
    expect(await session.aggregate(first, { $set: { n: 6 } })).toEqual([{ ...rows[1], n: 6 }])
    expect(await session.aggregate(first, { $unset: 'tags' })).toEqual([bare])
    expect(await session.aggregate(first, { $project: { n: 1 } })).toEqual([{ _id: 2, n: 5 }])
    expect(await session.aggregate(first, { $project: { _id: 0, tags: 0 } })).toEqual([
      { shop: 'a', item: 'y', n: 5 },
    ])
    expect(await session.aggregate(first, { $project: { _id: 0, n: true, item: '$shop' } })).toEqual([
      { n: 5, item: 'a' },
    ])
  })

  test('$facet runs several pipelines over the same documents', async () => {
    const facets = {
      few: [{ $match: { n: { $lt: 6 } } }, { $count: 'n' }],
      top: [{ $sort: { n: -1 } }, { $limit: 1 }, { $project: { n: 1 } }],
    }
    expect(await session.aggregate({ $facet: facets })).toEqual([
      { few: [{ n: 2 }], top: [{ _id: 4, n: 20 }] },
    ])
  })

  test('$unwind gives a document for each element', async () => {
    expect(await ids({ $unwind: '$tags' })).toEqual([1, 1, 2])
    expect(await ids({ $unwind: { path: '$tags', preserveNullAndEmptyArrays: true } })).toEqual([
      1, 1, 2, 3, 4,
    ])
    const indexed = await session.aggregate({ $unwind: { path: '$tags', includeArrayIndex: 'at' } })
    expect(indexed.map(({ at, tags }) => [at, tags])).toEqual([
      [0, 'p'],
      [1, 'q'],
      [0, 'q'],
    ])
  })
})

describe('a $lookup', () => {
  /** For each row, the ids of what was found. */
  const found = async ($lookup: object, ...stages: Record<string, unknown>[]) =>
    (
      await session.aggregate(
        ...stages,
        { $lookup: { from: 'stock', as: 'found', ...$lookup } },
        { $sort: { _id: 1 } },
      )
    ).map(row => (row.found as { _id: string }[]).map(({ _id }) => _id).join())

  test('finds equal values, in the order of the other collection', async () => {
    expect(await found({ localField: 'item', foreignField: 'item' })).toEqual(['s1,s3', 's2', 's1,s3', ''])
  })

  test('finds each element of lists on both sides, once, and what lacks the field for what lacks it', async () => {
    expect(await found({ localField: 'tags', foreignField: 'of' })).toEqual(['s1,s2', 's2', '', 's3'])
  })

  test('refines equal values by a pipeline', async () => {
    const pipeline = [{ $match: { amount: { $gt: 3 } } }]
    expect(await found({ localField: 'item', foreignField: 'item', pipeline })).toEqual([
      's3',
      's2',
      's3',
      '',
    ])
  })

  test('finds what a pipeline of its own finds, without and with variables', async () => {
    expect(await found({ pipeline: [{ $match: { amount: { $gt: 3 } } }, { $limit: 1 }] })).toEqual(
      Array(4).fill('s2'),
    )
    const $match = { $expr: { $and: [{ $eq: ['$item', '$$it'] }, { $gt: ['$amount', '$$n'] }] } }
    expect(await found({ let: { it: '$item', n: '$n' }, pipeline: [{ $match }] })).toEqual([
      's1,s3',
      '',
      '',
      '',
    ])
    expect(
      await found({
        let: { k: '$n' },
        pipeline: [{ $match: { $or: [{ $expr: { $eq: ['$amount', '$$k'] } }] } }],
      }),
    ).toEqual(['', 's2', '', ''])
  })

  test('finds with the variables of the outer one in an inner one', async () => {
    const inner = {
      $lookup: {
        from: 'stock',
        let: { own: '$amount' },
        pipeline: [
          { $match: { $expr: { $and: [{ $eq: ['$amount', '$$own'] }, { $eq: ['$item', '$$outer'] }] } } },
        ],
        as: 'inner',
      },
    }
    const pipeline = [inner, { $match: { 'inner.0': { $exists: true } } }]
    expect(await found({ let: { outer: '$item' }, pipeline })).toEqual(['s1,s3', 's2', 's1,s3', ''])
  })

  test('puts what it finds where it is told, also inside an object or in place of a value', async () => {
    const at = async (as: string) => {
      const $lookup = { from: 'stock', localField: 'item', foreignField: 'item', as }
      return session.aggregate(
        { $match: { _id: 2 } },
        { $project: { item: 1, n: 1, o: { k: '$n' } } },
        { $lookup },
      )
    }
    const stock = [{ _id: 's2', item: 'y', of: ['q', 'r'], amount: 5 }]
    expect(await at('o.list')).toEqual([{ _id: 2, item: 'y', n: 5, o: { k: 5, list: stock } }])
    expect(await at('n.list')).toEqual([{ _id: 2, item: 'y', n: { list: stock }, o: { k: 5 } }])
    expect(await at('item')).toEqual([{ _id: 2, item: stock, n: 5, o: { k: 5 } }])
  })
})

/** A pipeline that works here but not in the real cloud would fail only after a deployment. */
describe('an aggregation that MongoDB refuses is refused with its words:', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ $match: 1 }, 'the match filter must be an expression in an object'],
    [{ $sort: {} }, 'must have at least one sort key'],
    [{ $sort: 'n' }, 'must have at least one sort key'],
    [{ $sort: { n: 1, m: 'asc' } }, '$sort key ordering must be 1'],
    [{ $limit: 0 }, 'the limit must be positive'],
    [{ $limit: 1.5 }, 'the limit must be positive'],
    [{ $skip: -1 }, 'Argument to $skip cannot be negative'],
    [{ $skip: 0.5 }, 'Argument to $skip cannot be negative'],
    [{ $count: '' }, 'must be a non-empty string'],
    [{ $count: 1 }, 'must be a non-empty string'],
    [{ $count: '$n' }, 'cannot be a $-prefixed path'],
    [{ $count: 'a.b' }, "or contain '.'"],
    [{ $count: 'a\0' }, "or contain '.'"],
    [{ $sample: {} }, 'size argument to $sample'],
    [{ $sample: { size: -1 } }, 'size argument to $sample'],
    [{ $unwind: 1 }, 'expected a string as the path'],
    [{ $unwind: 'tags' }, "should be prefixed with a '$': tags"],
    [{ $unwind: '$' }, "should be prefixed with a '$': $"],
    [{ $unwind: { path: '$tags', x: 1 } }, 'unrecognized option to $unwind stage: x'],
    [{ $unwind: { path: '$tags', includeArrayIndex: '__proto__.x' } }, "'__proto__.x' is not allowed"],
    [{ $group: 1 }, "a group's fields must be specified in an object"],
    [{ $group: { n: { $sum: 1 } } }, 'a group specification must include an _id'],
    [{ $group: { _id: 1, n: '$n' } }, "The field 'n' must be an accumulator object"],
    [{ $group: { _id: 1, n: {} } }, "The field 'n' must be an accumulator object"],
    [{ $group: { _id: 1, n: { $sum: 1, $avg: 1 } } }, "The field 'n' must specify one accumulator"],
    [{ $group: { _id: 1, n: { $add: [1] } } }, "unknown group operator '$add'"],
    [{ $group: { _id: 1, n: { $accumulator: {} } } }, "unknown group operator '$accumulator'"],
    [{ $group: { _id: 1, 'a.b': { $sum: 1 } } }, "The field name 'a.b' cannot contain '.'"],
    [{ $group: { _id: 1, $n: { $sum: 1 } } }, "The field name '$n' cannot be an operator name"],
    [{ $group: { _id: 1, n: { $sum: { $x: 1 } } } }, "Unrecognized expression '$x'"],
    [{ $group: { _id: { $x: 1 } } }, "Unrecognized expression '$x'"],
    [{ $project: {} }, '$project specification must have at least one field'],
    [{ $project: 'n' }, '$project specification must have at least one field'],
    [{ $project: { $n: 1 } }, "FieldPath field names may not start with '$': '$n'"],
    [{ $project: { 'a.': 1 } }, "FieldPath must not be empty or end with a '.': 'a.'"],
    [{ $project: { '.a': 1 } }, 'FieldPath must not be empty'],
    [{ $project: { '': 1 } }, 'FieldPath must not be empty'],
    [{ $project: { a: 0, b: 1 } }, 'Cannot do exclusion on field a in inclusion projection'],
    [{ $project: { a: false, b: '$n' } }, 'Cannot do exclusion on field a in inclusion projection'],
    [{ $addFields: 1 }, '$addFields specification stage must be an object'],
    [{ $set: [] }, '$set specification stage must be an object'],
    [{ $set: { a: { $x: 1 } } }, "Unrecognized expression '$x'"],
    [{ $replaceRoot: {} }, 'no newRoot specified'],
    [{ $replaceRoot: '$o' }, 'no newRoot specified'],
    [{ $replaceRoot: { newRoot: { $x: 1 } } }, "Unrecognized expression '$x'"],
    [{ $replaceWith: { $x: 1 } }, "Unrecognized expression '$x'"],
    [{ $sortByCount: 'n' }, 'the sortByCount field must be defined'],
    [{ $sortByCount: 1 }, 'the sortByCount field must be defined'],
    [{ $sortByCount: { $x: 1 } }, "Unrecognized expression '$x'"],
    [{ $bucket: 1 }, 'Argument to $bucket stage must be an object'],
    [{ $bucket: { groupBy: '$n', boundaries: [1, 2], x: 1 } }, 'Unrecognized option to $bucket: x'],
    [{ $bucket: { boundaries: [1, 2] } }, "$bucket requires 'groupBy' and 'boundaries'"],
    [{ $bucket: { groupBy: '$n' } }, "$bucket requires 'groupBy' and 'boundaries'"],
    [{ $bucket: { groupBy: 'n', boundaries: [1, 2] } }, 'must be defined as a $-prefixed path'],
    [{ $bucket: { groupBy: 1, boundaries: [1, 2] } }, 'must be defined as a $-prefixed path'],
    [{ $bucket: { groupBy: { $x: 1 }, boundaries: [1, 2] } }, "Unrecognized expression '$x'"],
    [{ $bucket: { groupBy: '$n', boundaries: [1] } }, 'must have at least 2 values'],
    [{ $bucket: { groupBy: '$n', boundaries: 1 } }, 'must have at least 2 values'],
    [{ $bucket: { groupBy: '$n', boundaries: [1, '2'] } }, 'must have the same type'],
    [{ $bucket: { groupBy: '$n', boundaries: [1, 3, 3] } }, 'must be sorted'],
    [{ $bucket: { groupBy: '$n', boundaries: [3, 1] } }, 'must be sorted'],
    [
      { $bucket: { groupBy: '$n', boundaries: [1, 3], default: 1 } },
      "'default' field must be less than the lowest",
    ],
    [
      { $bucket: { groupBy: '$n', boundaries: [1, 3], default: 2.9 } },
      "'default' field must be less than the lowest",
    ],
    [{ $bucket: { groupBy: '$n', boundaries: [1, 3], output: 1 } }, "'output' field must be an object"],
    [
      { $bucket: { groupBy: '$n', boundaries: [1, 3], output: { n: 1 } } },
      "The field 'n' must be an accumulator object",
    ],
    [{ $bucketAuto: { groupBy: '$n' } }, "$bucketAuto requires 'groupBy' and 'buckets'"],
    [{ $bucketAuto: { buckets: 1 } }, "$bucketAuto requires 'groupBy' and 'buckets'"],
    [{ $bucketAuto: 1 }, "$bucketAuto requires 'groupBy' and 'buckets'"],
    [{ $bucketAuto: { groupBy: '$n', buckets: 0 } }, "'buckets' field must be greater than 0"],
    [{ $bucketAuto: { groupBy: '$n', buckets: 1.5 } }, "'buckets' field must be greater than 0"],
    [{ $bucketAuto: { groupBy: { $x: 1 }, buckets: 1 } }, "Unrecognized expression '$x'"],
    [{ $facet: {} }, 'must be a non-empty object'],
    [{ $facet: [] }, 'must be a non-empty object'],
    [{ $facet: { a: 1 } }, 'arguments to $facet must be arrays, a is not'],
    [{ $facet: { a: [{ $x: 1 }] } }, "Unrecognized pipeline stage name: '$x'"],
    [{ $lookup: 1 }, 'the $lookup stage specification must be an object'],
    [{ $lookup: { x: 1 } }, 'unknown argument to $lookup: x'],
    [{ $lookup: { as: 'f', localField: 'a', foreignField: 'a' } }, "missing 'from' option"],
    [{ $lookup: { from: '', as: 'f', localField: 'a', foreignField: 'a' } }, "missing 'from' option"],
    [{ $lookup: { from: 'stock', localField: 'a', foreignField: 'a' } }, "must specify 'as' field"],
    [{ $lookup: { from: 'stock', as: '', localField: 'a', foreignField: 'a' } }, "must specify 'as' field"],
    [
      { $lookup: { from: 'stock', as: 'a.__proto__', localField: 'a', foreignField: 'a' } },
      "'a.__proto__' is not allowed",
    ],
    [
      { $lookup: { from: 'stock', as: 'f', localField: 'a' } },
      'requires both or neither of localField and foreignField',
    ],
    [
      { $lookup: { from: 'stock', as: 'f', foreignField: 'a' } },
      'requires both or neither of localField and foreignField',
    ],
    [{ $lookup: { from: 'stock', as: 'f' } }, "requires either 'pipeline' or both"],
    [
      { $lookup: { from: 'stock', as: 'f', localField: 1, foreignField: 'a' } },
      '$lookup fields must be strings',
    ],
    [
      { $lookup: { from: 'stock', as: 'f', localField: 'a', foreignField: 1 } },
      '$lookup fields must be strings',
    ],
    [{ $lookup: { from: 'stock', as: 'f', pipeline: [], let: 1 } }, "argument 'let: ' must be an object"],
    [
      { $lookup: { from: 'stock', as: 'f', pipeline: [], let: { a: { $x: 1 } } } },
      "Unrecognized expression '$x'",
    ],
    [
      { $lookup: { from: 'stock', as: 'f', pipeline: {} } },
      "'pipeline' option must be specified as an array",
    ],
    [{ $lookup: { from: 'stock', as: 'f', pipeline: [{ $limit: 0 }] } }, 'the limit must be positive'],
    [
      { $lookup: { from: 'stock', as: 'f', pipeline: [{ $limit: 1, $skip: 1 }] } },
      'must contain exactly one field',
    ],
    [{ $lookup: { from: 'stock', as: 'f', pipeline: [{}] } }, 'must contain exactly one field'],
    [{ $graphLookup: {} }, 'the aggregation stage $graphLookup is not offered'],
    [{ $unionWith: 'stock' }, 'the aggregation stage $unionWith is not offered'],
    [{ $nothing: 1 }, "Unrecognized pipeline stage name: '$nothing'"],
  ])('%j', async (stage, words) => {
    const { code, message } = await refusal(session.aggregate(stage))
    expect(message).toContain(words)
    expect(code).toBe(words.endsWith('is not allowed') ? 'INVALID_PARAM' : 'DATABASE_REQUEST_FAILED')
  })
})
