import { ObjectId } from 'bson'
import fc from 'fast-check'
import { compareValues } from '../../../local-cloud/database/order'
import { refusal, Session } from './session'

/** Values of mixed types. There are only a few, so that random queries match them. */
const scalar = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 0, max: 4 }),
  fc.constantFrom('a', 'b', 'ab', ''),
  fc.boolean(),
  fc.integer({ min: 0, max: 2 }).map(day => new Date(day * 86_400_000)),
)
const value = fc.oneof(
  { weight: 5, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.record({ x: scalar }) },
)
const fields = ['a', 'b', 'n.x'] as const
const document = fc
  .record({ a: value, b: scalar, n: fc.oneof(fc.record({ x: scalar }), scalar) }, { requiredKeys: [] })
  // MongoDB refuses an index over two arrays, so only one field may hold them.
  .map(fields => fields)

const condition = fc.oneof(
  value,
  fc.record({ $eq: value }),
  fc.record({ $in: fc.array(scalar, { maxLength: 3 }) }),
  fc.record({ $gt: scalar }),
  fc.record({ $gte: value }),
  fc.record({ $lt: scalar }),
  fc.record({ $lte: value }),
  fc.record({ $gte: scalar, $lt: scalar }),
  fc.record({ $gt: scalar, $lte: scalar }),
  fc.record({ $ne: scalar }),
  fc.record({ $exists: fc.boolean() }),
  fc.record({ $not: fc.record({ $gt: scalar }) }),
  fc.record({ $elemMatch: fc.record({ $gte: scalar }) }),
)
const simple = fc.dictionary(fc.constantFrom(...fields), condition, { maxKeys: 2 })
const query = fc.oneof(
  simple,
  fc.array(simple, { minLength: 1, maxLength: 3 }).map($or => ({ $or })),
  fc
    .tuple(simple, fc.array(simple, { minLength: 1, maxLength: 2 }))
    .map(([first, $or]) => ({ ...first, $or })),
  fc.array(simple, { minLength: 1, maxLength: 2 }).map($and => ({ $and })),
)
const direction = fc.constantFrom<1 | -1>(1, -1)
const sort = fc.dictionary(fc.constantFrom('a', 'b', '_id'), direction, { minKeys: 1, maxKeys: 3 })
const indexFields = fc.uniqueArray(fc.record({ field: fc.constantFrom(...fields, '_id'), direction }), {
  selector: ({ field }) => field,
  minLength: 1,
  maxLength: 3,
})

const byId = (documents: Record<string, unknown>[]): unknown[] =>
  documents.map(({ _id }) => _id).sort(compareValues)

test('texts sort by code point, and NaN before every number, as in MongoDB', () => {
  const texts = ['a', 'b', '\u4e00', '\ufffd', '\u{1f600}', '\u{1f600}a']
  expect([...texts].reverse().sort(compareValues)).toEqual(texts)
  const numbers = [Number.NaN, Number.NEGATIVE_INFINITY, -1, 0, 2]
  expect([...numbers].reverse().sort(compareValues)).toEqual(numbers)
  expect(compareValues(Number.NaN, Number.NaN)).toBe(0)
})

test('any query finds the same documents with an index as with a scan of the collection', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(document, { maxLength: 12 }),
      fc.array(indexFields, { minLength: 1, maxLength: 3 }),
      fc.array(query, { minLength: 1, maxLength: 4 }),
      async (documents, indexes, queries) => {
        const plain = new Session()
        const indexed = new Session()
        indexed.database.ensureCollection(
          'things',
          indexes.map((fields, i) => ({ name: `i${i}`, fields })),
        )
        const numbered = documents.map((fields, _id) => ({ _id, ...fields }))
        for (const session of [plain, indexed]) if (numbered.length > 0) await session.insert(...numbered)
        for (const query of queries) {
          expect(byId(await indexed.find(query))).toEqual(byId(await plain.find(query)))
          expect(await indexed.count(query)).toBe(await plain.count(query))
        }
      },
    ),
    { numRuns: 400 },
  )
})

test('a sort by index gives the same order as a sort without one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(document, { maxLength: 12 }),
      indexFields,
      query,
      sort,
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 1, max: 5 }),
      async (documents, fields, query, keys, offset, limit) => {
        // Ties have no defined order, so the last key is always `_id`.
        const { _id, ...rest } = keys
        const order = { ...rest, _id: _id ?? 1 }
        const plain = new Session()
        const indexed = new Session()
        indexed.database.ensureCollection('things', [
          { name: 'i', fields },
          { name: 'j', fields: [...fields].reverse() },
        ])
        const numbered = documents.map((fields, _id) => ({ _id, ...fields }))
        for (const session of [plain, indexed]) if (numbered.length > 0) await session.insert(...numbered)
        const page = { order, offset, limit }
        expect(await indexed.ids(query, page)).toEqual(await plain.ids(query, page))
      },
    ),
    { numRuns: 400 },
  )
})

test('arrays match ranges with different elements and sort by their smallest or largest element', async () => {
  const small = fc.integer({ min: 0, max: 4 })
  const number = fc.oneof(small, fc.array(small, { maxLength: 3 }), fc.constantFrom('a', null))
  // At most one bound at each end: more bounds often match nothing, and comparing empty results proves nothing.
  const range = fc.oneof(
    fc.record({ $gte: small, $lt: small }),
    fc.record({ $gt: small, $lte: small }),
    fc.record({ $gte: small }),
    fc.record({ $lt: small }),
    fc.record({ $in: fc.array(small, { maxLength: 2 }) }),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ a: number, b: small }), { maxLength: 10 }),
      fc.constantFrom<('a' | 'b' | '_id')[]>(['a', '_id'], ['a', 'b'], ['b', 'a', '_id']),
      direction,
      fc.record({ a: range, b: small }, { requiredKeys: [] }),
      direction,
      async (documents, names, sign, query, order) => {
        const plain = new Session()
        const indexed = new Session()
        // An index that ends with `_id` could serve this sort.
        const along = sign === order ? 1 : -1
        const fields = names.map(field => ({ field, direction: field === '_id' ? along : sign }) as const)
        indexed.database.ensureCollection('things', [
          { name: 'i', fields },
          { name: 'j', fields: [...fields].reverse() },
        ])
        const numbered = documents.map((fields, _id) => ({ _id, ...fields }))
        for (const session of [plain, indexed]) if (numbered.length > 0) await session.insert(...numbered)
        const page = { order: { a: order, _id: 1 } }
        expect(await indexed.ids(query, page)).toEqual(await plain.ids(query, page))
      },
    ),
    { numRuns: 500, examples: [[[{ a: [], b: 0 }], ['a', 'b'], 1, { b: 0 }, 1]] },
  )
})

test('an index follows updates, replacements and removals', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), id: fc.integer({ min: 0, max: 5 }), document }),
    fc.record({ kind: fc.constant('remove' as const), id: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ kind: fc.constant('update' as const), query: simple, value: scalar }),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 20 }),
      indexFields,
      fc.array(query, { maxLength: 3 }),
      async (steps, fields, queries) => {
        const plain = new Session()
        const indexed = new Session()
        indexed.database.ensureCollection('things', [
          { name: 'i', fields },
          { name: 'j', fields: [...fields].reverse() },
        ])
        for (const session of [plain, indexed]) {
          for (const step of steps) {
            if (step.kind === 'set') await session.set(step.id, step.document)
            else if (step.kind === 'remove') await session.remove({ _id: step.id })
            else await session.update(step.query, { $set: { b: step.value } })
          }
        }
        for (const query of queries) {
          expect(byId(await indexed.find(query))).toEqual(byId(await plain.find(query)))
        }
      },
    ),
    { numRuns: 200 },
  )
})

describe('a feed in a large collection', () => {
  const total = 20_000
  const session = new Session()

  beforeAll(() => {
    session.database.ensureCollection('things', [
      {
        name: 'feed',
        fields: [
          { field: 'state', direction: 1 },
          { field: 'publishedAt', direction: -1 },
          { field: '_id', direction: -1 },
        ],
      },
      {
        name: 'tokens',
        fields: [
          { field: 'tokens', direction: 1 },
          { field: 'publishedAt', direction: -1 },
        ],
      },
    ])
    const lines = Array.from({ length: total }, (_, i) =>
      JSON.stringify({
        _id: `s${String(i).padStart(6, '0')}`,
        state: i % 10 === 0 ? 'draft' : 'published',
        ...(i % 10 === 0
          ? {}
          : { publishedAt: { $date: new Date(1_700_000_000_000 + Math.floor(i / 3) * 1000).toISOString() } }),
        tokens: [`t${i % 500}`, `u${i % 7}`],
      }),
    )
    session.database.importLines('things', lines, 'insert')
  })

  const order = { publishedAt: -1, _id: -1 }

  test('a keyset page of 20, written as $or next to the state, examines at most 40 documents', async () => {
    const at = new Date(1_700_000_000_000 + 3000 * 1000)
    const query = {
      state: 'published',
      $or: [{ publishedAt: { $lt: at } }, { publishedAt: at, _id: { $lt: 's009001' } }],
    }
    const page = await session.find(query, { order, limit: 21 })
    expect(page).toHaveLength(21)
    expect(session.examined).toBeLessThanOrEqual(40)
    expect(page.map(({ _id }) => _id)).toEqual(
      (await session.find(query, { order })).slice(0, 21).map(({ _id }) => _id),
    )
  })

  test('a keyset page written with $and, and the first page, also examine at most 40', async () => {
    const at = new Date(1_700_000_000_000 + 5000 * 1000)
    const query = {
      $and: [
        { state: { $eq: 'published' } },
        {
          $or: [
            { publishedAt: { $lt: at } },
            { $and: [{ publishedAt: { $eq: at } }, { _id: { $lt: 's1' } }] },
          ],
        },
      ],
    }
    expect(await session.find(query, { order, limit: 21 })).toHaveLength(21)
    expect(session.examined).toBeLessThanOrEqual(40)
    expect(await session.find({ state: 'published' }, { order, limit: 21 })).toHaveLength(21)
    expect(session.examined).toBe(21)
  })

  test('a search by token examines only the documents it shows, in order', async () => {
    const page = await session.find({ tokens: 't17' }, { order: { publishedAt: -1 }, limit: 10 })
    expect(page).toHaveLength(10)
    expect(session.examined).toBe(10)
  })

  test('a range of ids is read in order and examines no other documents', async () => {
    const page = await session.ids({ _id: { $gt: 's000100' } }, { order: { _id: 1 }, limit: 3 })
    expect(page).toEqual(['s000101', 's000102', 's000103'])
    expect(session.examined).toBe(3)
  })

  test('without an index every document is examined and counted', async () => {
    expect(await session.count({ nothing: 1 })).toBe(0)
    expect(session.examined).toBe(total)
  })
})

describe('unique indexes', () => {
  const withUnique = (): Session => {
    const session = new Session()
    session.database.ensureCollection('things', [
      { name: 'one', unique: true, fields: [{ field: 'k', direction: 1 }] },
    ])
    return session
  }

  test("refuse a second document with the same key, with MongoDB's message and -502001", async () => {
    const session = withUnique()
    await session.insert({ _id: 1, k: 'a' })
    const { code, message } = await refusal(session.insert({ _id: 2, k: 'a' }))
    expect(code).toBe('DATABASE_REQUEST_FAILED')
    expect(message).toContain('E11000 duplicate key error')
    expect(await session.count({})).toBe(1)
  })

  test('count a missing field as null, so only one document may lack it', async () => {
    const session = withUnique()
    await session.insert({ _id: 1 })
    await refusal(session.insert({ _id: 2, k: null }))
    await refusal(session.insert({ _id: 3, other: 1 }))
    expect(await session.ids({})).toEqual([1])
  })

  test('leave nothing changed when an update of many fails at the second document', async () => {
    const session = withUnique()
    await session.insert({ _id: 1, k: 'a' }, { _id: 2, k: 'b' })
    await refusal(session.update({}, { $set: { k: 'c' } }))
    expect(await session.find({})).toEqual([
      { _id: 1, k: 'a' },
      { _id: 2, k: 'b' },
    ])
    expect(await session.ids({ k: 'c' })).toEqual([])
  })

  test('leave nothing inserted when one of several documents is a duplicate', async () => {
    const session = withUnique()
    await refusal(session.insert({ _id: 1, k: 'a' }, { _id: 2, k: 'b' }, { _id: 3, k: 'a' }))
    expect(await session.count({})).toBe(0)
    await session.insert({ _id: 3, k: 'a' })
  })

  test('let a document keep its own key, and free the key when it is removed', async () => {
    const session = withUnique()
    await session.insert({ _id: 1, k: 'a' })
    expect(await session.update({ _id: 1 }, { $set: { k: 'a', n: 1 } })).toBe(1)
    await session.remove({ _id: 1 })
    await session.insert({ _id: 2, k: 'a' })
  })

  test('cannot be declared if documents violate them, and the attempt changes nothing', async () => {
    const session = new Session()
    await session.insert({ _id: 1, k: 'a' }, { _id: 2, k: 'a' })
    const declare = () =>
      session.database.ensureCollection('things', [
        { name: 'one', unique: true, fields: [{ field: 'k', direction: 1 }] },
      ])
    expect(declare).toThrow('E11000')
    await session.insert({ _id: 3, k: 'a' })
  })
})

test('a document with arrays in two fields of one index is refused', async () => {
  const session = new Session()
  session.database.ensureCollection('things', [
    {
      name: 'two',
      fields: [
        { field: 'a', direction: 1 },
        { field: 'b', direction: 1 },
      ],
    },
  ])
  const { message } = await refusal(session.insert({ _id: 1, a: [1], b: [2] }))
  expect(message).toContain('cannot index parallel arrays')
  expect(await session.count({})).toBe(0)
})

test('documents of one insertion may not share an id, and none of them is inserted', async () => {
  const session = new Session()
  await session.insert({ _id: 'first' })
  const { message } = await refusal(session.insert({ _id: 'a' }, { _id: 'b' }, { _id: 'a' }))
  expect(message).toContain('E11000')
  expect(message).toContain('_id: "a"')
  await session.insert({ _id: 'b' }, { _id: 'a' })
  expect(await session.ids({})).toEqual(['first', 'b', 'a'])
})

test('ids of different types are different, and each of them is found again', async () => {
  const session = new Session()
  const ids = [
    ...[0, 1, '0', '1', '', null, false, true, '\0s', '\0x', '\0xnull', 's', '{"a":1}', { a: 1 }, { a: '1' }],
    ...[new Date(1), new Date(2), new ObjectId('65'.repeat(12)), '65'.repeat(12)],
  ]
  await session.insert(...ids.map((_id, n) => ({ _id, n })))
  for (const [n, id] of ids.entries()) {
    expect([id, (await session.find({ _id: { $eq: id } })).map(one => one.n)]).toEqual([id, [n]])
    expect((await refusal(session.insert({ _id: id }))).message).toContain('E11000')
  }
  // Nought has no sign here.
  expect((await refusal(session.insert({ _id: -0 }))).message).toContain('E11000')
  for (const id of [[1], /a/])
    expect((await refusal(session.insert({ _id: id }))).message).toContain('cannot be an array')
})

test('an index from which a long run of documents was removed finds and takes others', async () => {
  const session = new Session()
  session.database.ensureCollection('things', [{ name: 'n', fields: [{ field: 'n', direction: 1 }] }])
  const lines = Array.from({ length: 1_000 }, (_, n) => JSON.stringify({ _id: n, n }))
  session.database.importLines('things', lines, 'insert')
  await session.remove({ n: { $gte: 200, $lt: 800 } })
  await session.insert({ _id: 'new', n: 500 }, { _id: 'last', n: 2_000 })
  const found = await session.ids({ n: { $gte: 198, $lt: 802 } }, { order: { n: 1 } })
  expect(found).toEqual([198, 199, 'new', 800, 801])
  expect(session.examined).toBe(5)
  expect(await session.ids({ n: { $gt: 998 } }, { order: { n: -1 } })).toEqual(['last', 999])
  await session.remove({})
  await session.insert({ _id: 'again', n: 1 })
  expect(await session.ids({ n: 1 })).toEqual(['again'])
})

test('indexes that are declared in another order are those of their fields', async () => {
  const session = new Session()
  const [a, b] = ['a', 'b'].map(field => ({ name: field, fields: [{ field, direction: 1 as const }] }))
  if (!a || !b) throw new Error('two indexes')
  session.database.ensureCollection('things', [a, b])
  await session.insert(...Array.from({ length: 20 }, (_, i) => ({ _id: i, a: i, b: 20 - i })))
  session.database.ensureCollection('things', [b, a])
  for (const query of [{ a: 7 }, { b: 7 }]) {
    expect(await session.ids(query)).toEqual(['a' in query ? 7 : 13])
    expect(session.examined).toBe(1)
  }
  await session.update({ _id: 7 }, { $set: { a: 70 } })
  expect([await session.ids({ a: 7 }), await session.ids({ a: 70 })]).toEqual([[], [7]])
})

test('more values or alternatives than an index is asked for are found all the same', async () => {
  const session = new Session()
  session.database.ensureCollection('things', [{ name: 'n', fields: [{ field: 'n', direction: 1 }] }])
  const lines = Array.from({ length: 300 }, (_, n) => JSON.stringify({ _id: n, n }))
  session.database.importLines('things', lines, 'insert')
  const all = Array.from({ length: 6_000 }, (_, n) => n * 2)
  expect(await session.count({ n: { $in: all } })).toBe(150)
  expect(await session.count({ $or: all.slice(0, 250).map(n => ({ n })) })).toBe(150)
  expect(await session.ids({ n: { $in: all } }, { order: { n: -1 }, limit: 3 })).toEqual([298, 296, 294])
})

test('a page after the first is that part of the order, with and without an index', async () => {
  for (const isIndexed of [false, true]) {
    const session = new Session()
    if (isIndexed)
      session.database.ensureCollection('things', [{ name: 'n', fields: [{ field: 'n', direction: 1 }] }])
    await session.insert(...Array.from({ length: 7 }, (_, i) => ({ _id: i, n: 6 - i, even: i % 2 === 0 })))
    expect(await session.ids({}, { offset: 2, limit: 3 })).toEqual([2, 3, 4])
    expect(await session.ids({}, { offset: 5, limit: 3 })).toEqual([5, 6])
    expect(await session.ids({}, { offset: 2, limit: 3, order: { n: 1 } })).toEqual([4, 3, 2])
    expect(await session.ids({ even: true }, { offset: 1, limit: 2, order: { n: 1 } })).toEqual([4, 2])
    expect(await session.ids({ n: { $gte: 2 } }, { offset: 3, limit: 9, order: { n: -1 } })).toEqual([3, 4])
    expect(await session.aggregate({ $sort: { n: 1 } }, { $skip: 2 }, { $limit: 2 })).toMatchObject([
      { _id: 4 },
      { _id: 3 },
    ])
    expect(await session.aggregate({ $limit: 3 }, { $skip: 1 })).toMatchObject([{ _id: 1 }, { _id: 2 }])
  }
})

test('a declaration replaces the previous one: an index that is no longer declared is dropped', async () => {
  const session = new Session()
  await session.insert(...Array.from({ length: 50 }, (_, i) => ({ _id: i, k: i })))
  session.database.ensureCollection('things', [{ name: 'k', fields: [{ field: 'k', direction: 1 }] }])
  await session.find({ k: 7 })
  expect(session.examined).toBe(1)
  session.database.ensureCollection('things', [])
  await session.find({ k: 7 })
  expect(session.examined).toBe(50)
})
