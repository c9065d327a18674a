import { ObjectId } from 'bson'
import { refusal, Session } from './session'

const document = {
  _id: 1,
  a: 1,
  o: { x: 1, y: { z: 2, w: 3 } },
  l: [1, 2, 3, 4],
  r: [
    { k: 1, v: 'a' },
    { k: 2, v: 'b' },
    { k: 2, v: 'c' },
  ],
  mixed: [{ k: 1, v: 1 }, 5, [{ k: 2, v: 2 }]],
}

async function shown(projection: unknown, query: Record<string, unknown> = {}): Promise<unknown> {
  const session = new Session()
  await session.insert(document)
  return (await session.find(query, { projection }))[0]
}

describe('a read shows', () => {
  const { a: _a, ...withoutA } = document
  test.each<[string, unknown, Record<string, unknown>, unknown]>([
    ['everything without a projection', {}, {}, document],
    ['the fields that are named, and the id', { a: 1 }, {}, { _id: 1, a: 1 }],
    ['only the fields that are named', { a: true, _id: 0 }, {}, { a: 1 }],
    ['the id alone', { _id: 1 }, {}, { _id: 1 }],
    ['all but the id', { _id: false }, {}, (({ _id, ...rest }) => rest)(document)],
    ['all but one field', { a: 0 }, {}, withoutA],
    ['all but one field, with the id named', { a: 0, _id: 1 }, {}, withoutA],
    ['fields inside objects', { 'o.x': 1, 'o.y.z': 1 }, {}, { _id: 1, o: { x: 1, y: { z: 2 } } }],
    [
      'all but fields inside objects',
      { _id: 0, a: 0, l: 0, r: 0, mixed: 0, 'o.y.z': 0 },
      {},
      { o: { x: 1, y: { w: 3 } } },
    ],
    ['nothing of what is no object', { 'a.b': 1, 'o.x.y': 1 }, {}, { _id: 1, o: {} }],
    [
      'fields inside lists, without other elements',
      { 'mixed.k': 1 },
      {},
      { _id: 1, mixed: [{ k: 1 }, [{ k: 2 }]] },
    ],
    [
      'all but fields inside lists',
      { 'mixed.k': 0, a: 0, o: 0, l: 0, r: 0 },
      {},
      { _id: 1, mixed: [{ v: 1 }, 5, [{ v: 2 }]] },
    ],
    ['nothing of a missing field', { none: 1, 'o.none': 1 }, {}, { _id: 1, o: {} }],
    ['the first of a list, and all other fields', { l: { $slice: 2 } }, {}, { ...document, l: [1, 2] }],
    ['the last of a list', { l: { $slice: -1 }, _id: 1 }, {}, { ...document, l: [4] }],
    ['a part of a list', { l: { $slice: [1, 2] } }, {}, { ...document, l: [2, 3] }],
    ['a part of a list from its end', { l: { $slice: [-3, 2] } }, {}, { ...document, l: [2, 3] }],
    [
      'a list from its start when the part begins before it',
      { l: { $slice: [-9, 2] } },
      {},
      { ...document, l: [1, 2] },
    ],
    ['a part of a list and a named field', { l: { $slice: 1 }, a: 1 }, {}, { _id: 1, a: 1, l: [1] }],
    ['a part of a list without a field', { l: { $slice: 1 }, a: 0 }, {}, { ...withoutA, l: [1] }],
    ['what is no list as it is', { a: { $slice: 1 } }, {}, document],
    ['a part of a list in an object of a list', { 'mixed.v': { $slice: 1 } }, {}, document],
    ['the first element that fits', { r: { $elemMatch: { k: 2 } } }, {}, { _id: 1, r: [{ k: 2, v: 'b' }] }],
    ['no list when no element fits', { r: { $elemMatch: { k: 9 } }, a: 1 }, {}, { _id: 1, a: 1 }],
    ['no field that is no list', { a: { $elemMatch: { k: 9 } } }, {}, { _id: 1 }],
    ['an element by its value', { l: { $elemMatch: { $gt: 2 } } }, {}, { _id: 1, l: [3] }],
    ['the element that the query found', { 'r.$': 1 }, { 'r.k': 2 }, { _id: 1, r: [{ k: 2, v: 'b' }] }],
    ['the value that the query found', { 'l.$': 1 }, { l: { $gt: 2 } }, { _id: 1, l: [3] }],
    [
      'the element that meets all of the query',
      { 'r.$': 1 },
      { r: { $elemMatch: { k: 2, v: 'c' } } },
      { _id: 1, r: [{ k: 2, v: 'c' }] },
    ],
    [
      'the element that meets the parts of the query',
      { 'r.$': 1 },
      { $and: [{ 'r.k': 2 }, { 'r.v': 'c' }] },
      { _id: 1, r: [{ k: 2, v: 'c' }] },
    ],
    ['what is no list although the query found it', { 'a.$': 1 }, { a: 1 }, { _id: 1, a: 1 }],
    [
      'the value that the query found, and fields beside it',
      { 'l.$': 1, a: 1 },
      { l: 3, a: 1 },
      { _id: 1, a: 1, l: [3] },
    ],
  ])('%s', async (_name, projection, query, expected) => {
    expect(await shown(projection, query)).toEqual(expected)
  })

  test('fields in the order of the document', async () => {
    expect(Object.keys((await shown({ l: 1, a: 1 })) as object)).toEqual(['_id', 'a', 'l'])
  })
})

describe('a projection that MongoDB refuses is refused with its words:', () => {
  test.each<[unknown, Record<string, unknown>, string]>([
    [{ a: 1, l: 0 }, {}, 'Cannot do exclusion on field l in inclusion projection'],
    [{ a: 0, l: 1 }, {}, 'Cannot do inclusion on field l in exclusion projection'],
    [{ a: 0, r: { $elemMatch: { k: 1 } } }, {}, 'Cannot do inclusion on field r in exclusion projection'],
    [{ a: 0, 'l.$': 1 }, { l: 1 }, 'Cannot do inclusion on field l.$ in exclusion projection'],
    [{ o: 1, 'o.x': 1 }, {}, 'Path collision at o.x'],
    [{ 'o.x': 1, o: 1 }, {}, 'Path collision at o.x'],
    [{ 'l.$': 1, l: 1 }, { l: 1 }, 'Path collision at l'],
    [{ '': 1 }, {}, 'FieldPath must not be empty'],
    [{ 'o.': 1 }, {}, "end with a '.': 'o.'"],
    [{ $a: 1 }, {}, "FieldPath field names may not start with '$': '$a'"],
    [{ 'o.$x': 1 }, {}, "may not start with '$': 'o.$x'"],
    [{ 'o.constructor': 1 }, {}, "'o.constructor' is not allowed"],
    [{ a: 'x' }, {}, "invalid projection of 'a'"],
    [{ a: [] }, {}, "invalid projection of 'a'"],
    [{ a: {} }, {}, "invalid projection of 'a'"],
    [{ l: { $slice: 1, $elemMatch: {} } }, {}, "invalid projection of 'l'"],
    [{ l: { $max: 1 } }, {}, 'Unsupported projection option: l: { $max }'],
    [{ l: { $elemMatch: 1 } }, {}, '$elemMatch: Invalid argument, object required'],
    [{ 'o.l': { $elemMatch: {} } }, {}, 'Cannot use $elemMatch projection on a nested field'],
    [{ l: { $slice: 'x' } }, {}, '$slice only supports numbers'],
    [{ l: { $slice: 0.5 } }, {}, '$slice only supports numbers'],
    [{ l: { $slice: [] } }, {}, '$slice only supports numbers'],
    [{ l: { $slice: [1, 2, 3] } }, {}, '$slice only supports numbers'],
    [{ l: { $slice: [1, 0] } }, {}, '$slice limit must be positive'],
    [{ l: { $slice: [1, -1] } }, {}, '$slice limit must be positive'],
    [{ 'l.$': 0 }, { l: 1 }, "positional projection 'l.$' cannot be used with exclusion"],
    [{ 'l.$': 1 }, { a: 1 }, "positional operator '.$' requires corresponding field in query specifier"],
    [{ 'l.$': 1 }, { left: 1 }, "positional operator '.$' requires corresponding field in query specifier"],
  ])('%j', async (projection, query, words) => {
    expect((await refusal(shown(projection, query))).message).toContain(words)
  })
})

test('a sort is refused unless it names fields and directions', async () => {
  const session = new Session()
  const sort = (order: unknown) => session.ids({}, { order })
  const cases: [unknown, string][] = [
    [{ n: 2 }, '$sort key ordering must be 1 (for ascending) or -1 (for descending): n'],
    [{ n: 'desc' }, '$sort key ordering must be 1'],
    [{ $n: 1 }, "may not start with '$': '$n'"],
    [{ '': 1 }, 'order needs field names'],
    [[{ field: 1, direction: 'asc' }], 'order needs field names'],
    [[{ field: 'n', direction: 'up' }], '$sort key ordering must be 1'],
    [[null], 'order needs field names'],
    [5, 'order must be an object'],
  ]
  for (const [order, words] of cases) expect((await refusal(sort(order))).message).toContain(words)
})

test('a sort follows its fields, as an object or as the list of older SDKs', async () => {
  const session = new Session()
  await session.insert({ _id: 1, a: 1, b: 1 }, { _id: 2, a: 2, b: 1 }, { _id: 3, a: 1, b: 2 })
  expect(await session.ids({}, { order: { a: -1, b: -1 } })).toEqual([2, 3, 1])
  const list = [
    { field: 'a', direction: 'asc' },
    { field: 'b', direction: 'desc' },
  ]
  expect(await session.ids({}, { order: list })).toEqual([3, 1, 2])
  expect(
    await session.ids(
      {},
      {
        order: [
          { field: 'a', direction: -1 },
          { field: 'b', direction: 1 },
        ],
      },
    ),
  ).toEqual([2, 1, 3])
  expect(await session.ids({}, { order: {} })).toEqual([1, 2, 3])
  expect(await session.ids({}, { order: { b: 1 }, offset: 1, limit: 1 })).toEqual([2])
  expect(await session.ids({}, { offset: 2 })).toEqual([3])
  expect(await session.ids({}, { offset: 3 })).toEqual([])
})

test('a read gives 100 documents unless it asks for more, 1,000 at most, and one for a document', async () => {
  const session = new Session()
  await session.insert(...Array.from({ length: 1_001 }, (_, _id) => ({ _id, n: 1 })))
  const read = async (extra: object) => {
    const { data } = (await session.act('getDocument', { query: '{}', ...extra })) as {
      data: { list: string[] }
    }
    return data.list.length
  }
  expect([await read({}), await read({ limit: 0 }), await read({ limit: 7 })]).toEqual([100, 100, 7])
  expect([await read({ limit: 1_000 }), await read({ limit: 5_000 })]).toEqual([1_000, 1_000])
  expect(await read({ queryType: 'DOC' })).toBe(1)
})

test('an ObjectId reaches the caller as its text, also as the id of an insertion, and other ids as they are', async () => {
  const session = new Session()
  const hex = '65'.repeat(12)
  const id = new ObjectId(hex)
  expect(await session.insert({ _id: id, of: id, text: `{"$oid":"${hex}"}` })).toEqual([hex])
  expect(await session.find({})).toEqual([{ _id: hex, of: hex, text: `{"$oid":"${hex}"}` }])
  expect(await session.aggregate({ $project: { of: 1 } })).toEqual([{ _id: hex, of: hex }])
  expect(await session.insert({ _id: 5 }, { _id: 'x' })).toEqual([5, 'x'])
  expect(await session.insert({ _id: new Date(7) })).toEqual([{ $date: { $numberLong: '7' } }])
  expect((await session.get(new Date(7)))?._id).toEqual(new Date(7))
})
