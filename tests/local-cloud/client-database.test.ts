import { type CloudProcess, type Reader, startCloudProcess } from '../support/local-cloud'

/*
 * Requests that a client may send in place of those of the web SDK. In private-rules, diaries is PRIVATE and notices
 * ADMINWRITE. Everybody may read comments, and `doc._openid == auth.openid` may write them. secrets is closed.
 */
let cloud: CloudProcess
let reader: Reader
let other: Reader

type Fields = Record<string, unknown>
interface Reply {
  code?: string
  data: { list: string[]; deleted: number; updated: number; total: number; insertedIds: string[] }
}

async function ask(
  client: Reader,
  action: string,
  collectionName: string,
  more: Fields | string = {},
): Promise<Reply> {
  const body = typeof more === 'string' ? more : JSON.stringify(more)
  const head = JSON.stringify({ action: `database.${action}`, collectionName })
  const response = await fetch(`${cloud.url}/web`, {
    method: 'POST',
    headers: { authorization: `Bearer ${client.token}` },
    body: body === '{}' ? head : `${head.slice(0, -1)},${body.slice(1)}`,
  })
  return JSON.parse(await response.text()) as Reply
}

const stored = async (collection: string) =>
  (await cloud.control<{ lines: string }>('export', { collection })).lines

beforeAll(async () => {
  cloud = await startCloudProcess({ rulesFolder: `${__dirname}/../support/private-rules` })
  reader = await cloud.signIn()
  other = await cloud.signIn()
  await cloud.control('import', { collection: 'secrets', lines: '{"_id":"s1","text":"closed"}' })
  for (const client of [reader, other]) {
    for (const collection of ['diaries', 'comments']) {
      const data = [JSON.stringify({ text: `by ${client.openid}` })]
      expect((await ask(client, 'insertDocument', collection, { data })).code).toBeUndefined()
    }
  }
  await cloud.control('import', { collection: 'comments', lines: '{"_id":"fn","text":"by a function"}' })
})
afterAll(() => cloud?.stop())

describe('a pipeline reads only what the rules let the client read', () => {
  const stage = (stageKey: string, value: unknown) => ({ stageKey, stageValue: JSON.stringify(value) })
  const closed = { from: 'secrets', localField: 'x', foreignField: 'x', as: 'found' }
  const withPipeline = { from: 'secrets', pipeline: [], as: 'found' }

  test.each([
    ['$lookup', [stage('$lookup', closed)]],
    ['$lookup with a pipeline', [stage('$lookup', withPipeline)]],
    ['$lookup in a $facet', [stage('$facet', { a: [{ $lookup: closed }] })]],
    ['$lookup in the second of a $facet', [stage('$facet', { a: [], b: [{ $lookup: closed }] })]],
    [
      '$lookup inside a permitted $lookup',
      [stage('$lookup', { from: 'comments', pipeline: [{ $lookup: closed }], as: 'found' })],
    ],
    [
      '$lookup under an escaped name',
      [{ stageKey: '$facet', stageValue: `{"a":[{"\\u0024lookup":${JSON.stringify(closed)}}]}` }],
    ],
    ['$unionWith', [stage('$unionWith', 'secrets')]],
    ['$unionWith in a $facet', [stage('$facet', { a: [{ $unionWith: { coll: 'secrets', pipeline: [] } }] })]],
    [
      '$graphLookup',
      [
        stage('$graphLookup', {
          from: 'secrets',
          startWith: '$x',
          connectFromField: 'x',
          connectToField: 'x',
          as: 'y',
        }),
      ],
    ],
    ['$out', [stage('$out', 'secrets')]],
    ['$merge', [stage('$merge', { into: 'secrets' })]],
    [
      '$function in an expression',
      [stage('$addFields', { a: { b: [{ $function: { body: 'x', args: [], lang: 'js' } }] } })],
    ],
    ['$accumulator in a group', [stage('$group', { _id: null, a: { $accumulator: {} } })]],
    ['a stage nobody knows', [stage('$constructor', {})]],
  ])('%s is refused', async (_name, stages) => {
    expect(await ask(reader, 'aggregateDocuments', 'comments', { stages })).toMatchObject({
      code: 'DATABASE_PERMISSION_DENIED',
    })
  })

  test('$lookup is refused into a collection in which a client sees only its own documents', async () => {
    const stages = [stage('$lookup', { from: 'diaries', pipeline: [], as: 'all' })]
    expect(await ask(reader, 'aggregateDocuments', 'diaries', { stages })).toMatchObject({
      code: 'DATABASE_PERMISSION_DENIED',
    })
    const mine = await ask(reader, 'aggregateDocuments', 'diaries', { stages: [stage('$match', {})] })
    expect(mine.data.list).toHaveLength(1)
  })

  test('$lookup works into a collection that everybody may read', async () => {
    const stages = [stage('$limit', 1), stage('$lookup', { from: 'comments', pipeline: [], as: 'all' })]
    const { data } = await ask(reader, 'aggregateDocuments', 'comments', { stages })
    expect((JSON.parse(data.list[0] as string) as { all: unknown[] }).all).toHaveLength(3)
  })

  test('a stage that validation could drop, and a stage of two fields, are refused on the routes of the web SDK', async () => {
    const database = '/v1/database/instances/(default)/databases/(default)'
    for (const stage of ['{"constructor":1}', '{"$limit":1,"$skip":1}', '{}', '[]', 'null']) {
      const response = await fetch(`${cloud.url}${database}/collections/comments/documents/aggregations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${reader.token}` },
        body: `{"pipeline":[${stage}]}`,
      })
      expect(response.ok).toBe(false)
    }
  })

  test('stages that are not a list, or contain objects in place of text, are refused and reveal nothing', async () => {
    for (const stages of [{}, 'x', null, [{ stageKey: '$match', stageValue: {} }], [[]]]) {
      const reply = await ask(reader, 'aggregateDocuments', 'diaries', { stages })
      expect(reply).toMatchObject({ code: 'INVALID_PARAM' })
    }
  })
})

describe('a client cannot write _openid', () => {
  const denied = { code: 'DATABASE_PERMISSION_DENIED' }
  const query = { _openid: '{openid}' }

  test.each([
    ['text', '{"data":["{\\"_openid\\":\\"x\\"}"]}'],
    ['text with an escaped key', '{"data":["{\\"\\\\u005fopenid\\":\\"x\\"}"]}'],
    ['an object in place of text', '{"data":[{"_openid":"x"}]}'],
    ['one object in place of a list', '{"data":{"_openid":"x"}}'],
  ])('in a new document, as %s', async (_name, body) => {
    const before = await stored('comments')
    expect(await ask(reader, 'insertDocument', 'comments', body)).toMatchObject(denied)
    expect(await stored('comments')).toBe(before)
  })

  test.each([
    ['$set', { $set: { _openid: 'x' } }],
    ['a path below it', { $set: { '_openid.x': 1 } }],
    ['$unset', { $unset: { _openid: '' } }],
    ['$rename to it', { $rename: { text: '_openid' } }],
    ['$rename below it', { $rename: { text: '_openid.x' } }],
    ['$rename from it', { $rename: { _openid: 'text' } }],
    ['$currentDate', { $currentDate: { _openid: true } }],
    ['$setOnInsert', { $setOnInsert: { _openid: 'x' } }],
  ])('in an update, by %s, as text or as an object', async (_name, data) => {
    const before = await stored('comments')
    for (const sent of [
      data,
      JSON.stringify(data),
      JSON.stringify(data).replaceAll('_openid', '\\u005fopenid'),
    ]) {
      expect(
        await ask(reader, 'modifyDocument', 'comments', { query, data: sent, multi: true }),
      ).toMatchObject(denied)
    }
    expect(await stored('comments')).toBe(before)
  })

  test('by replacing a whole document, which would remove it', async () => {
    const before = await stored('comments')
    for (const more of [{ merge: false }, { upsert: true }, { merge: false, upsert: true }]) {
      const reply = await ask(reader, 'modifyDocument', 'comments', { query, data: '{"text":"x"}', ...more })
      expect(reply.code).toBe('INVALID_PARAM')
    }
    expect(await stored('comments')).toBe(before)
  })

  test('a guest with write access creates documents without an owner and cannot replace a function’s file', async () => {
    const open = await startCloudProcess({ rulesFolder: `${__dirname}/../support/guest-book-rules` })
    try {
      const guest = await open.guest()
      await fetch(`${open.url}/web`, {
        method: 'POST',
        headers: { authorization: `Bearer ${guest.token}` },
        body: JSON.stringify({
          action: 'database.insertDocument',
          collectionName: 'book',
          data: ['{"_id":"g"}'],
        }),
      })
      expect(await open.control('export', { collection: 'book' })).toEqual({ lines: '{"_id":"g"}' })
      // There is no storage.json. The default rules also protect a function's file from clients.
      const event = { action: 'upload', path: 'a.txt', text: 'by the function' }
      await open.control('invoke', { name: 'files', event })
      const reply = await fetch(`${open.url}/v1/storages/get-objects-upload-info`, {
        method: 'POST',
        headers: { authorization: `Bearer ${(await open.signIn()).token}` },
        body: '[{"objectId":"a.txt"}]',
      })
      expect(await reply.text()).toContain('STORAGE_EXCEED_AUTHORITY')
    } finally {
      await open.stop()
    }
  })
})

describe('a write needs a query', () => {
  test.each([
    ['without a query', {}],
    ['with null', { query: null }],
    ['with a list', { query: [] }],
    ['with a number', { query: 1 }],
    ['with text that is no object', { query: '"x"' }],
    ['with broken text', { query: '{' }],
    ['with empty text', { query: '' }],
  ])('%s it is refused and changes nothing', async (_name, more) => {
    const before = await stored('diaries')
    for (const [action, data] of [
      ['removeDocument', {}],
      ['modifyDocument', { data: '{"$set":{"text":"gone"}}' }],
    ] as const) {
      const reply = await ask(reader, action, 'diaries', { multi: true, ...data, ...more })
      expect(reply).toMatchObject({ code: 'INVALID_PARAM' })
    }
    expect(await stored('diaries')).toBe(before)
  })

  test('a query given as an object is applied, also with a field named like a member of Object', async () => {
    const before = await stored('diaries')
    for (const query of [{ text: 'nobody wrote this' }, '{"toString":"x"}']) {
      const reply = await ask(reader, 'removeDocument', 'diaries', { query, multi: true })
      expect(reply.data.deleted).toBe(0)
    }
    const named = '{"query":{"constructor":"x"},"multi":true}'
    expect((await ask(reader, 'removeDocument', 'diaries', named)).code).toBe('INVALID_PARAM')
    expect(await stored('diaries')).toBe(before)
  })

  test('a custom rule on doc requires _openid in the query and matches only the client’s own documents', async () => {
    const text = { data: '{"$set":{"text":"mine"}}', multi: true }
    for (const query of ['{}', '{"_id":"fn"}', '{"_openid":{"$ne":"x"}}', `{"_openid":"${other.openid}"}`]) {
      expect(await ask(reader, 'modifyDocument', 'comments', { query, ...text })).toMatchObject({
        code: 'DATABASE_PERMISSION_DENIED',
      })
    }
    const own = await ask(reader, 'modifyDocument', 'comments', { query: '{"_openid":"{openid}"}', ...text })
    expect(own.data.updated).toBe(1)
    expect(await stored('comments')).toContain(`by ${other.openid}`)
  })
})

describe('queries', () => {
  test('are refused if they contain code at any depth', async () => {
    for (const query of [
      '{"$where":"1"}',
      '{"$or":[{"$and":[{"$where":"1"}]}]}',
      '{"$expr":{"$eq":[1,{"$function":{"body":"x","args":[],"lang":"js"}}]}}',
    ]) {
      expect(await ask(reader, 'getDocument', 'comments', { query })).toMatchObject({
        code: 'DATABASE_PERMISSION_DENIED',
      })
    }
  })

  test('return at most 20 documents, also without a limit or with limit 0', async () => {
    const lines = Array.from({ length: 30 }, (_, n) => JSON.stringify({ _id: `n${n}` })).join('\n')
    await cloud.control('import', { collection: 'notices', lines })
    for (const limit of [0, 1000, undefined]) {
      const more = { query: {}, ...(limit === undefined ? {} : { limit }) }
      expect((await ask(reader, 'getDocument', 'notices', more)).data.list).toHaveLength(20)
    }
    expect((await ask(reader, 'getDocument', 'notices', { limit: -1 })).code).toBe('INVALID_PARAM')
  })
})

describe('/web, the protocol of older SDKs', () => {
  const send = async (body: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${cloud.url}/web`, { method: 'POST', headers, body })
    return { status: response.status, ...(JSON.parse(await response.text()) as Partial<Reply>) }
  }
  const read = (access_token: unknown) =>
    JSON.stringify({ action: 'database.getDocument', collectionName: 'diaries', access_token })

  test('takes the token from the body, and a header goes before it', async () => {
    const mine = await send(read(reader.token))
    expect(mine.data?.list.join()).toContain(`by ${reader.openid}`)
    const theirs = await send(read(reader.token), { authorization: `Bearer ${other.token}` })
    expect(theirs.data?.list.join()).toContain(`by ${other.openid}`)
    expect(await send(read(reader.token), { authorization: 'Bearer x' })).toMatchObject({
      code: 'UNAUTHENTICATED',
    })
  })

  test('answers every error with status 200 and its code: such an SDK hides the code of any other status', async () => {
    for (const token of [undefined, '', 'x', [reader.token], { token: reader.token }]) {
      expect(await send(read(token))).toMatchObject({ status: 200, code: 'UNAUTHENTICATED' })
    }
    const watch = JSON.stringify({ action: 'auth.wsWebSign', access_token: reader.token })
    expect(await send(watch)).toMatchObject({ status: 200, code: 'INVALID_PARAM' })
    for (const body of ['', 'x', '[]', 'null']) expect(await send(body)).toMatchObject({ status: 200 })
  })
})

describe('files', () => {
  const post = async (client: Reader, route: string, body: unknown) => {
    const response = await fetch(`${cloud.url}/v1/storages/${route}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${client.token}` },
      body: JSON.stringify(body),
    })
    return JSON.parse(await response.text()) as Fields[]
  }
  const permit = async (client: Reader, objectId: string) =>
    (await post(client, 'get-objects-upload-info', [{ objectId }]))[0] as Record<string, string>
  const put = async ({ uploadUrl, authorization }: Record<string, string>, body: string) =>
    (
      await fetch(String(uploadUrl), {
        method: 'PUT',
        headers: { authorization: String(authorization) },
        body,
      })
    ).status

  test('a function’s file belongs to no client, neither reader nor visitor', async () => {
    const event = { action: 'upload', path: 'fn/report.txt', text: 'by the function' }
    const { result } = await cloud.control<{ result: { ok: string } }>('invoke', { name: 'files', event })
    const id = result.ok
    for (const client of [reader, await cloud.visitor()]) {
      expect(await permit(client, 'fn/report.txt')).toMatchObject({ code: 'STORAGE_EXCEED_AUTHORITY' })
      for (const route of ['delete-objects', 'get-objects-download-info']) {
        expect((await post(client, route, [{ cloudObjectId: id }]))[0]).toMatchObject({
          code: 'STORAGE_EXCEED_AUTHORITY',
        })
      }
    }
    expect((await fetch(`${cloud.url}/storage/fn/report.txt`)).status).toBe(403)
  })

  test('a permit does not replace a file that another client uploaded after the permit was issued', async () => {
    const early = await permit(reader, 'race.txt')
    const late = await permit(other, 'race.txt')
    expect(await put(late, 'theirs')).toBe(200)
    expect(await put(early, 'mine')).toBe(403)
    expect(await put(await permit(other, 'race.txt'), 'theirs again')).toBe(200)
  })
})
