import { Session } from './session'

const lines = (session: Session): string[] => [...session.database.exportLines('things')]

test('an import of an export restores all documents with types and order', async () => {
  const from = new Session()
  const documents = [
    {
      _id: 'z',
      at: new Date(1_700_000_000_123),
      n: 1.5,
      big: 1_700_000_000_000,
      list: [1, null, { x: '望' }],
    },
    { _id: 1, nothing: null },
  ]
  await from.insert(...documents)
  const to = new Session()
  expect(to.database.importLines('things', lines(from), 'insert')).toEqual({ inserted: 2, updated: 0 })
  expect(await to.find({})).toEqual(documents)
  expect(lines(to)).toEqual(lines(from))
})

test("accepts the console's format: ISO dates, blank lines, a byte order mark, lines without an id", async () => {
  const session = new Session()
  const text = ['\uFEFF{"_id":"a","at":{"$date":"2024-01-22T05:34:00.000Z"},"n":3}', '', '  ', '{"n":4}']
  expect(session.database.importLines('things', text, 'insert')).toEqual({ inserted: 2, updated: 0 })
  expect((await session.get('a'))?.at).toEqual(new Date('2024-01-22T05:34:00Z'))
  expect((await session.find({ n: 4 }))[0]?._id).toMatch(/^[0-9a-f]{32}$/)
})

test('insert refuses an existing id, upsert replaces the whole document', async () => {
  const session = new Session()
  await session.insert({ _id: 'a', n: 1, old: true })
  const text = ['{"_id":"b","n":1}', '{"_id":"a","n":2}']
  expect(() => session.database.importLines('things', text, 'insert')).toThrow('E11000')
  expect(await session.ids({})).toEqual(['a'])
  const twice = ['{"_id":"c"}', '{"_id":"d"}', '{"_id":"c"}']
  expect(() => session.database.importLines('things', twice, 'insert')).toThrow(/^line 3: .*E11000/)
  // Rows that were refused have no place in the order.
  await session.insert({ _id: 'd' }, { _id: 'c' })
  expect(await session.ids({})).toEqual(['a', 'd', 'c'])
  await session.remove({ _id: { $in: ['c', 'd'] } })
  expect(session.database.importLines('things', text, 'upsert')).toEqual({ inserted: 1, updated: 1 })
  expect(await session.get('a')).toEqual({ _id: 'a', n: 2 })
})

test('names the number of an invalid line and imports nothing', async () => {
  const session = new Session()
  const text = ['{"_id":"a"}', '{"_id":"b"}', '{"_id":']
  expect(() => session.database.importLines('things', text, 'upsert')).toThrow('line 3:')
  expect(() => session.database.importLines('things', ['{"_id":"a"}', '[{"_id":"b"}]'], 'upsert')).toThrow(
    'line 2:',
  )
  expect(await session.count({})).toBe(0)
})

test('an import respects a unique index', async () => {
  const session = new Session()
  session.database.ensureCollection('things', [
    { name: 'one', unique: true, fields: [{ field: 'k', direction: 1 }] },
  ])
  const text = ['{"_id":"a","k":1}', '{"_id":"b","k":1}']
  expect(() => session.database.importLines('things', text, 'insert')).toThrow('E11000')
  expect(await session.count({})).toBe(0)
})

test('a day that no month has is refused', () => {
  const session = new Session()
  const text = ['{"_id":"a","at":{"$date":"2024-02-30T00:00:00Z"}}']
  expect(() => session.database.importLines('things', text, 'insert')).toThrow('malformed date')
})

describe('merged rows', () => {
  test('keep what somebody has saved in other fields meanwhile', async () => {
    const session = new Session()
    await session.insert({ _id: 'a', title: 'old', body: 'saved meanwhile' })
    const rows = [
      { kind: 'change', id: 'a', fields: { title: 'new' } },
      { kind: 'add', id: 'b', fields: { title: 'second' } },
    ] as const
    expect(session.database.mergeRows('things', rows)).toEqual([])
    expect(await session.get('a')).toEqual({ _id: 'a', title: 'new', body: 'saved meanwhile' })
    expect(await session.get('b')).toEqual({ _id: 'b', title: 'second' })
  })

  test('that were added or deleted meanwhile are returned, and nothing is written', async () => {
    const session = new Session()
    await session.insert({ _id: 'a', title: 'somebody else' })
    const rows = [
      { kind: 'add', id: 'a', fields: { title: 'mine' } },
      { kind: 'change', id: 'gone', fields: { title: 'mine' } },
      { kind: 'add', id: null, fields: { title: 'new' } },
    ] as const
    expect(session.database.mergeRows('things', rows)).toEqual(rows.slice(0, 2))
    expect(await session.find({})).toEqual([{ _id: 'a', title: 'somebody else' }])
  })

  test('make their collection only if they are written', () => {
    const { database } = new Session()
    const refused = [{ kind: 'add', id: 'a', fields: { 'b.c': 1 } }] as const
    expect(() => database.mergeRows('others', refused)).toThrow('dotted field')
    expect(database.collections()).not.toContain('others')
    database.mergeRows('others', [{ kind: 'add', id: 'a', fields: { b: 1 } }])
    expect(database.collections()).toContain('others')
  })
})
