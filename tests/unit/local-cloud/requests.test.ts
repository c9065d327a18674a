import { request } from 'node:http'
import { askAsClient } from '../../../local-cloud/client-database'
import { CloudError } from '../../../local-cloud/cloud-error'
import { type Database, openDatabase } from '../../../local-cloud/database/database'
import { functionActions } from '../../../local-cloud/function-actions'
import type { Invocation } from '../../../local-cloud/function-call'
import { createGateway, type Gateway } from '../../../local-cloud/gateway'
import { createIdentity } from '../../../local-cloud/identity'
import { createMeter, type InvocationRecord } from '../../../local-cloud/meter'
import type { Rules } from '../../../local-cloud/rules'
import { createSdkApi } from '../../../local-cloud/sdk-api'
import { createWeather } from '../../../local-cloud/weather'
import { createWebApi } from '../../../local-cloud/web-api'
import type { Workers } from '../../../local-cloud/workers'

/*
 * Requests of clients and functions, without a function that runs: this stands where functions would, and answers with
 * what it was asked.
 */
let asked: Invocation[]
const workers: Workers = {
  async invoke(invocation: Invocation) {
    asked.push(invocation)
    if (invocation.functionName === 'slow') throw new CloudError('FUNCTIONS_TIME_LIMIT_EXCEEDED', 'too slow')
    return JSON.stringify({ reply: invocation.functionName })
  },
  running: (key: string) =>
    key === 'live'
      ? {
          record: live,
          context: { openid: 'o1', source: 'wx_client' },
          built: {
            name: 'f',
            folder: '',
            version: '',
            config: { timeout: 3, memorySize: 256, triggers: [], permissions: { openapi: ['a.b'] } },
          },
        }
      : undefined,
  knows: (key: string) => key === 'quiet',
  kill: () => 0,
  counts: () => ({ instances: 0, busy: 0, queued: 0 }),
  close: async () => undefined,
}
let live: InvocationRecord
let database: Database
let count: number
const nextRequestId = () => `r${++count}`
beforeEach(() => {
  asked = []
  count = 0
  database = openDatabase({ file: null })
  database.ensureCollection('notes')
})

describe('a function’s request to the cloud', () => {
  const setUp = () => {
    const meter = createMeter(() => 0)
    live = meter.open('r0', 'f', null)
    const senders: unknown[] = []
    const api = createSdkApi({
      database,
      actions: new Map([
        ...functionActions(workers, nextRequestId),
        ['storage.x', (_params, sender) => ({ kind: 'storage', response: { data: senders.push(sender) } })],
        ['storage.fails', () => Promise.reject(new CloudError('STORAGE_REQUEST_FAIL', 'no'))],
      ]),
      openApi: async (body, contentType, sender) =>
        Buffer.from(`${body} ${contentType} ${sender.openapi?.join()}`),
      workers,
      weather: createWeather(),
      meter,
      nextRequestId,
    })
    const answer = async (
      body: unknown,
      { query = '', contentType = 'application/json', twice = false } = {},
    ) => {
      const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
      const reply = await api.answer({
        query: new URLSearchParams(query),
        contentType,
        body: async () => bytes,
        requestId: 'r',
        twice,
      })
      return typeof reply === 'string' ? (JSON.parse(reply) as Record<string, unknown>) : reply.toString()
    }
    return { answer, meter, senders }
  }
  const insert = { action: 'database.insertDocument', collectionName: 'notes', data: ['{"n":1}'] }

  test('is executed, and counted for its call and in total', async () => {
    const { answer, meter } = setUp()
    const query = 'instance=live'
    expect(await answer(insert, { query })).toEqual({
      requestId: 'r',
      data: { insertedIds: [expect.any(String)] },
    })
    await answer({ action: 'database.getDocument', collectionName: 'notes', query: '{}' }, { query })
    await answer({ action: 'database.startTransaction' }, { query })
    await answer({ action: 'database.commitTransaction', transactionId: 'x' }, { query })
    await answer({ action: 'storage.fails' }, { query })
    await answer({ action: 'functions.invokeFunction', function_name: 'g' }, { query })
    await answer('bytes', { query, contentType: 'multipart/form-data; x' })
    for (const collectionName of ['none', 'nowhere'])
      await answer({ action: 'database.aggregateDocuments', collectionName, stages: [] }, { query })
    await answer({ action: 'wx.x' }, { query })
    const counted = { read: 3, write: 1, transaction: 2, call: 1, storage: 1, openapi: 2, examined: 1 }
    expect(live.operations).toEqual(counted)
    await answer(insert)
    expect(live.operations).toEqual(counted)
    expect(meter.counters().operations).toEqual({ ...counted, write: 2 })
  })

  test('is executed twice in such weather, with the first answer', async () => {
    const { answer } = setUp()
    await answer(insert, { twice: true })
    expect([...database.exportLines('notes')]).toHaveLength(2)
  })

  test('says who sends it: a running function, one that has answered already, or a tool', async () => {
    const { answer, senders } = setUp()
    for (const query of ['instance=live&x=1', 'instance=quiet', ''])
      await answer({ action: 'storage.x' }, { query })
    expect(senders).toEqual([
      { record: live, context: { openid: 'o1', source: 'wx_client' }, openapi: ['a.b'] },
      { record: undefined, context: undefined, openapi: [] },
      { record: undefined, context: undefined, openapi: undefined },
    ])
    expect(await answer({ action: 'storage.x' }, { query: 'instance=gone' })).toEqual({
      code: 'INVALID_REQUEST_SOURCE',
      message: 'the function instance that asks has ended',
      requestId: 'r',
    })
    expect(await answer('bytes', { query: 'instance=live', contentType: 'multipart/form-data; x' })).toBe(
      'bytes multipart/form-data; x a.b',
    )
  })

  test('that cannot be understood is refused', async () => {
    const { answer } = setUp()
    expect(await answer('{')).toMatchObject({
      code: 'INVALID_PARAM',
      message: expect.stringContaining('the request is not JSON'),
    })
    expect(await answer('{}')).toMatchObject({ code: 'INVALID_PARAM', message: 'the request has no action' })
    expect(await answer({ action: 'toString' })).toMatchObject({
      code: 'INVALID_PARAM',
      message: 'the local cloud does not offer the action "toString"',
    })
    expect(await answer({ action: 'storage.fails' })).toEqual({
      code: 'STORAGE_REQUEST_FAIL',
      message: 'no',
      requestId: 'r',
    })
  })

  test('to another function passes the reader on, with the chain of sources', async () => {
    const { answer } = setUp()
    const call = { action: 'functions.invokeFunction', function_name: 'g', request_data: '{"a":1}' }
    expect(await answer(call, { query: 'instance=live' })).toEqual({
      requestId: 'r',
      data: { response_data: '{"reply":"g"}' },
    })
    await answer({ ...call, request_data: '' })
    expect(asked).toEqual([
      {
        functionName: 'g',
        event: '{"a":1}',
        context: { openid: 'o1', source: 'wx_client,scf' },
        requestId: 'r1',
      },
      { functionName: 'g', event: '{}', context: { openid: null, source: 'scf' }, requestId: 'r2' },
    ])
    expect(await answer({ ...call, function_name: 1 })).toMatchObject({ code: 'INVALID_PARAM' })
  })
})

describe('a client’s request', () => {
  const identity = createIdentity(Buffer.alloc(32, 1))
  let guestsAllowed: boolean
  let gateway: Gateway
  let url: string
  const rules: Rules = {
    mayInvoke: name => name !== 'closed',
    documents: collection => (collection === 'notes' ? 'all' : 'none'),
    mayRead: () => true,
    mayWrite: () => true,
    isPublic: () => true,
  }
  const start = async (weather = createWeather()) => {
    guestsAllowed = true
    const client = createWebApi({
      identity,
      rules,
      workers,
      dataRoutes: new Map([['/v1/storages/x', (client, body) => ({ kind: client.kind, body })]]),
      askDatabase: (client, body) => askAsClient(database, rules, client, body),
      weather,
      signsIn: ['visitor', 'guest'],
      guestsAllowed: () => guestsAllowed,
      nextRequestId,
    })
    gateway = createGateway({ client, files: () => false, pages: () => false }, nextRequestId)
    url = await gateway.listen('127.0.0.1', 0)
  }
  beforeEach(() => start())
  afterEach(() => gateway.close())

  const ask = async (
    method: string,
    path: string,
    { token = '', body = undefined as string | undefined, headers = {} } = {},
  ) => {
    const response = await fetch(url + path, {
      method,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    return {
      status: response.status,
      body: text === '' ? '' : JSON.parse(text),
      headers: Object.fromEntries(response.headers as never) as Record<string, string>,
    }
  }
  const reader = identity.signIn('reader')
  const guest = identity.signIn('guest')

  test('calls a function as who the token says, with its event', async () => {
    const { token, client } = reader
    const answer = await ask('POST', '/v1/functions/a%20b', {
      token,
      body: '{"n":1}',
      headers: { origin: 'http://localhost:1' },
    })
    expect(answer).toMatchObject({
      status: 200,
      body: { reply: 'a b' },
      headers: { 'x-request-id': 'r1', 'access-control-allow-origin': 'http://localhost:1' },
    })
    await ask('POST', '/v1/functions/f', { token: guest.token })
    await ask('POST', '/v1/functions/%zz', { token, body: ' ' })
    expect(asked).toEqual([
      {
        functionName: 'a b',
        event: '{"n":1}',
        context: { openid: client.openid, source: 'wx_client' },
        requestId: 'r1',
      },
      { functionName: 'f', event: '{}', context: { openid: null, source: 'wx_client' }, requestId: 'r2' },
      {
        functionName: '%zz',
        event: '{}',
        context: { openid: client.openid, source: 'wx_client' },
        requestId: 'r3',
      },
    ])
  })

  test('is refused with the status and code of its fault, and calls nothing', async () => {
    const { token } = reader
    const post = (path: string, more = {}) => ask('POST', path, { token, body: '{}', ...more })
    const faults: [Promise<{ status: number; body: unknown }>, number, string][] = [
      [post('/v1/functions/f', { token: '' }), 401, 'UNAUTHENTICATED'],
      [post('/v1/functions/f', { body: '[1]' }), 400, 'INVALID_PARAM'],
      [post('/v1/functions/f', { body: 'null' }), 400, 'INVALID_PARAM'],
      [post('/v1/functions/f', { body: '1' }), 400, 'INVALID_PARAM'],
      [post('/v1/functions/f', { body: '{' }), 400, 'INVALID_PARAM'],
      [post('/v1/functions/f', { body: `"${'x'.repeat(100 * 1024)}"` }), 413, 'EXCEED_MAX_PAYLOAD_SIZE'],
      [post('/v1/functions/closed'), 403, 'PERMISSION_DENIED'],
      [post('/v1/storages/x', { body: `"${'x'.repeat(1024 * 1024)}"` }), 413, 'EXCEED_MAX_PAYLOAD_SIZE'],
      [post('/v1/storages/x', { body: '{' }), 400, 'INVALID_PARAM'],
      [post('/v1/storages/y'), 404, 'NOT_FOUND'],
      [ask('GET', '/v1/functions/f', { token }), 404, 'NOT_FOUND'],
      [ask('GET', '/v1/storages/x', { token }), 404, 'NOT_FOUND'],
      [ask('GET', '/auth/v1/token'), 404, 'NOT_FOUND'],
      [ask('POST', '/auth/v1/user/me', { token }), 404, 'NOT_FOUND'],
      [ask('POST', '/auth/v1/other'), 404, 'NOT_FOUND'],
      [ask('GET', '/web', { token }), 404, 'NOT_FOUND'],
      [ask('GET', '/auth/v1/user/me', { token: guest.token }), 401, 'UNAUTHENTICATED'],
    ]
    for (const [answer, status, code] of faults)
      expect(await answer).toMatchObject({ status, body: { code } })
    expect(asked).toEqual([])
    expect(await post('/v1/functions/slow')).toMatchObject({
      status: 504,
      body: { code: 'FUNCTIONS_TIME_LIMIT_EXCEEDED', message: 'too slow' },
    })
  })

  test('of a guest is refused while access without login is off', async () => {
    guestsAllowed = false
    const documents = '/v1/database/instances/(default)/databases/(default)/collections/notes/documents'
    const web = { body: JSON.stringify({ action: 'database.getDocument', collectionName: 'notes' }) }
    for (const [method, path, status, more] of [
      ['POST', '/v1/functions/f', 401, {}],
      ['POST', '/v1/storages/x', 401, { body: '1' }],
      ['GET', documents, 401, {}],
      ['POST', '/web', 200, web],
    ] as const)
      expect([path, await ask(method, path, { token: guest.token, ...more })]).toEqual([
        path,
        expect.objectContaining({
          status,
          body: expect.objectContaining({ code: 'UNAUTHENTICATED_ACCESS_DENIED' }),
        }),
      ])
    expect(await ask('POST', '/v1/functions/f', { token: reader.token })).toMatchObject({ status: 200 })
  })

  test('signs in, and reaches storage and documents as that client', async () => {
    const { body } = await ask('POST', '/auth/v1/signin/anonymously')
    const token = body.access_token as string
    expect((await ask('GET', '/auth/v1/user/me', { token })).body).toMatchObject({ name: 'anonymous' })
    expect((await ask('POST', '/v1/storages/x', { token, body: '[1]' })).body).toEqual({
      kind: 'visitor',
      body: [1],
    })
    const documents = '/v1/database/instances/(default)/databases/(default)/collections/notes/documents'
    expect((await ask('POST', documents, { token, body: '{"data":[{"_id":"a"}]}' })).body).toEqual({
      insertedIds: ['a'],
    })
    expect((await ask('GET', documents, { token })).body).toEqual({
      list: [{ _id: 'a', _openid: identity.clientOf(token)?.uid }],
    })
    expect(await ask('GET', `${documents}/b`, { token })).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    })
    expect(await ask('GET', documents.replace('notes', 'closed'), { token })).toMatchObject({
      status: 403,
      body: { code: 'DATABASE_PERMISSION_DENIED' },
    })
  })

  test('of an older SDK puts its token into the body, and gets every error with status 200', async () => {
    const of = (more: object) => ({
      body: JSON.stringify({ action: 'database.getDocument', collectionName: 'notes', ...more }),
    })
    expect(await ask('POST', '/web', of({ access_token: reader.token }))).toMatchObject({
      status: 200,
      body: { data: { list: [] } },
    })
    expect(await ask('POST', '/web', of({}))).toMatchObject({
      status: 200,
      body: { code: 'UNAUTHENTICATED' },
    })
    expect(await ask('POST', '/web', { ...of({ access_token: reader.token }), token: 'x' })).toMatchObject({
      status: 200,
      body: { code: 'UNAUTHENTICATED' },
    })
    expect(await ask('POST', '/web', { body: '[]' })).toMatchObject({
      status: 200,
      body: { code: 'UNAUTHENTICATED' },
    })
  })

  test('is asked for before it is sent, by pages on this machine', async () => {
    const preflight = await ask('OPTIONS', '/v1/functions/f', {
      headers: { origin: 'http://localhost:1', 'access-control-request-headers': 'x-a' },
    })
    expect(preflight).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': 'http://localhost:1',
        'access-control-allow-methods': 'GET, POST, PATCH, OPTIONS',
        'access-control-allow-headers': 'x-a',
        'access-control-max-age': '600',
      },
    })
    expect((await ask('OPTIONS', '/web')).headers['access-control-allow-headers']).toBe(
      'authorization, content-type',
    )
    for (const path of ['/website', '/author', '/v12'])
      expect([path, (await ask('POST', path)).body.message]).toEqual([
        path,
        `the local cloud serves nothing at ${path}`,
      ])
  })

  test('arrives twice or not at all in such weather', async () => {
    await gateway.close()
    await start(createWeather({ calls: { faults: { repeated: 1 } } }))
    expect((await ask('POST', '/v1/functions/f', { token: reader.token })).body).toEqual({ reply: 'f' })
    expect(asked.map(({ requestId }) => requestId)).toEqual(['r1', 'r2'])
    await gateway.close()
    await start(createWeather({ calls: { faults: { droppedBefore: 1 } } }))
    const broken = await new Promise(done => {
      request(`${url}/v1/functions/f`, { method: 'POST' }, done).on('error', done).end()
    })
    expect(broken).toMatchObject({ code: 'ECONNRESET' })
    expect(asked).toHaveLength(2)
  })
})
