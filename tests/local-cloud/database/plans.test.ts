import { Session } from './session'

/*
 * Two indexes look equally good for a query on the first fields of both. Which one is better depends on the documents:
 * 5,000 ballots of 2,500 readers, 2 each; one reader has made 3,000 marks in addition.
 */
const indexes = [
  {
    name: 'changed',
    fields: [
      { field: 'kind', direction: 1 as const },
      { field: 'at', direction: 1 as const },
    ],
  },
  {
    name: 'reader',
    fields: [
      { field: 'reader', direction: 1 as const },
      { field: 'first', direction: 1 as const },
    ],
  },
]

function session(declared = indexes): Session {
  const made = new Session()
  made.database.ensureCollection('things', declared)
  const ballots = Array.from({ length: 5000 }, (_, i) => ({
    kind: 'ballot',
    reader: `r${i % 2500}`,
    at: i,
    first: i,
  }))
  const marks = Array.from({ length: 3000 }, (_, i) => ({ kind: 'mark', reader: 'busy', at: i, first: i }))
  const odd = [{ kind: 'odd', reader: 'busy', at: 0, first: 0 }]
  const lines = [...ballots, ...marks, ...odd].map((row, i) => JSON.stringify({ _id: `v${i}`, ...row }))
  made.database.importLines('things', lines, 'insert')
  return made
}

test.each([
  ['in the order declared', indexes],
  ['in the other order', [...indexes].reverse()],
])('a query uses the index that finds its documents sooner, %s', async (_name, declared) => {
  const votes = session(declared)
  for (const [reader, kind, count] of [
    ['nobody', 'ballot', 0],
    ['r7', 'ballot', 2],
    ['busy', 'odd', 1],
    ['busy', 'none', 0],
    ['r7', 'ballot', 2],
  ] as const) {
    expect(await votes.find({ reader, kind })).toHaveLength(count)
    expect(votes.examined).toBeLessThanOrEqual(count)
  }
})

test('a cached plan that has become slow is replaced by the better one', async () => {
  const votes = session()
  await votes.find({ reader: 'r1', kind: 'ballot' })
  // The index by reader won. For these values it would examine 3,001 documents.
  expect(await votes.find({ reader: 'busy', kind: 'odd' })).toHaveLength(1)
  expect(votes.examined).toBe(1)
  expect(await votes.find({ reader: 'r2', kind: 'ballot' })).toHaveLength(2)
  expect(votes.examined).toBe(2)
})

test('an update and a removal use the best index too', async () => {
  const votes = session()
  expect(await votes.update({ reader: 'r9', kind: 'ballot' }, { $set: { seen: true } })).toBe(2)
  expect(votes.examined).toBe(2)
  expect(await votes.remove({ reader: 'r9', kind: 'ballot' })).toBe(2)
  expect(votes.examined).toBe(2)
})

test('each branch of an $or uses the index whose scan ends sooner', async () => {
  const votes = session()
  const query = {
    $or: [{ reader: 'nobody', kind: 'ballot' }, { reader: 'busy', kind: 'odd' }, { _id: 'v3' }],
  }
  expect(await votes.find(query)).toHaveLength(2)
  expect(votes.examined).toBe(2)
})

test('a plan that must sort all matches loses to an index in sort order', async () => {
  const votes = session([...indexes, { name: 'at', fields: [{ field: 'at', direction: 1 }] }])
  const page = await votes.find({ kind: 'ballot', reader: { $ne: 'r0' } }, { order: { at: 1 }, limit: 10 })
  expect(page.map(({ at }) => at)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(votes.examined).toBeLessThanOrEqual(22)
})

test('the plan that finds more in the documents it examines wins before either has ended', async () => {
  const made = new Session()
  made.database.ensureCollection(
    'things',
    ['a', 'b'].map(field => ({ name: field, fields: [{ field, direction: 1 as const }] })),
  )
  const lines = Array.from({ length: 900 }, (_, i) => JSON.stringify({ _id: i, a: 1, b: i < 600 ? 0 : 1 }))
  made.database.importLines('things', lines, 'insert')
  for (const query of [
    { a: 1, b: 1 },
    { b: 1, a: 1 },
  ]) {
    expect(await made.find(query)).toHaveLength(300)
    expect(made.examined).toBe(300)
  }
})

test('a dropped index is no longer used, and an added one is tried', async () => {
  const [changed, reader] = indexes
  const votes = session()
  await votes.find({ reader: 'r1', kind: 'ballot' })
  votes.database.ensureCollection('things', [changed as never])
  expect(await votes.find({ reader: 'r1', kind: 'ballot' })).toHaveLength(2)
  expect(votes.examined).toBe(5000)
  votes.database.ensureCollection('things', [changed as never, reader as never])
  expect(await votes.find({ reader: 'r1', kind: 'ballot' })).toHaveLength(2)
  expect(votes.examined).toBe(2)
})

test('a $lookup that begins with $match examines what an index finds', async () => {
  const votes = session()
  const stages = [
    { stageKey: '$match', stageValue: JSON.stringify({ _id: 'v0' }) },
    {
      stageKey: '$lookup',
      stageValue: JSON.stringify({
        from: 'things',
        pipeline: [{ $match: { reader: 'r7', kind: 'ballot' } }, { $project: { _id: 1 } }],
        as: 'found',
      }),
    },
  ]
  const { data } = (await votes.act('aggregateDocuments', { stages })) as { data: { list: string[] } }
  expect(JSON.parse(data.list[0] ?? '').found).toEqual([{ _id: 'v7' }, { _id: 'v2507' }])
  expect(votes.examined).toBe(3)
})

test('the document of an id is skipped as any other', async () => {
  const made = new Session()
  await made.insert({ _id: 'a' }, { _id: 'b' })
  expect(await made.ids({ _id: 'a' })).toEqual(['a'])
  expect(await made.ids({ _id: 'a' }, { offset: 1 })).toEqual([])
})

test('a limit of nought is no limit of one’s own, as in MongoDB', async () => {
  const made = new Session()
  await made.insert({ _id: 'a' }, { _id: 'b' })
  expect(await made.ids({}, { limit: 0 })).toEqual(['a', 'b'])
})

test('a $lookup into a collection that does not exist finds nothing', async () => {
  const made = new Session()
  await made.insert({ _id: 'a' })
  const lookups = [
    { from: 'nowhere', localField: '_id', foreignField: 'of', as: 'found' },
    { from: 'nowhere', pipeline: [{ $match: { of: 'a' } }], as: 'found' },
  ]
  for (const $lookup of lookups) expect(await made.aggregate({ $lookup })).toEqual([{ _id: 'a', found: [] }])
})
