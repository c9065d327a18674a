import { documentsRequest, isDatabasePath } from '../../../local-cloud/client-documents'

const root = '/v1/database/instances/(default)/databases/(default)/collections'
const request = (method: string, path: string, query = '', json: unknown = {}) =>
  documentsRequest(method, path, new URLSearchParams(query), () => json)
const body = (...asked: Parameters<typeof request>) => request(...asked).body
const of = (action: string, more: object) => ({
  action: `database.${action}`,
  collectionName: 'notes',
  ...more,
})

test('each request of the web SDK becomes its action', () => {
  const notes = `${root}/notes/documents`
  expect(body('GET', notes)).toEqual(of('getDocument', {}))
  expect(body('GET', notes, 'query=%7B%7D&offset=3&limit=5&order=x&projection=y')).toEqual(
    of('getDocument', { query: '{}', offset: 3, limit: 5, order: 'x', projection: 'y' }),
  )
  expect(body('GET', notes, 'query=&limit=')).toEqual(of('getDocument', {}))
  expect(body('GET', notes, 'count=true&query=%7B%7D')).toEqual(of('calculateDocument', { query: '{}' }))
  expect(body('GET', notes, 'count=false')).toEqual(of('getDocument', {}))
  expect(body('GET', `${notes}/a%2Fb`, 'projection=y')).toEqual(
    of('getDocument', { query: { _id: 'a/b' }, projection: 'y', limit: 1 }),
  )
  expect(body('POST', notes, '', { data: [{ n: 1 }] })).toEqual(of('insertDocument', { data: [{ n: 1 }] }))
  const change = { query: { a: 1 }, data: { $set: { b: 1 } } }
  expect(body('PATCH', notes, '', change)).toEqual(
    of('modifyDocument', { ...change, multi: false, upsert: false, merge: true }),
  )
  expect(body('PATCH', notes, '', { ...change, multi: true })).toMatchObject({ multi: true, merge: true })
  expect(body('PATCH', notes, '', { ...change, upsert: true })).toMatchObject({ upsert: true, merge: false })
  expect(body('PATCH', notes, '', { ...change, replaceMode: true })).toMatchObject({
    upsert: false,
    merge: false,
  })
  expect(body('POST', `${notes}/remove`, '', { query: {}, multi: true })).toEqual(
    of('removeDocument', { query: {}, multi: true }),
  )
  expect(body('POST', `${notes}/remove`, '', { query: {} })).toMatchObject({ multi: false })
  expect(body('POST', `${notes}/aggregations`, '', { pipeline: [{ $limit: 1 }, { $skip: 2 }] })).toEqual(
    of('aggregateDocuments', {
      stages: [
        { stageKey: '$limit', stageValue: '1' },
        { stageKey: '$skip', stageValue: '2' },
      ],
    }),
  )
  expect(body('GET', `${root}/a%20b/documents`)).toMatchObject({ collectionName: 'a b' })
})

test('each reply has the form that the web SDK reads', () => {
  const notes = `${root}/notes/documents`
  const list = { data: { list: ['{"_id":"a"}', '{"_id":"b"}'] } }
  const both = [{ _id: 'a' }, { _id: 'b' }]
  expect(request('GET', notes).reply(list)).toEqual({ list: both })
  expect(request('POST', `${notes}/aggregations`, '', { pipeline: [] }).reply(list)).toEqual({ list: both })
  expect(request('GET', notes, 'count=true').reply({ data: { total: 7 } })).toEqual({ total: 7 })
  expect(request('GET', `${notes}/a`).reply(list)).toEqual({ _id: 'a' })
  expect(() => request('GET', `${notes}/a`).reply({ data: { list: [] } })).toThrow('there is no document a')
  expect(request('POST', notes, '', { data: {} }).reply({ data: { insertedIds: ['a'] } })).toEqual({
    insertedIds: ['a'],
  })
  const patch = request('PATCH', notes, '', { query: {}, data: {} })
  expect(patch.reply({ data: { updated: 1, upsert_id: null } })).toEqual({ updated: 1 })
  expect(patch.reply({ data: { updated: 0, upsert_id: 'x' } })).toEqual({ updated: 0, upsertedId: 'x' })
  expect(request('POST', `${notes}/remove`, '', { query: {} }).reply({ data: { deleted: 2 } })).toEqual({
    deleted: 2,
  })
})

test.each([
  [
    'GET',
    '/v1/database/instances/(default)/databases/(default)/transactions',
    '',
    'DATABASE_PERMISSION_DENIED',
  ],
  ['GET', `${root}/notes`, '', 'DATABASE_PERMISSION_DENIED'],
  ['GET', `${root}/notes/documents/a/b`, '', 'DATABASE_PERMISSION_DENIED'],
  ['GET', `${root}/notes/documents`, 'transactionId=x', 'DATABASE_PERMISSION_DENIED'],
  ['GET', `${root.replace('instances/(default)', 'instances/other')}/notes/documents`, '', 'INVALID_PARAM'],
  ['GET', `${root.replace('databases/(default)', 'databases/other')}/notes/documents`, '', 'INVALID_PARAM'],
  ['GET', `${root}/%zz/documents`, '', 'INVALID_PARAM'],
  ['DELETE', `${root}/notes/documents/a`, '', 'INVALID_PARAM'],
  ['PUT', `${root}/notes/documents`, '', 'INVALID_PARAM'],
  ['POST', `${root}/notes/documents/other`, '', 'INVALID_PARAM'],
  ['PATCH', `${root}/notes/documents/a`, '', 'INVALID_PARAM'],
  ['POST', `${root}/notes/documents/aggregations`, '', 'INVALID_PARAM'],
])('%s %s?%s is refused', (method, path, query, code) => {
  expect(() => request(method, path, query, { pipeline: [{}] })).toThrow(expect.objectContaining({ code }))
})

test('all addresses of the database are its own', () => {
  expect(['/v1/database', '/v1/database/x', '/v1/databases', '/v1/storages'].map(isDatabasePath)).toEqual([
    true,
    true,
    false,
    false,
  ])
})
