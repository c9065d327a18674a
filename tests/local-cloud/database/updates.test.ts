import { BSONRegExp } from 'bson'
import { refusal, Session, write } from './session'

/** A document after an update, without its id. */
async function updated(document: Record<string, unknown>, update: unknown): Promise<unknown> {
  const session = new Session()
  await session.insert({ _id: 1, ...document })
  await session.update({ _id: 1 }, update)
  const { _id, ...rest } = (await session.get(1)) ?? {}
  return rest
}

describe('an update', () => {
  const lists = { l: [3, 1, 2] }
  const each = (more: object) => ({ $push: { l: { $each: [4], ...more } } })
  test.each<[string, Record<string, unknown>, unknown, unknown]>([
    ['sets fields and keeps the others', { a: 1, b: 1 }, { $set: { b: 2, c: 3 } }, { a: 1, b: 2, c: 3 }],
    [
      'sets a field in an element',
      { l: [{ n: 1 }, { n: 2 }] },
      { $set: { 'l.1.n': 5 } },
      { l: [{ n: 1 }, { n: 5 }] },
    ],
    ['appends at the end of a list by its place', { l: [1] }, { $set: { 'l.1': 2 } }, { l: [1, 2] }],
    ['fills places between with null', { l: [] }, { $set: { 'l.2': 2 } }, { l: [null, null, 2] }],
    ['makes an object on the way into a list', { l: [1] }, { $set: { 'l.1.n': 2 } }, { l: [1, { n: 2 }] }],
    ['removes a field', { a: 1, b: { c: 1, d: 1 } }, { $unset: { a: '', 'b.c': '' } }, { b: { d: 1 } }],
    ['leaves null at the place of a removed element', lists, { $unset: { 'l.1': '' } }, { l: [3, null, 2] }],
    ['leaves a list alone when the place to remove is not there', lists, { $unset: { 'l.3': '' } }, lists],
    ['makes no objects on the way to what it removes', { a: 1 }, { $unset: { 'b.c.d': '' } }, { a: 1 }],
    [
      'leaves a text alone in which nothing can be removed',
      { a: 'x' },
      { $unset: { 'a.b': '' } },
      { a: 'x' },
    ],
    ['leaves a list alone in which no field can be removed', lists, { $unset: { 'l.n': '' } }, lists],
    ['adds', { n: 1 }, { $inc: { n: -3, m: 2 } }, { n: -2, m: 2 }],
    ['multiplies, and a missing number is 0', { n: 3 }, { $mul: { n: 4, m: 2 } }, { n: 12, m: 0 }],
    [
      'takes the smaller',
      { n: 3, m: 3, e: 3 },
      { $min: { n: 2, m: 4, e: 3, x: 1 } },
      { n: 2, m: 3, e: 3, x: 1 },
    ],
    [
      'takes the larger',
      { n: 3, m: 3, e: 3 },
      { $max: { n: 2, m: 4, e: 3, x: 1 } },
      { n: 3, m: 4, e: 3, x: 1 },
    ],
    ['takes the larger across types', { n: 3 }, { $max: { n: 'a' } }, { n: 'a' }],
    ['appends one value', lists, { $push: { l: 4, k: 1 } }, { l: [3, 1, 2, 4], k: [1] }],
    ['appends a list as one value', lists, { $push: { l: [4] } }, { l: [3, 1, 2, [4]] }],
    ['appends several values', lists, { $push: { l: { $each: [4, 5] } } }, { l: [3, 1, 2, 4, 5] }],
    ['inserts at a place', lists, each({ $position: 1 }), { l: [3, 4, 1, 2] }],
    ['inserts at a place from the end', lists, each({ $position: -1 }), { l: [3, 1, 4, 2] }],
    ['inserts at the front when the place is before it', lists, each({ $position: -9 }), { l: [4, 3, 1, 2] }],
    ['inserts at the end when the place is behind it', lists, each({ $position: 9 }), { l: [3, 1, 2, 4] }],
    ['sorts upwards after it appended', lists, each({ $sort: 1 }), { l: [1, 2, 3, 4] }],
    ['sorts downwards after it appended', lists, each({ $sort: -1 }), { l: [4, 3, 2, 1] }],
    [
      'sorts by fields',
      {
        l: [
          { a: 1, b: 1 },
          { a: 2, b: 1 },
        ],
      },
      { $push: { l: { $each: [{ a: 1, b: 2 }], $sort: { a: -1, b: -1 } } } },
      {
        l: [
          { a: 2, b: 1 },
          { a: 1, b: 2 },
          { a: 1, b: 1 },
        ],
      },
    ],
    ['keeps the first of a list', lists, each({ $slice: 2 }), { l: [3, 1] }],
    ['keeps the last of a list', lists, each({ $slice: -2 }), { l: [2, 4] }],
    ['keeps nothing of a list', lists, each({ $slice: 0 }), { l: [] }],
    ['sorts before it cuts', lists, each({ $sort: 1, $slice: 2 }), { l: [1, 2] }],
    ['adds to a set what it lacks', lists, { $addToSet: { l: 4 } }, { l: [3, 1, 2, 4] }],
    ['adds to a set nothing that it has', lists, { $addToSet: { l: 2, k: 1 } }, { l: [3, 1, 2], k: [1] }],
    [
      'adds several to a set, each once',
      lists,
      { $addToSet: { l: { $each: [4, 2, 4] } } },
      { l: [3, 1, 2, 4] },
    ],
    [
      'adds an object to a set as it is',
      { l: [{ a: 1 }] },
      { $addToSet: { l: { a: 2 } } },
      { l: [{ a: 1 }, { a: 2 }] },
    ],
    ['takes the last away', lists, { $pop: { l: 1 } }, { l: [3, 1] }],
    ['takes the first away', lists, { $pop: { l: -1 } }, { l: [1, 2] }],
    [
      'takes nothing from a missing list',
      lists,
      { $pop: { k: 1 }, $pull: { m: 1 }, $pullAll: { n: [1] } },
      lists,
    ],
    ['removes equal elements', { l: [1, 2, 1] }, { $pull: { l: 1 } }, { l: [2] }],
    ['removes elements by an operator', lists, { $pull: { l: { $gte: 2 } } }, { l: [1] }],
    [
      'removes texts by a pattern',
      { l: ['ab', 'b', 5] },
      { $pull: { l: new BSONRegExp('^a') } },
      { l: ['b', 5] },
    ],
    [
      'removes elements by their fields',
      { l: [{ a: 1, b: 1 }, { a: 2 }, 1] },
      { $pull: { l: { a: 1 } } },
      { l: [{ a: 2 }, 1] },
    ],
    ['removes a null', { l: [1, null] }, { $pull: { l: null } }, { l: [1] }],
    ['removes all of a list of values', lists, { $pullAll: { l: [1, 3, 9] } }, { l: [2] }],
    ['renames a field, which comes last then', { a: 1, b: 2 }, { $rename: { a: 'c' } }, { b: 2, c: 1 }],
    [
      'renames into an object and out of one',
      { a: 1, o: { p: 2 } },
      { $rename: { a: 'o.a', 'o.p': 'p' } },
      { o: { a: 1 }, p: 2 },
    ],
    ['replaces the field that has the new name', { a: 1, b: 2 }, { $rename: { a: 'b' } }, { b: 1 }],
    ['renames nothing that is missing', { b: 2 }, { $rename: { a: 'b' } }, { b: 2 }],
    [
      'combines bits',
      { a: 13, b: 3, c: 1 },
      { $bit: { a: { and: 10 }, b: { or: 5 }, c: { xor: 5 }, d: { or: 4 } } },
      { a: 8, b: 7, c: 4, d: 4 },
    ],
    ['combines bits one after another', { a: 13 }, { $bit: { a: { and: 10, or: 1 } } }, { a: 9 }],
    ['combines bits beyond the 32nd', { a: 2 ** 40 }, { $bit: { a: { or: 1 } } }, { a: 2 ** 40 + 1 }],
    [
      'sets what only an insertion sets not at all',
      { a: 1 },
      { $setOnInsert: { b: 1 }, $set: { a: 2 } },
      { a: 2 },
    ],
  ])('%s', async (_name, document, update, after) => {
    expect(await updated(document, update)).toEqual(after)
    expect(JSON.stringify(await updated(document, update))).toBe(JSON.stringify(after))
  })

  test('takes the time of the cloud, in both notations', async () => {
    const session = new Session({ now: () => 1_700_000_000_000 })
    await session.insert({ _id: 1 })
    await session.update({ _id: 1 }, { $currentDate: { a: true, b: { $type: 'date' } } })
    const at = new Date(1_700_000_000_000)
    expect(await session.get(1)).toEqual({ _id: 1, a: at, b: at })
  })

  test('changes its document once, whatever the number of matches, unless it may change many', async () => {
    const session = new Session()
    await session.insert({ _id: 1, n: 1 }, { _id: 2, n: 1 })
    expect(await session.update({ n: 1 }, { $set: { n: 2 } }, { multi: false })).toBe(1)
    expect(await session.find({})).toEqual([
      { _id: 1, n: 2 },
      { _id: 2, n: 1 },
    ])
    expect(await session.update({}, { $set: { n: 2 } })).toBe(1)
  })

  test('counts a change of the order of fields, and of a type, but no equal value', async () => {
    const session = new Session()
    await session.insert({ _id: 1, o: { a: 1, b: 2 }, n: 1 })
    expect(await session.update({ _id: 1 }, { $set: { o: { a: 1, b: 2 }, n: 1 } })).toBe(0)
    expect(await session.update({ _id: 1 }, { $set: { o: { b: 2, a: 1 } } })).toBe(1)
    expect(await session.update({ _id: 1 }, { $set: { n: '1' } })).toBe(1)
  })

  test('may fill a list up to a bound, not beyond', async () => {
    const session = new Session()
    await session.insert({ _id: 1, l: [] })
    const far = (place: number) =>
      session.update({ _id: 1 }, { $unset: { gone: '' }, $set: { [`l.${place}`]: 1 } })
    expect((await refusal(far(1_500_001))).message).toContain("can't backfill more than 1500000")
    expect(
      (await refusal(session.update({ _id: 1 }, { $set: { [Array(101).fill('a').join('.')]: 1 } }))).message,
    ).toContain('deeper than 100')
    const deep = Array(100).fill('a').join('.')
    const tooDeep = session.update({ _id: 1 }, { $set: { [deep]: { b: {} } } })
    expect((await refusal(tooDeep)).message).toContain('deeper than 100')
    expect(await session.update({ _id: 1 }, { $set: { [deep]: { b: 1 } } })).toBe(1)
  })
})

describe('an update that MongoDB refuses is refused with its words, and changes nothing:', () => {
  const document = { _id: 1, n: 1, s: 'x', l: [1], half: 1.5, o: { p: 1 }, nul: null }
  test.each<[string, unknown, string]>([
    ['nothing to change', {}, "'$set' is empty"],
    ['a field without an operator', { n: 2 }, 'Unknown modifier: n'],
    ['an operator of queries', { $gt: { n: 2 } }, 'Unknown modifier: $gt'],
    ['a name on the prototype', { toString: { n: 2 } }, 'Unknown modifier: toString'],
    ['an operator without fields', { $set: 1 }, 'Modifiers operate on fields but we found type int'],
    ['a field twice', { $set: { n: 2 }, $inc: { n: 1 } }, "would create a conflict at 'n'"],
    [
      'a field and one inside it',
      { $set: { 'o.p': 2, o: {} } },
      "Updating the path 'o' would create a conflict at 'o'",
    ],
    [
      'a field inside one that is set',
      { $set: { o: {}, 'o.p': 2 } },
      "Updating the path 'o.p' would create a conflict at 'o'",
    ],
    [
      'a field that is renamed and set',
      { $rename: { n: 'm' }, $set: { m: 1 } },
      "would create a conflict at 'm'",
    ],
    ['an empty name', { $set: { '': 1 } }, 'An empty update path is not valid'],
    ['an empty part of a path', { $set: { 'o.': 1 } }, "'o.' contains an empty field name"],
    ['a name with a dollar', { $set: { 'o.$p': 1 } }, "The dollar ($) prefixed field '$p' in 'o.$p'"],
    ['the id', { $set: { _id: 2 } }, "would modify the immutable field '_id'"],
    ['a field of the id', { $set: { '_id.x': 2 } }, "would modify the immutable field '_id'"],
    ['a name of a prototype in a path', { $set: { 'o.constructor': 2 } }, "'constructor' is not allowed"],
    ['a name with NUL in a path', { $set: { 'o.a\0b': 2 } }, "'a\\0b' is not allowed"],
    ['adding a text', { $inc: { n: '1' } }, 'Cannot increment with non-numeric argument'],
    ['adding to a text', { $inc: { s: 1 } }, "The field 's' is of non-numeric type string"],
    [
      'multiplying a list',
      { $mul: { l: 2 } },
      "Cannot apply $mul to a value of non-numeric type. The field 'l' is of non-numeric type array",
    ],
    ['multiplying by a truth', { $mul: { n: true } }, 'Cannot multiply with non-numeric argument'],
    [
      'appending to a text',
      { $push: { s: 1 } },
      "The field 's' must be an array but is of type string ($push)",
    ],
    ['appending to null', { $push: { nul: 1 } }, 'must be an array but is of type null'],
    [
      'an unknown clause of $push',
      { $push: { l: { $each: [1], $x: 1 } } },
      'Unrecognized clause in $push: $x',
    ],
    [
      'a clause of $push without values',
      { $push: { l: { $slice: 1 } } },
      'must be an array but it was of type: null',
    ],
    [
      'a fraction as a place',
      { $push: { l: { $each: [1], $position: 0.5 } } },
      '$position must be an integer',
    ],
    ['a fraction of a list', { $push: { l: { $each: [1], $slice: 0.5 } } }, '$slice must be an integer'],
    ['a sort of 2', { $push: { l: { $each: [1], $sort: 2 } } }, 'The $sort is invalid'],
    [
      'a sort by a field of 2',
      { $push: { l: { $each: [1], $sort: { a: 1, b: 2 } } } },
      'The $sort is invalid',
    ],
    ['a sort by no field', { $push: { l: { $each: [1], $sort: {} } } }, 'The $sort is invalid'],
    [
      'adding to a set that is a number',
      { $addToSet: { n: 1 } },
      "The field 'n' must be an array but is of type int ($addToSet)",
    ],
    [
      'something beside the values of a set',
      { $addToSet: { l: { $each: [1], $x: 1 } } },
      'unexpected fields after $each',
    ],
    [
      'values of a set that are no list',
      { $addToSet: { l: { $each: 1 } } },
      'must be an array but it was of type int',
    ],
    ['taking 2 away', { $pop: { l: 2 } }, '$pop expects 1 or -1, found: 2'],
    ['taking from a number', { $pop: { n: 1 } }, "contains an element of non-array type 'int'"],
    ['removing from a number', { $pull: { n: 1 } }, 'Cannot apply $pull to a non-array value (n)'],
    ['removing by an unknown operator', { $pull: { l: { $x: 1 } } }, 'unknown operator: $x'],
    [
      'removing all of no list',
      { $pullAll: { l: 1 } },
      '$pullAll requires an array argument but was given a int',
    ],
    [
      'removing all from a number',
      { $pullAll: { n: [1] } },
      'Cannot apply $pullAll to a non-array value (n)',
    ],
    ['bits by a number', { $bit: { n: 1 } }, 'The $bit modifier is not compatible with a int'],
    ['no bits', { $bit: { n: {} } }, 'You must pass in at least one bitwise operation'],
    ['bits of a fraction', { $bit: { half: { or: 1 } } }, 'half has the field of non-integer type double'],
    ['a fraction of bits', { $bit: { n: { or: 0.5 } } }, "a 'double' is not supported here"],
    ['an unknown operation on bits', { $bit: { n: { nor: 1 } } }, "not 'nor' which is an unknown operator"],
    ['renaming to a number', { $rename: { n: 1 } }, "The 'to' field for $rename must be a string"],
    ['renaming to the same', { $rename: { n: 'n' } }, 'must differ'],
    [
      'renaming out of a list',
      { $rename: { 'l.0': 'x' } },
      "The source field cannot be an array element, 'l.0' has an array field called 'l'",
    ],
    [
      'renaming into a list',
      { $rename: { n: 'l.0' } },
      "The destination field cannot be an array element, 'l.0' has",
    ],
    [
      'the time in another form',
      { $currentDate: { n: { $type: 'timestamp' } } },
      'is not valid for $currentDate',
    ],
    ['the time by 1', { $currentDate: { n: 1 } }, 'is not valid for $currentDate'],
    ['a field in a text', { $set: { 's.x': 1 } }, 'Cannot create field \'x\' in element {s: "x"}'],
    ['a field in null', { $set: { 'nul.x': 1 } }, "Cannot create field 'x' in element {nul: null}"],
    ['a field in a list', { $set: { 'l.x': 1 } }, "Cannot create field 'x' in element {l: [1]}"],
  ])('%s', async (_name, update, words) => {
    const session = new Session()
    await session.insert(document)
    expect((await refusal(session.update({ _id: 1 }, update))).message).toContain(words)
    expect(await session.get(1)).toEqual(document)
  })
})

describe('what a document is replaced with, or inserted by an update that finds none', () => {
  const change = (session: Session, query: unknown, data: unknown, extra: object) =>
    session.act('modifyDocument', { query: write(query), data: write(data), ...extra })

  test('a replacement keeps the id and nothing else', async () => {
    const session = new Session()
    await session.insert({ _id: 1, a: 1 })
    const { data } = await change(session, { _id: 1 }, { b: 2 }, { merge: false })
    expect(data).toEqual({ updated: 1, upsert_id: null })
    expect(await session.find({})).toEqual([{ _id: 1, b: 2 }])
  })

  test('a replacement by what is there changes nothing, with its id or without', async () => {
    const session = new Session()
    await session.insert({ _id: 'a', x: 1, y: { z: [2] } })
    for (const data of [
      { x: 1, y: { z: [2] } },
      { x: 1, _id: 'a', y: { z: [2] } },
    ])
      expect((await change(session, { _id: 'a' }, data, { merge: false })).data).toMatchObject({ updated: 0 })
    expect((await change(session, { _id: 'a' }, { x: 2 }, { merge: false })).data).toMatchObject({
      updated: 1,
    })
  })

  test('an inserted replacement has nothing of a pattern in the query', async () => {
    const session = new Session()
    for (const [query, data] of [
      [{ _id: /^q/ }, { _id: 'q1', x: 2 }],
      [{ a: /^q/ }, { _id: 'q2', x: 3 }],
    ])
      await change(session, query, data, { merge: false, upsert: true })
    await session.act('modifyDocument', {
      query: write({ _id: 'q3', a: /^q/ }),
      data: write({ $set: { x: 4 } }),
      upsert: true,
    })
    expect(await session.find({})).toEqual([
      { _id: 'q1', x: 2 },
      { _id: 'q2', x: 3 },
      { _id: 'q3', x: 4 },
    ])
  })

  test('a replacement with another id is refused, also where it would be inserted', async () => {
    const session = new Session()
    await session.insert({ _id: 1, a: 1 })
    for (const query of [{ _id: 1 }, { a: 1 }, { _id: 2 }]) {
      const replace = change(session, query, { _id: 3, b: 2 }, { merge: false, upsert: true })
      expect((await refusal(replace)).message).toContain("the (immutable) field '_id' was found to have been")
    }
    expect(await session.find({})).toEqual([{ _id: 1, a: 1 }])
    await change(session, { a: 1 }, { b: 2, _id: 1 }, { merge: false })
    await change(session, { b: 9 }, { _id: 4, b: 3 }, { merge: false, upsert: true })
    expect(await session.find({})).toEqual([
      { _id: 1, b: 2 },
      { _id: 4, b: 3 },
    ])
  })

  test('a replacement holds no operators', async () => {
    const replace = change(new Session(), { _id: 1 }, { $set: { b: 2 } }, { merge: false, upsert: true })
    expect((await refusal(replace)).message).toContain('cannot hold update operators')
  })

  test('nothing is inserted unless that was asked for', async () => {
    const session = new Session()
    expect(await change(session, { _id: 1 }, { b: 2 }, { merge: false })).toMatchObject({
      data: { updated: 0, upsert_id: null },
    })
    expect(await session.count({})).toBe(0)
  })

  test('an inserted replacement has the id of the query, and one of its own without', async () => {
    const session = new Session()
    const { data } = await change(session, { _id: 1, a: 5 }, { b: 2 }, { merge: false, upsert: true })
    expect(data).toEqual({ updated: 0, upsert_id: 1 })
    expect(await session.get(1)).toEqual({ _id: 1, b: 2 })
    await change(session, { a: 5 }, { b: 3 }, { merge: false, upsert: true })
    expect((await session.find({ b: 3 }))[0]).toEqual({ _id: expect.stringMatching(/^[0-9a-f]{32}$/), b: 3 })
  })

  test('an inserted update begins with what the query asks to be equal', async () => {
    const session = new Session()
    const query = { _id: 'x', a: 1, b: { $eq: 2 }, c: { $gt: 3 }, 'd.e': 4, $or: [{ f: 5 }] }
    await change(session, query, { $inc: { n: 1 } }, { upsert: true })
    expect(await session.find({})).toEqual([{ _id: 'x', a: 1, b: 2, n: 1 }])
  })

  test('an update that returns its document counts what it finds and gives it as it is now', async () => {
    const session = new Session()
    await session.insert({ _id: 1, n: 1 }, { _id: 2, n: 1 })
    const ask = async (query: object, data: object) =>
      (await session.act('modifyAndReturnDoc', { query: write(query), data: write(data) })).data as {
        updated: number
        doc: string | null
      }
    expect(await ask({ n: 1 }, { $set: { n: 1 } })).toMatchObject({
      updated: 1,
      doc: expect.stringContaining('"_id":{"$numberInt":"1"}'),
    })
    expect(JSON.parse((await ask({ n: 1 }, { $inc: { n: 1 } })).doc ?? '')).toEqual({
      _id: { $numberInt: '1' },
      n: { $numberInt: '2' },
    })
    expect(await ask({ n: 9 }, { $set: { n: 1 } })).toEqual({ updated: 0, doc: null })
    expect(await session.find({})).toEqual([
      { _id: 1, n: 2 },
      { _id: 2, n: 1 },
    ])
  })
})
