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

/** The document after an update, without its id. */
async function updated(document: Record<string, unknown>, data: unknown): Promise<Record<string, unknown>> {
  const things = db.collection(await cloud.collection([{ _id: 'a', ...document }]))
  await things.doc('a').update({ data })
  const { _id, ...rest } = (await things.doc('a').get()).data
  return rest
}

/** The error of a refused update. The update must not have changed anything. */
async function refused(document: Record<string, unknown>, data: unknown): Promise<string> {
  const things = db.collection(await cloud.collection([{ _id: 'a', ...document }]))
  const { errCode, errMsg } = await failure(things.doc('a').update({ data }))
  expect((await things.doc('a').get()).data).toEqual({ _id: 'a', ...document })
  expect(errCode).toBe(-502001)
  return errMsg
}

describe('fields', () => {
  test('a nested object is merged, and set replaces it', async () => {
    expect(await updated({ o: { x: 1, y: 1 } }, { o: { x: 2 } })).toEqual({ o: { x: 2, y: 1 } })
    expect(await updated({ o: { x: 1, y: 1 } }, { o: _.set({ x: 2 }) })).toEqual({ o: { x: 2 } })
  })

  test('remove removes a field in objects and in arrays', async () => {
    expect(await updated({ a: 1, b: 2 }, { a: _.remove() })).toEqual({ b: 2 })
    expect(await updated({ o: { x: 1, y: 2 } }, { o: { x: _.remove() } })).toEqual({ o: { y: 2 } })
    expect(await updated({ l: [1, 2, 3] }, { 'l.1': _.remove() })).toEqual({ l: [1, null, 3] })
  })

  test('inc and mul also work on missing fields', async () => {
    expect(await updated({ n: 5 }, { n: _.inc(-7) })).toEqual({ n: -2 })
    expect(await updated({ n: 0.2 }, { n: _.inc(-0.05) })).toEqual({ n: 0.2 - 0.05 })
    expect(await updated({ a: 1 }, { n: _.inc(3) })).toEqual({ a: 1, n: 3 })
    expect(await updated({ n: 5 }, { n: _.mul(3) })).toEqual({ n: 15 })
    expect(await updated({ a: 1 }, { n: _.mul(3) })).toEqual({ a: 1, n: 0 })
    expect(await updated({ o: { n: 1 } }, { o: { n: _.inc(1) } })).toEqual({ o: { n: 2 } })
  })

  test('min and max keep the smaller and the larger value, also for dates', async () => {
    expect(await updated({ n: 5 }, { n: _.min(3) })).toEqual({ n: 3 })
    expect(await updated({ n: 5 }, { n: _.min(7) })).toEqual({ n: 5 })
    expect(await updated({ n: 5 }, { n: _.max(7) })).toEqual({ n: 7 })
    expect(await updated({}, { n: _.max(7) })).toEqual({ n: 7 })
    const [early, late] = [new Date(1000), new Date(2000)]
    expect(await updated({ at: early }, { at: _.max(late) })).toEqual({ at: late })
  })

  test('rename renames a field', async () => {
    expect(await updated({ a: 1, b: 2 }, { a: _.rename('c') })).toEqual({ b: 2, c: 1 })
    expect(await updated({ a: 1, o: {} }, { a: _.rename('o.x') })).toEqual({ o: { x: 1 } })
    expect(await updated({ b: 2 }, { a: _.rename('c') })).toEqual({ b: 2 })
  })

  test('bit supports and, or, xor', async () => {
    expect(await updated({ n: 13 }, { n: _.bit({ and: 10 }) })).toEqual({ n: 8 })
    expect(await updated({ n: 3 }, { n: _.bit({ or: 5 }) })).toEqual({ n: 7 })
    expect(await updated({ n: 1 }, { n: _.bit({ xor: 5 }) })).toEqual({ n: 4 })
  })

  test('a path creates missing objects and fills an array with null', async () => {
    expect(await updated({ a: 1 }, { 'x.y.z': 1 })).toEqual({ a: 1, x: { y: { z: 1 } } })
    expect(await updated({ l: [1] }, { 'l.3': 4 })).toEqual({ l: [1, null, null, 4] })
    expect(await updated({ l: [{ n: 1 }, { n: 2 }] }, { 'l.1.n': 5 })).toEqual({ l: [{ n: 1 }, { n: 5 }] })
  })

  test('one update can contain several commands', async () => {
    const after = await updated(
      { n: 1, gone: 1, l: [1] },
      { n: _.inc(1), gone: _.remove(), l: _.push(2), s: 'x' },
    )
    expect(after).toEqual({ n: 2, l: [1, 2], s: 'x' })
  })
})

describe('arrays', () => {
  test('push adds one value, several, or a list; unshift adds at the front', async () => {
    expect(await updated({ l: [1] }, { l: _.push(2) })).toEqual({ l: [1, 2] })
    expect(await updated({ l: [1] }, { l: _.push(2, 3) })).toEqual({ l: [1, 2, 3] })
    expect(await updated({ l: [1] }, { l: _.push([2, 3]) })).toEqual({ l: [1, 2, 3] })
    expect(await updated({}, { l: _.push([2, 3]) })).toEqual({ l: [2, 3] })
    expect(await updated({ l: [1] }, { l: _.unshift([8, 9]) })).toEqual({ l: [8, 9, 1] })
  })

  test('push supports each, position, sort and slice, also on a missing array', async () => {
    expect(await updated({ l: [1, 4] }, { l: _.push({ each: [2, 3], position: 1 }) })).toEqual({
      l: [1, 2, 3, 4],
    })
    expect(await updated({ l: [1, 4] }, { l: _.push({ each: [2, 3], sort: -1, slice: 3 }) })).toEqual({
      l: [4, 3, 2],
    })
    expect(await updated({ l: [1] }, { l: _.push({ each: [2, 3], slice: -2 }) })).toEqual({ l: [2, 3] })
    expect(await updated({}, { l: _.push({ each: [3, 1, 2], sort: 1, slice: 2 }) })).toEqual({ l: [1, 2] })
    const scored = { l: [{ s: 5 }, { s: 1 }] }
    expect(await updated(scored, { l: _.push({ each: [{ s: 3 }], sort: { s: 1 } }) })).toEqual({
      l: [{ s: 1 }, { s: 3 }, { s: 5 }],
    })
  })

  test('pop and shift remove one element from an end', async () => {
    expect(await updated({ l: [1, 2, 3] }, { l: _.pop() })).toEqual({ l: [1, 2] })
    expect(await updated({ l: [1, 2, 3] }, { l: _.shift() })).toEqual({ l: [2, 3] })
    expect(await updated({ l: [] }, { l: _.pop() })).toEqual({ l: [] })
  })

  test('pull removes elements by value, by command and by fields; pullAll by a list', async () => {
    expect(await updated({ l: [1, 2, 1] }, { l: _.pull(1) })).toEqual({ l: [2] })
    expect(await updated({ l: [1, 2, 3] }, { l: _.pull(_.gte(2)) })).toEqual({ l: [1] })
    expect(await updated({ l: ['a', 'b'] }, { l: _.pull(_.in(['a'])) })).toEqual({ l: ['b'] })
    expect(await updated({ l: [{ a: 1, b: 1 }, { a: 2 }] }, { l: _.pull({ a: 1 }) })).toEqual({
      l: [{ a: 2 }],
    })
    expect(await updated({ l: [1, [1], 2] }, { l: _.pull(1) })).toEqual({ l: [[1], 2] })
    expect(await updated({ l: [1, 2, 3, 1] }, { l: _.pullAll([1, 3]) })).toEqual({ l: [2] })
  })

  test('addToSet adds only missing values', async () => {
    expect(await updated({ l: [1] }, { l: _.addToSet(1) })).toEqual({ l: [1] })
    expect(await updated({ l: [1] }, { l: _.addToSet(2) })).toEqual({ l: [1, 2] })
    expect(await updated({ l: [1] }, { l: _.addToSet({ $each: [1, 2, 2, 3] }) })).toEqual({ l: [1, 2, 3] })
    expect(await updated({ l: [{ a: 1 }] }, { l: _.addToSet({ a: 1 }) })).toEqual({ l: [{ a: 1 }] })
  })
})

describe('refuses what MongoDB refuses and changes nothing', () => {
  test.each([
    ['inc of a text', { n: 'x' }, () => ({ n: _.inc(1) }), 'non-numeric'],
    ['inc of null', { n: null }, () => ({ n: _.inc(1) }), 'non-numeric'],
    ['inc by a text', { n: 1 }, () => ({ n: _.inc('x') }), 'non-numeric'],
    ['mul of a text', { n: 'x' }, () => ({ n: _.mul(2) }), 'non-numeric'],
    ['push on a number', { n: 1 }, () => ({ n: _.push(2) }), 'must be an array'],
    ['push on null', { n: null }, () => ({ n: _.push(2) }), 'must be an array'],
    ['addToSet on a text', { n: 'x' }, () => ({ n: _.addToSet(2) }), 'must be an array'],
    ['pop of a number', { n: 1 }, () => ({ n: _.pop() }), 'non-array'],
    ['pull from a number', { n: 1 }, () => ({ n: _.pull(1) }), 'non-array'],
    ['a field inside null', { o: null }, () => ({ o: { x: 1 } }), "Cannot create field 'x'"],
    ['a field inside a text', { o: 'x' }, () => ({ o: { x: 1 } }), "Cannot create field 'x'"],
    ['a named field inside an array', { l: [1] }, () => ({ l: { x: 1 } }), "Cannot create field 'x'"],
    ['a field and one inside it', { o: {} }, () => ({ o: _.set({}), 'o.x': 1 }), 'would create a conflict'],
    ['rename onto itself', { a: 1 }, () => ({ a: _.rename('a') }), 'must differ'],
    ['bit on a fraction', { n: 1.5 }, () => ({ n: _.bit({ or: 1 }) }), '$bit'],
    ['an unknown modifier', { n: 1 }, () => ({ $foo: { n: 1 } }), '$foo'],
    ['an empty path part', { n: 1 }, () => ({ 'a..b': 1 }), 'empty field name'],
  ])('%s', async (_name, document, data, words) => {
    expect(await refused(document, data())).toContain(words)
  })

  test('the SDK refuses a change of the id, and the cloud refuses it in where().update', async () => {
    const things = db.collection(await cloud.collection([{ _id: 'a', n: 1 }]))
    await failure(things.doc('a').update({ data: { _id: 'b' } }))
    const { errMsg } = await failure(things.where({ n: 1 }).update({ data: { $set: { _id: 'b' } } }))
    expect(errMsg).toContain('immutable field')
    expect((await things.get()).data).toEqual([{ _id: 'a', n: 1 }])
  })
})

test('an update that changes nothing counts 0', async () => {
  const things = db.collection(await cloud.collection([{ _id: 'a', n: 1 }]))
  expect((await things.doc('a').update({ data: { n: 1 } })).stats.updated).toBe(0)
  expect((await things.doc('a').update({ data: { n: 2 } })).stats.updated).toBe(1)
})
