import { Binary, BSONRegExp, Decimal128, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'
import { refusal, Session } from './session'

/** The ids of the documents that a condition on `v` finds, joined. Each document's id says what its `v` is. */
async function matches(values: Record<string, unknown>, condition: unknown): Promise<string> {
  const session = new Session()
  const missing = Symbol.for('missing')
  await session.insert(...Object.entries(values).map(([_id, v]) => (v === missing ? { _id } : { _id, v })))
  return (await session.ids({ v: condition })).join(' ')
}

describe('a query by type finds what MongoDB stores under it', () => {
  const values = {
    double: 1.5,
    int: 1,
    smallest: -(2 ** 31),
    largest: 2 ** 31 - 1,
    long: 2 ** 31,
    below: -(2 ** 31) - 1,
    wrapped: Long.fromString('9007199254740993'),
    decimal: Decimal128.fromString('1.5'),
    text: 'x',
    object: { a: 1 },
    array: ['x'],
    binary: new Binary(new Uint8Array([1])),
    id: new ObjectId('65'.repeat(12)),
    bool: false,
    date: new Date(0),
    null: null,
    none: Symbol.for('missing'),
    regex: new BSONRegExp('a', 'i'),
    timestamp: new Timestamp({ t: 1, i: 1 }),
    min: new MinKey(),
    max: new MaxKey(),
  }
  test.each<[unknown, unknown, string]>([
    ['double', 1, 'double'],
    ['string', 2, 'text array'],
    ['object', 3, 'object'],
    ['array', 4, 'array'],
    ['binData', 5, 'binary'],
    ['undefined', 6, ''],
    ['objectId', 7, 'id'],
    ['bool', 8, 'bool'],
    ['date', 9, 'date'],
    ['null', 10, 'null'],
    ['regex', 11, 'regex'],
    ['int', 16, 'int smallest largest'],
    ['timestamp', 17, 'timestamp'],
    ['long', 18, 'long below wrapped'],
    ['decimal', 19, 'decimal'],
    ['minKey', -1, 'min'],
    ['maxKey', 127, 'max'],
    ['number', ['number', 'string'], 'double int smallest largest long below wrapped decimal text array'],
  ])('%s', async (name, code, found) => {
    const expected = name === 'number' ? found.replace(' text array', '') : found
    expect(await matches(values, { $type: name })).toBe(expected)
    expect(await matches(values, { $type: code })).toBe(found)
  })
})

describe('a condition finds', () => {
  const missing = Symbol.for('missing')
  const numbers = {
    nan: Number.NaN,
    one: 1,
    five: 5,
    inf: Number.POSITIVE_INFINITY,
    text: '1',
    none: missing,
  }
  const lists = { pairs: [[1, 2], [3]], flat: [1, 2], three: [3], texts: ['ab', 'cd'], empty: [], scalar: 3 }
  const objects = {
    x: [{ x: 1 }, { x: 2, y: 2 }],
    y: [{ y: 2 }, 5],
    one: { x: 1 },
    big: [{ x: 9 }],
  }
  test.each<[string, Record<string, unknown>, unknown, string]>([
    ['only NaN from NaN upwards', numbers, { $gte: Number.NaN }, 'nan'],
    ['nothing below NaN', numbers, { $lt: Number.NaN }, ''],
    ['no NaN below a number', numbers, { $lte: 5 }, 'one five'],
    ['no NaN above a number', numbers, { $gt: 1 }, 'five inf'],
    ['missing fields up to null', numbers, { $lte: null }, 'none'],
    ['nothing below null', numbers, { $lt: null }, ''],
    ['values of a list of types', numbers, { $in: [1, '1', null] }, 'one text none'],
    ['values outside such a list', numbers, { $nin: [1, '1', null] }, 'nan five inf'],
    ['a pattern in a list', { ...numbers, word: 'wort' }, { $in: [/^w/, 5] }, 'five word'],
    ['no number for a pattern', numbers, { $regex: '1' }, 'text'],
    ['a remainder of whole numbers', numbers, { $mod: [4.9, 1.2] }, 'one five'],
    ['no remainder of an endless number', numbers, { $mod: [2, 0] }, ''],
    ['what exists, by true', numbers, { $exists: true }, 'nan one five inf text'],
    ['what exists, by 1', numbers, { $exists: 1 }, 'nan one five inf text'],
    ['what exists, by a text', numbers, { $exists: 'x' }, 'nan one five inf text'],
    ['what is missing, by 0', numbers, { $exists: 0 }, 'none'],
    ['what is missing, by null', numbers, { $exists: null }, 'none'],
    ['what is not above', numbers, { $not: { $gt: 1 } }, 'nan one text none'],
    ['what no pattern matches', numbers, { $not: new BSONRegExp('1') }, 'nan one five inf none'],
    ['lists with all values', lists, { $all: [1, 2] }, 'flat'],
    ['a list with a list', lists, { $all: [[1, 2]] }, 'pairs flat'],
    ['a single value by $all', lists, { $all: [3] }, 'three scalar'],
    ['nothing for all of nothing', lists, { $all: [] }, ''],
    ['lists whose texts match all patterns', lists, { $all: [/^a/, 'cd'] }, 'texts'],
    [
      'lists with an element for each of several conditions',
      objects,
      { $all: [{ $elemMatch: { x: 1 } }, { $elemMatch: { y: 2 } }] },
      'x',
    ],
    ['lists by their length', lists, { $size: 2 }, 'pairs flat texts'],
    ['an element that is a list of a length', lists, { $elemMatch: { $size: 2 } }, 'pairs'],
    ['an element that is a list with an element', lists, { $elemMatch: { $elemMatch: { $gt: 2 } } }, 'pairs'],
    ['an element that is a list with all values', lists, { $elemMatch: { $all: [1, 2] } }, 'pairs'],
    ['an element equal to a list', lists, { $elemMatch: { $eq: [3] } }, 'pairs'],
    ['no element inside an element', lists, { $elemMatch: { $eq: 3 } }, 'three'],
    [
      'an element by one of two conditions',
      objects,
      { $elemMatch: { $or: [{ x: 9 }, { y: 2 }] } },
      'x y big',
    ],
    ['an element by both of two conditions', objects, { $elemMatch: { $and: [{ x: 2 }, { y: 2 }] } }, 'x'],
    ['an element by neither', objects, { $elemMatch: { $nor: [{ x: 1 }, { x: 2 }, { y: 2 }] } }, 'big'],
    ['an element by an expression', objects, { $elemMatch: { $expr: { $eq: ['$x', '$y'] } } }, 'x'],
    ['an element by its field', objects, { $elemMatch: { x: { $gt: 1 } } }, 'x big'],
    ['all of some bits', { a: 6, b: 2, c: 9 }, { $bitsAllSet: 6 }, 'a'],
    ['any of some bits', { a: 6, b: 2, c: 9 }, { $bitsAnySet: [0, 2] }, 'a c'],
    ['none of some bits', { a: 6, b: 2, c: 9 }, { $bitsAllClear: [0, 3] }, 'a b'],
    ['not all of some bits', { a: 6, b: 2, c: 9 }, { $bitsAnyClear: 6 }, 'b c'],
    ['bits of whole numbers alone', { ...lists, a: 6, half: 6.5 }, { $bitsAllSet: 0 }, 'flat three scalar a'],
    ['bits beyond the 32nd', { a: 2 ** 40, b: 2 ** 40 - 1 }, { $bitsAllSet: [40] }, 'a'],
    ['both ends of a range in one element', lists, { $elemMatch: { $gt: 1, $lt: 3 } }, 'flat'],
  ])('%s', async (_name, values, condition, found) => {
    expect(await matches(values, condition)).toBe(found)
  })

  test.each<[string, string, string | undefined, string]>([
    ['letters of either case', '^SAT', 'i', 'one two'],
    ['a start of any line', '^rings', 'm', 'two'],
    ['a line break by a dot', 'saturn.rings', 'is', 'two'],
    ['no line break by a dot', 'saturn.rings', 'i', ''],
    ['text beside spaces and comments of a pattern', ' sat \\ 7 # the number\n [ ]x ', 'x', 'spaces'],
    ['text with a flag that changes nothing', '^sat', 'u', 'two spaces'],
    ['text with a flag twice', '^SAT', 'ii', 'one two spaces'],
    ['one character beyond the usual plane by a dot', '^.$', undefined, 'rare'],
    ['an escape that JavaScript refuses in such patterns', 'a\\-b', undefined, 'dash'],
  ])('by a regular expression: %s', async (_name, $regex, $options, found) => {
    const values = {
      one: 'Saturn',
      two: 'saturn\nrings',
      spaces: 'sat 7 x',
      rare: '\u{20bb7}',
      dash: 'a-b',
      n: 5,
    }
    const wanted = found === 'one two' && $regex === '^SAT' ? 'one two spaces' : found
    expect(await matches(values, $options === undefined ? { $regex } : { $regex, $options })).toBe(wanted)
  })
})

test('a query on several fields and alternatives finds what meets all of them', async () => {
  const session = new Session()
  await session.insert(
    { _id: 1, a: 1, b: 1 },
    { _id: 2, a: 1, b: 2 },
    { _id: 3, a: 2, b: 2 },
    { _id: 4, a: 2 },
  )
  expect(await session.ids({ a: 1, $or: [{ b: 2 }, { _id: 4 }] })).toEqual([2])
  expect(await session.ids({ $nor: [{ a: 1 }, { b: 2 }] })).toEqual([4])
  expect(await session.ids({ $and: [{ a: 2 }, { b: { $exists: false } }] })).toEqual([4])
  expect(await session.ids({ $expr: { $lt: ['$a', '$b'] } })).toEqual([2])
  expect(await session.ids({ a: { $gt: 0, $lt: 2 }, b: 1 })).toEqual([1])
})

/** An operator that works here but not in the real cloud would fail only after a deployment. */
describe('a query that MongoDB refuses is refused with its words:', () => {
  const regex = new BSONRegExp('a')
  test.each<[string, unknown, string]>([
    ['no list of alternatives', { $or: { a: 1 } }, '$or must be a nonempty array'],
    ['no list of conditions', { $and: [] }, '$and must be a nonempty array'],
    ['an alternative that is no object', { $nor: [1] }, '$nor entries need to be full objects'],
    ['an operator beside a field', { v: { $gt: 1, x: 1 } }, 'unknown operator: x'],
    ['options without a pattern', { v: { $options: 'i' } }, '$options needs a $regex'],
    ['options that are no text', { v: { $regex: 'a', $options: 1 } }, '$options has to be a string'],
    ['a pattern that is no text', { v: { $regex: 1 } }, '$regex has to be a string'],
    ['a flag of JavaScript alone', { v: { $regex: 'a', $options: 'g' } }, 'invalid flag in regex options: g'],
    ['a pattern with NUL', { v: { $regex: 'a\0' } }, 'embedded null byte'],
    ['a pattern above the limit', { v: { $regex: 'a'.repeat(32_765) } }, 'too long'],
    [
      'a range from a pattern',
      { v: { $gt: regex } },
      "Can't have RegEx as arg to predicate over field with $gt",
    ],
    ['a range up to a pattern', { v: { $lte: regex } }, 'over field with $lte'],
    ['what differs from a pattern', { v: { $ne: regex } }, "Can't have regex as arg to $ne."],
    ['no list of values', { v: { $nin: 1 } }, '$nin needs an array'],
    ['an operator in a list of values', { v: { $in: [{ $gt: 1 }] } }, 'cannot nest $ under $in'],
    ['all of no list', { v: { $all: 1 } }, '$all needs an array'],
    ['an operator in all', { v: { $all: [{ $gt: 1 }] } }, 'no $ expressions in $all'],
    ['elements by a value', { v: { $elemMatch: 1 } }, '$elemMatch needs an Object'],
    ['elements in all by a value', { v: { $all: [{ $elemMatch: 1 }] } }, '$elemMatch needs an Object'],
    ['a length that is a fraction', { v: { $size: 1.5 } }, 'Expected an integer'],
    ['a length below nought', { v: { $size: -1 } }, 'Expected a non-negative number'],
    ['a remainder of no list', { v: { $mod: 1 } }, 'needs to be an array'],
    ['half a remainder', { v: { $mod: [1] } }, 'not enough elements'],
    ['too much of a remainder', { v: { $mod: [1, 2, 3] } }, 'too many elements'],
    ['a divisor that is a text', { v: { $mod: ['1', 1] } }, 'divisor not a number'],
    ['a divisor that is endless', { v: { $mod: [Number.POSITIVE_INFINITY, 1] } }, 'divisor not a number'],
    ['a remainder that is a text', { v: { $mod: [1, '1'] } }, 'remainder not a number'],
    ['a remainder that is endless', { v: { $mod: [1, Number.NaN] } }, 'remainder not a number'],
    ['a divisor below 1', { v: { $mod: [0.5, 0] } }, 'divisor cannot be 0'],
    ['no type', { v: { $type: [] } }, '$type must match at least one type'],
    ['an unknown type in a list', { v: { $type: ['int', 'x'] } }, 'Unknown type name alias: x'],
    ['the opposite of a value', { v: { $not: 1 } }, '$not needs a regex or a document'],
    ['the opposite of nothing', { v: { $not: {} } }, '$not cannot be empty'],
    ['the opposite of an object', { v: { $not: { x: 1 } } }, 'unknown operator: x'],
    ['bits below nought', { v: { $bitsAllSet: -1 } }, '$bitsAllSet takes an Array'],
    ['a fraction of a bit', { v: { $bitsAnySet: 1.5 } }, '$bitsAnySet takes an Array'],
    ['a place of a bit below nought', { v: { $bitsAllClear: [1, -1] } }, '$bitsAllClear takes an Array'],
    ['bits that are a text', { v: { $bitsAnyClear: '1' } }, '$bitsAnyClear takes an Array'],
    ['an unknown operator', { v: { $near1: 1 } }, 'unknown operator: $near1'],
    ['an unknown operator in an alternative', { $or: [{ v: { $x: 1 } }] }, 'unknown operator: $x'],
    ['an unknown operator in an element', { v: { $elemMatch: { $gt: 1, $x: 1 } } }, 'unknown operator: $x'],
    ['an unknown expression', { $expr: { $x: 1 } }, "Unrecognized expression '$x'"],
    ['a comment', { $comment: 'x' }, 'the query operator $comment is not offered'],
    ['a comment in a condition', { v: { $comment: 'x' } }, 'the query operator $comment is not offered'],
    ['a place on earth', { v: { $geoIntersects: {} } }, 'the geo operator $geoIntersects is not offered'],
  ])('%s', async (_name, query, words) => {
    const { code, message } = await refusal(new Session().find(query))
    expect(message).toContain(words)
    expect(code).toBe('DATABASE_REQUEST_FAILED')
  })

  test('but one at the limits is answered', async () => {
    const session = new Session()
    await session.insert({ _id: 1, v: 'a'.repeat(32_764) })
    expect(await session.ids({ v: { $regex: 'a'.repeat(32_764) } })).toEqual([1])
    expect(await session.ids({ v: { $size: 0 } })).toEqual([])
  })
})
