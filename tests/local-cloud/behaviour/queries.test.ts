import {
  type BehaviourCloud,
  connectBehaviourCloud,
  type Database,
  failure,
} from '../../support/behaviour-cloud'

let cloud: BehaviourCloud
let db: Database
let _: Database['command']
beforeAll(async () => {
  cloud = await connectBehaviourCloud()
  db = cloud.db
  _ = db.command
})
afterAll(() => cloud.stop())

const day = (n: number): Date => new Date(Date.UTC(2024, 0, n))

/** The ids of the matches among documents named a, b, c…, in natural order and joined to one word. */
async function found(documents: Record<string, unknown>[], condition: unknown): Promise<string> {
  const name = await cloud.collection()
  await db
    .collection(name)
    .add({ data: documents.map((document, i) => ({ _id: 'abcdefghijkl'[i], ...document })) })
  const { data } = await db.collection(name).where(condition).get()
  return data.map(({ _id }) => _id).join('')
}

describe('comparison', () => {
  const numbers = [{ n: 1 }, { n: 2 }, { n: 3 }, { n: '2' }, { n: null }, {}, { n: [2, 9] }]

  test.each([
    ['eq', () => _.eq(2), 'bg'],
    ['a value alone', () => 2, 'bg'],
    ['neq', () => _.neq(2), 'acdef'],
    ['gt', () => _.gt(2), 'cg'],
    ['gte', () => _.gte(2), 'bcg'],
    ['lt', () => _.lt(2), 'a'],
    ['lte', () => _.lte(2), 'abg'],
    ['in', () => _.in([1, '2']), 'ad'],
    ['nin', () => _.nin([1, 2]), 'cdef'],
    ['null, which a missing field is too', () => _.eq(null), 'ef'],
    ['not null', () => _.neq(null), 'abcdg'],
    ['exists', () => _.exists(true), 'abcdeg'],
    ['does not exist', () => _.exists(false), 'f'],
  ])('%s stays within one type', async (_name, condition, expected) => {
    expect(await found(numbers, { n: condition() })).toBe(expected)
  })

  test('dates compare by time', async () => {
    const dates = [{ at: day(1) }, { at: day(2) }, { at: day(3) }, { at: '2024-01-02' }]
    expect(await found(dates, { at: _.gte(day(2)) })).toBe('bc')
    expect(await found(dates, { at: day(2) })).toBe('b')
    expect(await found(dates, { at: _.lt(day(3)).and(_.gt(day(1))) })).toBe('b')
  })

  test('whole objects and arrays compare by their parts in order', async () => {
    const documents = [{ o: { x: 1, y: 2 } }, { o: { y: 2, x: 1 } }, { o: [1, 2] }, { o: [2, 1] }]
    expect(await found(documents, { o: _.eq({ x: 1, y: 2 }) })).toBe('a')
    expect(await found(documents, { o: _.eq([1, 2]) })).toBe('c')
  })
})

describe('logic, in both notations', () => {
  const documents = [{ n: 1, s: 'x' }, { n: 5, s: 'x' }, { n: 9, s: 'y' }, { s: 'z' }]

  test.each([
    ['and of conditions', () => _.and([{ n: _.gt(1) }, { s: 'x' }]), 'b'],
    ['or of conditions', () => _.or([{ n: 1 }, { s: 'y' }]), 'ac'],
    ['or as arguments', () => _.or({ n: 1 }, { s: 'z' }), 'ad'],
    ['nor', () => _.nor([{ n: 1 }, { s: 'y' }]), 'bd'],
    ['or within a field', () => ({ n: _.or(_.eq(1), _.gt(8)) }), 'ac'],
    ['or within a field, chained', () => ({ n: _.lt(2).or(_.gt(8)) }), 'ac'],
    ['and within a field, chained', () => ({ n: _.gt(1).and(_.lt(9)) }), 'b'],
    ['nor within a field', () => ({ n: _.nor(_.eq(1), _.eq(9)) }), 'bd'],
    ['not', () => ({ n: _.not(_.gt(1)) }), 'ad'],
    ['or beside a field', () => _.and([{ s: 'x' }, _.or([{ n: 1 }, { n: 5 }])]), 'ab'],
  ])('%s', async (_name, condition, expected) => {
    expect(await found(documents, condition())).toBe(expected)
  })
})

describe('arrays', () => {
  const documents = [
    { t: ['a', 'b'] },
    { t: ['b', 'a', 'c'] },
    { t: [] },
    { t: 'a' },
    {
      t: [
        { v: 1, w: 5 },
        { v: 3, w: 1 },
      ],
    },
    { t: [1, 7] },
    { t: [[1, 2], 3] },
  ]

  test.each([
    ['one element', () => 'a', 'abd'],
    ['all', () => _.all(['a', 'b']), 'ab'],
    ['size', () => _.size(2), 'aefg'],
    ['size 0', () => _.size(0), 'c'],
    ['elemMatch on objects: one element meets all', () => _.elemMatch({ v: _.gt(1), w: _.lt(2) }), 'e'],
    ['elemMatch on values', () => _.elemMatch(_.gt(5)), 'f'],
    ['an array inside an array', () => _.eq([1, 2]), 'g'],
  ])('%s', async (_name, condition, expected) => {
    expect(await found(documents, { t: condition() })).toBe(expected)
  })

  test('paths lead into objects, through arrays and to array positions', async () => {
    expect(await found(documents, { 't.v': 3 })).toBe('e')
    expect(await found(documents, { 't.0': 'a' })).toBe('a')
    expect(await found(documents, { 't.0.v': 1 })).toBe('e')
    expect(await found(documents, { 't.1.v': 1 })).toBe('')
    expect(await found([{ o: { p: { q: 1 } } }, { o: { p: 1 } }], { o: { p: { q: 1 } } })).toBe('a')
  })

  test('null matches a path through an array if an element lacks the field, not if it is a scalar', async () => {
    const nested = [{ a: [{ b: 1 }, {}] }, { a: [{ b: 1 }] }, { a: [1] }, { a: [] }, { a: {} }, {}]
    expect(await found(nested, { 'a.b': null })).toBe('aef')
    expect(await found(nested, { 'a.b': _.exists(false) })).toBe('cdef')
  })
})

test('mod accepts a divisor and a remainder', async () => {
  const documents = [{ n: 4 }, { n: 7 }, { n: 7.9 }, { n: '7' }, { n: -7 }]
  expect(await found(documents, { n: _.mod(4, 3) })).toBe('bc')
  expect(await found(documents, { n: _.mod([4, -3]) })).toBe('e')
  expect(await found(documents, { n: _.mod(4, 0) })).toBe('a')
})

test('regular expressions work in all four forms and with flags', async () => {
  const documents = [{ s: 'Saturn' }, { s: 'saturn\nrings' }, { s: '土星环' }, { s: 5 }, { s: ['Saturn V'] }]
  expect(await found(documents, { s: /^sat/i })).toBe('abe')
  expect(await found(documents, { s: /^Sat/ })).toBe('ae')
  expect(await found(documents, { s: db.RegExp({ regexp: '^rings$', options: 'm' }) })).toBe('b')
  expect(await found(documents, { s: db.RegExp({ regexp: 'saturn.rings', options: 's' }) })).toBe('b')
  expect(await found(documents, { s: db.RegExp({ regexp: '^土.环$' }) })).toBe('c')
  expect(await found(documents, _.or([{ s: /V$/ }, { s: /环/ }]))).toBe('ce')
})

test('an expression can compare two fields', async () => {
  const $ = _.aggregate
  const documents = [
    { a: 1, b: 2 },
    { a: 3, b: 2 },
  ]
  expect(await found(documents, _.expr($.gt(['$a', '$b'])))).toBe('b')
})

test('count returns the number of matches', async () => {
  const things = db.collection(await cloud.collection([{ n: 1 }, { n: 2 }, { n: 3 }]))
  expect((await things.where({ n: _.gt(1) }).count()).total).toBe(2)
  expect((await things.where({ n: 9 }).count()).total).toBe(0)
})

describe('refuses what MongoDB refuses, with its message and -502001', () => {
  test.each([
    ['an unknown operator', { n: { $foo: 1 } }, 'unknown operator: $foo'],
    ['an unknown operator at the top', { $foo: [] }, 'unknown top level operator: $foo'],
    ['$in without an array', { n: { $in: 1 } }, '$in needs an array'],
    ['an empty $or', { $or: [] }, '$or must be a nonempty array'],
    ['$mod by zero', { n: { $mod: [0, 1] } }, 'divisor cannot be 0'],
    ['half a $mod', { n: { $mod: [4] } }, 'malformed mod, not enough elements'],
    ['$size of a text', { n: { $size: 'x' } }, '$size'],
    ['$not of a number', { n: { $not: 3 } }, '$not needs a regex or a document'],
    ['a broken regular expression', { n: { $regex: '(' } }, 'Regular expression is invalid'],
    ['an unknown flag', { n: { $regex: 'a', $options: 'q' } }, 'invalid flag in regex options'],
  ])('%s', async (_name, condition, words) => {
    const name = await cloud.collection([{ n: 1 }])
    const { errCode, errMsg } = await failure(db.collection(name).where(condition).get())
    expect(errCode).toBe(-502001)
    expect(errMsg).toContain(words)
  })
})
