import { type Refusal, refusal, Session, write } from './session'

let session: Session
beforeEach(async () => {
  session = new Session()
  await session.insert({ _id: 'a', n: 1, s: `${'x'.repeat(40)}`, l: ['x'.repeat(40)] })
})

/** After every refused request the document is unchanged and the database still answers. */
afterEach(async () => {
  expect(await session.find({ _id: 'a' })).toEqual([
    { _id: 'a', n: 1, s: 'x'.repeat(40), l: ['x'.repeat(40)] },
  ])
  expect(await session.count({})).toBe(1)
})

const nested = (open: string, close: string, depth: number): string =>
  open.repeat(depth) + 1 + close.repeat(depth)
const insertText = (text: string): Promise<Refusal> =>
  refusal(session.act('insertDocument', { data: [text] }))

test.each([
  ['broken JSON', '{'],
  ['a list in place of a document', '[1]'],
  ['null in place of a document', 'null'],
  ['a date that is none', '{"at":{"$date":"soon"}}'],
  ['a date that is a list', '{"at":{"$date":[5]}}'],
  ['a date that is null', '{"at":{"$date":null}}'],
  ['a time of the server whose offset is none', '{"at":{"$date":{"offset":"x"}}}'],
  ['a time without its zone', '{"at":{"$date":"2024-01-22 13:34"}}'],
  ['an ISO time without its zone', '{"at":{"$date":"2024-01-22T13:34:00"}}'],
  ['a day without a time', '{"at":{"$date":"2024-01-22"}}'],
  ['an id that is none', '{"ref":{"$oid":"x"}}'],
  ['a number that is none', '{"n":{"$numberInt":"x"}}'],
  ['a double that is none', '{"n":{"$numberDouble":"x"}}'],
  ['a double beyond its range', '{"n":{"$numberDouble":"1e400"}}'],
  ['a number beyond the range of a double', '{"n":1e400}'],
  ['a number in a list beyond the range of a double', '{"n":[-1e400]}'],
  ['a whole number beyond 64 bits', '{"n":{"$numberLong":"9223372036854775808"}}'],
  ['a whole number far beyond 64 bits', '{"n":{"$numberLong":"-99999999999999999999"}}'],
  ['binary that is none', '{"b":{"$binary":5}}'],
  ['a name with a dot', '{"a.b":1}'],
  ['a name with a dot in an element of a list', '{"l":[1,{"o":{"a.b":1}}]}'],
  ['a name with NUL', '{"a\\u0000b":1}'],
  ['an array as id', '{"_id":[1]}'],
  ['10,000 levels of objects', nested('{"a":', '}', 10_000)],
  ['10,000 levels of arrays', `{"a":${nested('[', ']', 10_000)}}`],
  ['101 levels', nested('{"a":', '}', 102)],
  ['__proto__', '{"__proto__":{"polluted":true}}'],
  ['__proto__ further in', '{"o":[{"__proto__":{"polluted":true}}]}'],
  ['constructor', '{"constructor":{"prototype":{"polluted":true}}}'],
  ['the tag of a BSON wrapper', '{"o":{"_bsontype":"ObjectId"}}'],
])('refuses %s in a document as a bad parameter', async (_name, text) => {
  expect((await insertText(text)).code).toBe('INVALID_PARAM')
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

test.each([
  ['a name with a dollar', '{"$n":1}'],
  ['a nested name with a dollar', '{"o":{"$n":1}}'],
  ['a name with a dollar in an element of a list', '{"l":[[{"$n":1}]]}'],
])('refuses %s in a document as the real cloud does: the database refuses it', async (_name, text) => {
  expect((await insertText(text)).code).toBe('DATABASE_REQUEST_FAILED')
})

test.each(['constructor', 'toString', 'valueOf', '__proto__', '5000'])('$type %s is unknown', async name => {
  expect(await refusal(session.find({ n: { $type: name } }))).toMatchObject({
    code: 'DATABASE_REQUEST_FAILED',
    message: expect.stringContaining('Unknown type name alias'),
  })
})

test('a document of 17 MB is refused, one of 15 MB is not', async () => {
  expect((await insertText(write({ _id: 'big', text: 'x'.repeat(17 * 2 ** 20) }))).message).toContain(
    'larger than',
  )
  await session.insert({ _id: 'big', text: 'x'.repeat(15 * 2 ** 20) })
  expect((await refusal(session.update({ _id: 'big' }, { $set: { more: 'x'.repeat(2 ** 20) } }))).code).toBe(
    'INVALID_PARAM',
  )
  await session.remove({ _id: 'big' })
})

test.each([
  ['an update into __proto__', { $set: { '__proto__.polluted': true } }],
  ['an update into the tag of a BSON wrapper', { $set: { _bsontype: 'ObjectId' } }],
  ['an update into constructor.prototype', { $set: { 'constructor.prototype.polluted': true } }],
  ['a rename into __proto__', { $rename: { n: '__proto__.polluted' } }],
  ['an update of a NUL name', { $set: { 'a\0': 1 } }],
  ['an update 200 levels deep', { $set: { [Array(200).fill('a').join('.')]: 1 } }],
  ['a value 200 levels deep in an update', { $set: { v: JSON.parse(nested('[', ']', 99)) } }],
])('%s is refused', async (_name, update) => {
  await refusal(session.update({ _id: 'a' }, update))
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

test('a query 10,000 levels deep is refused', async () => {
  const query = nested('{"$and":[', ']}', 10_000)
  expect((await refusal(session.act('getDocument', { query }))).code).toBe('INVALID_PARAM')
})

test('names on the object prototype are not fields', async () => {
  expect(await session.act('removeDocument', { query: { prototype: 1 }, multi: true })).toMatchObject({
    data: { deleted: 0 },
  })
  expect(await session.find({ toString: { $exists: true } })).toEqual([])
  expect(await session.find({ '__proto__.x': { $exists: true } })).toEqual([])
})

describe('a regular expression that never ends is stopped without ending the process', () => {
  const bomb = '(x+x+)+y'

  test('in a query', async () => {
    const { message } = await refusal(session.find({ s: { $regex: bomb } }))
    expect(message).toContain('MaxTimeMSExpired')
  })

  test('in an update, both in its query and in a $pull', async () => {
    expect((await refusal(session.update({ s: { $regex: bomb } }, { $set: { n: 2 } }))).message).toContain(
      'MaxTime',
    )
    expect(
      (await refusal(session.update({ _id: 'a' }, { $pull: { l: { $regex: bomb } } }))).message,
    ).toContain('MaxTime')
  })

  test('in aggregation and in a projection', async () => {
    const matched = session.aggregate({ $match: { s: { $regex: bomb } } })
    expect((await refusal(matched)).message).toContain('MaxTime')
    const computed = session.aggregate({ $project: { v: { $regexMatch: { input: '$s', regex: bomb } } } })
    expect((await refusal(computed)).message).toContain('MaxTime')
    const projected = session.find({}, { projection: { l: { $elemMatch: { $regex: bomb } } } })
    expect((await refusal(projected)).message).toContain('MaxTime')
  })
})

test.each([
  ['an unknown action', 'dropCollection', {}],
  ['no collection name', 'getDocument', { collectionName: undefined }],
  ['a number as collection name', 'getDocument', { collectionName: 5 }],
  ['a system collection', 'addCollection', { collectionName: 'system.users' }],
  ['a negative limit', 'getDocument', { limit: -1 }],
  ['a fraction as offset', 'getDocument', { offset: 1.5 }],
  ['a document in place of a list', 'insertDocument', { data: '{}' }],
  ['nothing to insert', 'insertDocument', { data: [] }],
  ['no data to update with', 'modifyDocument', { query: '{}' }],
  ['a query that is a list', 'getDocument', { query: '[]' }],
  ['a list in place of a query', 'removeDocument', { query: [], multi: true }],
  [
    'a query by constructor, given as an object',
    'removeDocument',
    { query: { constructor: 1 }, multi: true },
  ],
  ['an update of constructor, given as an object', 'modifyDocument', { query: {}, data: { constructor: 1 } }],
  ['an order that is a number', 'getDocument', { order: '5' }],
  ['stages that are no list', 'aggregateDocuments', { stages: {} }],
  ['a commit without a transaction', 'commitTransaction', {}],
])('%s is refused as a bad parameter', async (_name, action, params) => {
  const { code, message } = await refusal(session.act(action, params))
  expect(code).toBe('INVALID_PARAM')
  expect(message).toContain('[InvalidParameter]')
})

test.each([
  ['$near', { at: { $near: [1, 2] } }],
  ['$geoWithin', { at: { $geoWithin: {} } }],
  ['$jsonSchema', { $jsonSchema: {} }],
  ['$where', { $where: 'true' }],
  ['$text', { $text: { $search: 'x' } }],
])('refuses %s and names it', async (name, query) => {
  const { message } = await refusal(session.find(query))
  expect(message).toContain(name)
  expect(message).toContain('not offered')
})

test.each(['$geoNear', '$out', '$merge'])('refuses the stage %s and names it', async name => {
  const { message } = await refusal(session.aggregate({ [name]: {} }))
  expect(message).toContain(name)
  expect(message).toContain('not offered')
})

test('an expression that runs code is refused', async () => {
  const body = { $function: { body: 'function () { return 1 }', args: [], lang: 'js' } }
  expect((await refusal(session.aggregate({ $project: { v: body } }))).message).toContain('$function')
})
