import {
  type BehaviourCloud,
  connectBehaviourCloud,
  type Database,
  failure,
} from '../../support/behaviour-cloud'

let cloud: BehaviourCloud
let db: Database
beforeAll(async () => {
  cloud = await connectBehaviourCloud()
  db = cloud.db
})
afterAll(() => cloud.stop())

describe('adding', () => {
  test('creates an id of 32 hexadecimal characters, or uses the given one', async () => {
    const things = db.collection(await cloud.collection())
    expect((await things.add({ data: { n: 1 } }))._id).toMatch(/^[0-9a-f]{32}$/)
    expect((await things.add({ data: { _id: 'mine', n: 2 } }))._id).toBe('mine')
    expect((await things.add({ data: { _id: 7, n: 3 } }))._id).toBe(7)
    expect((await things.doc(7).get()).data).toEqual({ _id: 7, n: 3 })
  })

  test('adds many documents at once', async () => {
    const things = db.collection(await cloud.collection())
    const { _ids } = await things.add({ data: [{ _id: 'a' }, { _id: 'b' }] })
    expect(_ids).toEqual(['a', 'b'])
    expect((await things.count()).total).toBe(2)
  })

  test('refuses an existing id with -502001', async () => {
    const things = db.collection(await cloud.collection([{ _id: 'a', n: 1 }]))
    const { errCode, errMsg } = await failure(things.add({ data: { _id: 'a', n: 2 } }))
    expect(errCode).toBe(-502001)
    expect(errMsg).toContain('E11000 duplicate key error')
    expect((await things.doc('a').get()).data.n).toBe(1)
  })

  test('into a collection that does not exist fails with -502005', async () => {
    const nowhere = db.collection('behaviour_never_made')
    for (const work of [
      nowhere.add({ data: { n: 1 } }),
      nowhere.get(),
      nowhere.doc('a').set({ data: { n: 1 } }),
      nowhere.count(),
    ]) {
      const { errCode, errMsg } = await failure(work)
      expect(errCode).toBe(-502005)
      expect(errMsg).toContain('Db or Table not exist')
    }
  })

  test('an existing collection cannot be created again', async () => {
    const name = await cloud.collection()
    const { errMsg } = await failure(db.createCollection(name))
    expect(errMsg).toContain('Table exist')
  })
})

describe('stored values come back unchanged', () => {
  test('text, numbers, booleans, null, dates, nested objects and arrays', async () => {
    const things = db.collection(await cloud.collection())
    const value = {
      text: '望远镜 🔭',
      int: 42,
      big: 1_700_000_000_000,
      double: 0.1,
      negative: -7,
      yes: true,
      nothing: null,
      at: new Date('2024-01-22T05:34:00.123Z'),
      list: [1, 'two', [3, [4]], { five: 5 }],
      empty: { list: [], object: {} },
      'with-dash': { 'l-02': { level: 1 } },
    }
    await things.add({ data: { _id: 'a', ...value } })
    expect((await things.doc('a').get()).data).toEqual({ _id: 'a', ...value })
  })

  test("the server date is the server's time plus an offset", async () => {
    const things = db.collection(await cloud.collection())
    const hour = 3_600_000
    const data = { now: db.serverDate(), later: db.serverDate({ offset: hour }), list: [db.serverDate()] }
    await things.add({ data: { _id: 'a', ...data } })
    const { data: found } = await things.doc('a').get()
    const { now, later, list } = found as { now: Date; later: Date; list: Date[] }
    expect(Math.abs(now.getTime() - Date.now())).toBeLessThan(60_000)
    expect(later.getTime() - now.getTime()).toBe(hour)
    expect(list[0]?.getTime()).toBe(now.getTime())
    await things.doc('a').update({ data: { nested: { at: db.serverDate({ offset: -hour }) } } })
    const { nested } = (await things.doc('a').get()).data as { nested: { at: Date } }
    expect(nested.at.getTime()).toBeLessThan(Date.now())
  })

  test('geographic points and shapes are stored', async () => {
    const things = db.collection(await cloud.collection())
    const point = db.Geo.Point(113, 23)
    await things.add({
      data: { _id: 'a', point, line: db.Geo.LineString([db.Geo.Point(1, 2), db.Geo.Point(3, 4)]) },
    })
    const { data } = await things.doc('a').get()
    const found = data.point as { longitude: number; latitude: number }
    expect([found.longitude, found.latitude]).toEqual([113, 23])
    expect((data.line as { points: unknown[] }).points).toHaveLength(2)
  })

  test('an ObjectId is found by an equal ObjectId and comes back as text', async () => {
    const name = await cloud.collection()
    const id = '5f0123456789abcdef012345'
    const { id: added } = await cloud.raw
      .collection(name)
      .add({ _id: cloud.raw.ObjectId({ id }), ref: cloud.raw.ObjectId({ id }) })
    expect(added).toBe(id)
    const { data } = await cloud.raw
      .collection(name)
      .where({ ref: cloud.raw.ObjectId({ id }) })
      .get()
    expect(data).toEqual([{ _id: id, ref: id }])
  })
})

describe('one document', () => {
  test('that does not exist: get fails with -1, update and remove count 0', async () => {
    const things = db.collection(await cloud.collection())
    const { errCode, errMsg } = await failure(things.doc('none').get())
    expect(errCode).toBe(-1)
    expect(errMsg).toContain('does not exist')
    expect((await things.doc('none').update({ data: { n: 1 } })).stats.updated).toBe(0)
    expect((await things.doc('none').remove()).stats.removed).toBe(0)
    expect((await things.count()).total).toBe(0)
  })

  test('set creates a document, then replaces the whole document', async () => {
    const things = db.collection(await cloud.collection())
    expect((await things.doc('a').set({ data: { n: 1, old: true } })).stats).toEqual({
      created: 1,
      updated: 0,
    })
    expect((await things.doc('a').set({ data: { n: 2 } })).stats).toEqual({ created: 0, updated: 1 })
    expect((await things.doc('a').get()).data).toEqual({ _id: 'a', n: 2 })
  })

  test('update merges nested objects field by field', async () => {
    const things = db.collection(
      await cloud.collection([{ _id: 'a', style: { colour: 'red', size: 1 }, n: 1 }]),
    )
    await things.doc('a').update({ data: { style: { colour: 'blue' } } })
    expect((await things.doc('a').get()).data).toEqual({ _id: 'a', style: { colour: 'blue', size: 1 }, n: 1 })
  })

  test('remove deletes the document', async () => {
    const things = db.collection(await cloud.collection([{ _id: 'a' }, { _id: 'b' }]))
    expect((await things.doc('a').remove()).stats.removed).toBe(1)
    expect((await things.get()).data).toEqual([{ _id: 'b' }])
  })

  test('field selects the fields of a read', async () => {
    const things = db.collection(await cloud.collection([{ _id: 'a', n: 1, o: { x: 1, y: 2 } }]))
    expect((await things.doc('a').field({ n: true }).get()).data).toEqual({ _id: 'a', n: 1 })
    expect((await things.doc('a').field({ _id: false, 'o.x': true }).get()).data).toEqual({ o: { x: 1 } })
  })
})

describe('many documents', () => {
  test('where().update and remove change every match and count them', async () => {
    const things = db.collection(
      await cloud.collection([
        { g: 1, n: 1 },
        { g: 1, n: 2 },
        { g: 2, n: 3 },
      ]),
    )
    expect((await things.where({ g: 1 }).update({ data: { seen: true } })).stats.updated).toBe(2)
    expect((await things.where({ seen: true }).count()).total).toBe(2)
    expect((await things.where({ g: 1 }).remove()).stats.removed).toBe(2)
    expect((await things.count()).total).toBe(1)
  })

  test('with multiple: false only the first match changes', async () => {
    const name = await cloud.collection([{ g: 1 }, { g: 1 }])
    const first = cloud.raw.collection(name).where({ g: 1 }).options({ multiple: false })
    expect((await first.update({ seen: true })).updated).toBe(1)
    expect((await first.remove()).deleted).toBe(1)
    expect((await db.collection(name).count()).total).toBe(1)
  })

  test('updateAndReturn changes one document and returns its new state', async () => {
    const name = await cloud.collection([{ _id: 'a', n: 1 }])
    const { command } = cloud.raw
    const result = await cloud.raw
      .collection(name)
      .where({ _id: 'a' })
      .updateAndReturn({ n: command.inc(1) })
    expect(result).toMatchObject({ updated: 1, doc: { _id: 'a', n: 2 } })
    const equal = await cloud.raw.collection(name).where({ _id: 'a' }).updateAndReturn({ n: 2 })
    expect(equal).toMatchObject({ updated: 1, doc: { _id: 'a', n: 2 } })
    const none = await cloud.raw.collection(name).where({ _id: 'x' }).updateAndReturn({ n: 1 })
    expect(none.updated).toBe(0)
    expect(none.doc ?? null).toBeNull()
  })

  test('a read returns 100 documents by default and at most 1000', async () => {
    const name = await cloud.collection()
    const things = db.collection(name)
    const documents = Array.from({ length: 1050 }, (_, n) => ({ n }))
    for (let i = 0; i < documents.length; i += 350) await things.add({ data: documents.slice(i, i + 350) })
    expect((await things.get()).data).toHaveLength(100)
    expect((await things.limit(1001).get()).data).toHaveLength(1000)
    expect((await things.orderBy('n', 'asc').skip(1040).limit(100).get()).data.map(({ n }) => n)).toEqual([
      1040, 1041, 1042, 1043, 1044, 1045, 1046, 1047, 1048, 1049,
    ])
    expect((await things.count()).total).toBe(1050)
  })

  test('orderBy accepts several keys; null and missing come first', async () => {
    const things = db.collection(
      await cloud.collection([
        { _id: 'a', x: 1, y: 1 },
        { _id: 'b', x: 1, y: 2 },
        { _id: 'c', y: 3 },
        { _id: 'd', x: 0, y: 4 },
        { _id: 'e', x: null, y: 5 },
      ]),
    )
    const ids = async (query: { get(): Promise<{ data: Record<string, unknown>[] }> }) =>
      (await query.get()).data.map(({ _id }) => _id).join('')
    expect(await ids(things.orderBy('x', 'asc').orderBy('y', 'desc'))).toBe('ecdba')
    expect(await ids(things.orderBy('x', 'desc').orderBy('y', 'asc'))).toBe('abdce')
  })
})

describe('projections', () => {
  test('can slice an array, with or without the other fields', async () => {
    const things = db.collection(await cloud.collection([{ _id: 'a', n: 1, list: [1, 2, 3, 4] }]))
    const { project } = db.command
    expect((await things.field({ list: project.slice(2) }).get()).data[0]).toEqual({
      _id: 'a',
      n: 1,
      list: [1, 2],
    })
    expect((await things.field({ n: true, list: project.slice(-1) }).get()).data[0]).toEqual({
      _id: 'a',
      n: 1,
      list: [4],
    })
    expect((await things.field({ list: project.slice([1, 2]) }).get()).data[0]?.list).toEqual([2, 3])
  })

  test('can show the first matching element', async () => {
    const things = db.collection(
      await cloud.collection([{ _id: 'a', n: 1, list: [{ v: 1 }, { v: 5 }, { v: 7 }] }]),
    )
    const { project } = db.command
    expect((await things.field({ list: project.elemMatch({ v: 5 }) }).get()).data[0]).toEqual({
      _id: 'a',
      list: [{ v: 5 }],
    })
  })

  test('cannot both include and exclude', async () => {
    const things = db.collection(await cloud.collection([{ a: 1 }]))
    expect((await failure(things.field({ a: true, b: false }).get())).errCode).toBe(-502001)
  })
})
