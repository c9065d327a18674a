import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CallError, type CloudProcess, startCloudProcess, testFunctions } from '../support/local-cloud'

let cloud: CloudProcess

beforeAll(async () => {
  cloud = await startCloudProcess()
})
afterAll(() => cloud?.stop())

interface Together {
  runs: number
  openid: string
  note: string
  required: string
}

interface Seen {
  runs: number
  running: number
  today: string
  now: number
  isDate: boolean
}

async function failure(promise: Promise<unknown>): Promise<CallError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof CallError) return error
    throw error
  }
  throw new Error('it did not fail')
}

describe('identity', () => {
  test('a function sees a reader’s OPENID from the cloud, the same at each call', async () => {
    const reader = await cloud.signIn()
    const seen = await cloud.call<{ context: unknown }>(reader, 'context', {})
    expect(seen.context).toEqual({
      OPENID: reader.openid,
      APPID: 'wx0000000000000000',
      ENV: 'local',
      SOURCE: 'wx_client',
    })
    expect(await cloud.call(reader, 'context', {})).toEqual(seen)
    expect((await cloud.signIn()).openid).not.toBe(reader.openid)
  })

  test('nothing a client sends can change who it is', async () => {
    const reader = await cloud.signIn()
    const response = await fetch(`${cloud.url}/v1/functions/context?WX_OPENID=evil&openid=evil`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${reader.token}`,
        cookie: 'WX_OPENID=evil',
        'x-wx-openid': 'evil',
        'x-tcb-source': 'wx_trigger',
      },
      body: JSON.stringify({
        WX_OPENID: 'evil',
        TCB_SOURCE: 'wx_trigger',
        userInfo: { openId: 'evil', appId: 'evil' },
        __proto__: { userInfo: { openId: 'evil' } },
      }),
    })
    const seen = JSON.parse(await response.text())
    expect(seen.context).toMatchObject({ OPENID: reader.openid, SOURCE: 'wx_client' })
    expect(seen.event.userInfo).toEqual({ openId: reader.openid, appId: 'wx0000000000000000' })
  })

  test('a guest and an anonymous visitor have no OPENID', async () => {
    for (const client of [await cloud.guest(), await cloud.visitor()]) {
      const seen = await cloud.call<{ context: object; event: object }>(client, 'context', {})
      expect(seen.context).not.toHaveProperty('OPENID')
      expect(seen.event).toEqual({ userInfo: { appId: 'wx0000000000000000' } })
    }
  })

  test('a token that this cloud did not issue, or that was altered, is refused', async () => {
    const reader = await cloud.signIn()
    const [payload, signature] = reader.token.split('.')
    const other = Buffer.from(JSON.stringify(['reader', 'oSomebodyElse'])).toString('base64url')
    for (const token of ['', 'x', `${payload}.x`, `${other}.${signature}`, `${reader.token}.x`]) {
      const error = await failure(cloud.call({ token, openid: null }, 'context'))
      expect(error).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
    }
  })

  test('with unauthenticated access off, only guests are refused, with -501023', async () => {
    const [guest, visitor] = [await cloud.guest(), await cloud.visitor()]
    await cloud.control('unauthenticated-access', { allowed: false })
    const error = await failure(cloud.call(guest, 'echo'))
    expect(error.status).toBe(401)
    expect(error.message).toContain('-501023')
    expect(await cloud.call(visitor, 'echo', {})).toBeTruthy()
    await cloud.control('unauthenticated-access', { allowed: true })
    expect(await cloud.call(guest, 'echo', {})).toBeTruthy()
  })
})

describe('calls', () => {
  test('a function called by a function sees the same reader and the chain of sources', async () => {
    const reader = await cloud.signIn()
    const { result } = await cloud.call<{ result: { context: unknown } }>(reader, 'calls', {
      name: 'context',
      data: {},
    })
    expect(result.context).toMatchObject({ OPENID: reader.openid, SOURCE: 'wx_client,scf' })
  })

  test('an invalid event is refused with its fault and runs nothing', async () => {
    const reader = await cloud.signIn()
    const send = async (body: string) => {
      const response = await fetch(`${cloud.url}/v1/functions/echo`, {
        method: 'POST',
        headers: { authorization: `Bearer ${reader.token}` },
        body,
      })
      return { status: response.status, ...JSON.parse(await response.text()) }
    }
    await cloud.control('reset-counters')
    expect(await send('{"a":')).toMatchObject({ status: 400, code: 'INVALID_PARAM' })
    expect(await send('[1]')).toMatchObject({ status: 400, code: 'INVALID_PARAM' })
    expect(await send('"text"')).toMatchObject({ status: 400, code: 'INVALID_PARAM' })
    expect(await send(JSON.stringify({ a: 'x'.repeat(102_400) }))).toMatchObject({
      status: 413,
      code: 'EXCEED_MAX_PAYLOAD_SIZE',
    })
    expect(await cloud.control('counters')).toMatchObject({ invocations: 0 })
    expect(await send(JSON.stringify({ a: '语'.repeat(33_000) }))).toMatchObject({ status: 200 })
  })

  test('a reply over 1 MB is refused, one under it is not', async () => {
    const reader = await cloud.signIn()
    expect(await failure(cloud.call(reader, 'heavy', { size: 350_000 }))).toMatchObject({
      code: 'FUNCTIONS_RESULT_SIZE_EXCEED_LIMIT',
    })
    expect(await cloud.call<string>(reader, 'heavy', { size: 349_000 })).toHaveLength(349_000)
  })

  test('an unknown function name, or a path as a name, is not found', async () => {
    const reader = await cloud.signIn()
    for (const name of ['nothing', '..%2Fecho', 'echo%00', 'constructor', '%', '__proto__']) {
      const error = await failure(cloud.call(reader, name))
      expect([error.status, error.code]).toEqual([404, 'FUNCTION_NOT_FOUND'])
    }
  })
})

describe('failures', () => {
  test('an error that a function throws is reported without a stack, and the next call works', async () => {
    const reader = await cloud.signIn()
    for (const how of ['error', 'text', 'exit', 'later']) {
      const error = await failure(cloud.call(reader, 'throws', { how }))
      expect([error.status, error.code]).toEqual([500, 'FUNCTIONS_EXECUTE_FAIL'])
      expect(error.message).not.toContain('index.js')
    }
    expect((await failure(cloud.call(reader, 'throws', {}))).message).toContain(
      'TypeError: broken on purpose',
    )
    // The developer is told where.
    expect(cloud.errors()).toMatch(
      /^throws \S+: -504002 functions execute fail: TypeError: broken on purpose\n {2}TypeError: broken on purpose\n {6}at .*index\.js/m,
    )
  })

  test('a function past its time limit is ended, even in an endless loop, and does not block the next call', async () => {
    const reader = await cloud.signIn()
    const [spin, slow, fine] = await Promise.all([
      failure(cloud.call(reader, 'slow', { spin: true })),
      failure(cloud.call(reader, 'slow', { ms: 5000 })),
      cloud.call(reader, 'slow', { ms: 10 }),
    ])
    for (const error of [spin, slow]) {
      expect([error.status, error.code]).toEqual([504, 'FUNCTIONS_TIME_LIMIT_EXCEEDED'])
      expect(error.message).toContain('1 seconds')
    }
    expect(fine).toBe('done')
  })

  test('a function that exceeds its memory limit is ended, and the cloud continues', async () => {
    const reader = await cloud.signIn()
    expect(await failure(cloud.call(reader, 'heavy', { memory: true }))).toMatchObject({
      code: 'FUNCTIONS_MEMORY_LIMIT_EXCEEDED',
    })
    expect(await cloud.call(reader, 'echo', { still: 'here' })).toBeTruthy()
  })
})

describe('instances', () => {
  test('an instance keeps its state while warm and runs one request at a time', async () => {
    const reader = await cloud.signIn()
    const seen = await Promise.all(
      Array.from({ length: 12 }, () => cloud.call<Seen>(reader, 'state', { ms: 60 })),
    )
    expect(seen.every(({ running }) => running === 1)).toBe(true)
    expect(Math.max(...seen.map(({ runs }) => runs))).toBeGreaterThan(1)
  })

  test('killed instances fail their running calls, and new ones start cold', async () => {
    const reader = await cloud.signIn()
    await cloud.call(reader, 'state')
    const held = failure(cloud.call(reader, 'slow', { ms: 900 }))
    while ((await cloud.control<{ busy: number }>('workers')).busy === 0);
    const { killed } = await cloud.control<{ killed: number }>('kill-workers')
    expect(killed).toBeGreaterThan(1)
    expect((await held).code).toBe('FUNCTIONS_EXECUTE_FAIL')
    expect((await cloud.call<Seen>(reader, 'state')).runs).toBe(1)
  })

  test('instances that share a thread do not share variables, state or the caller’s identity', async () => {
    const shared = await startCloudProcess({ args: ['--own-threads', '0'] })
    try {
      const readers = await Promise.all(Array.from({ length: 16 }, () => shared.signIn()))
      const replies = await Promise.all(
        readers.map((reader, n) => shared.call<Together>(reader, 'together', { note: `note ${n}`, ms: 600 })),
      )
      expect((await shared.control<{ instances: number }>('workers')).instances).toBeGreaterThan(2)
      for (const [n, { openid, note, required }] of replies.entries()) {
        expect([openid, note, required]).toEqual([readers[n]?.openid, `note ${n}`, `note ${n}`])
      }
      // Each instance counts its own runs.
      expect(replies.filter(({ runs }) => runs === 1).length).toBeGreaterThan(2)
      const logs = await shared.control<{ functionName: string; lines: { text: string }[] }[]>('logs')
      const said = logs.filter(log => log.functionName === 'together').map(({ lines }) => lines)
      expect(said.every(lines => lines.length === 1)).toBe(true)
      expect(new Set(said.map(([line]) => line?.text)).size).toBe(16)
    } finally {
      await shared.stop()
    }
  })

  test('after an endless loop or a crash in a shared thread, the next calls are answered', async () => {
    const shared = await startCloudProcess({ args: ['--own-threads', '0'] })
    try {
      const reader = await shared.signIn()
      const some = (name: string, event: object) =>
        Promise.all(Array.from({ length: 8 }, () => shared.call(reader, name, event)))
      await some('slow', { ms: 200 })
      expect(await failure(shared.call(reader, 'slow', { spin: true }))).toMatchObject({
        code: 'FUNCTIONS_TIME_LIMIT_EXCEEDED',
      })
      expect(await some('slow', { ms: 10 })).toEqual(Array(8).fill('done'))
      expect(await failure(shared.call(reader, 'throws', { how: 'exit' }))).toMatchObject({
        code: 'FUNCTIONS_EXECUTE_FAIL',
      })
      expect(await failure(shared.call(reader, 'throws', { how: 'text' }))).toMatchObject({
        code: 'FUNCTIONS_EXECUTE_FAIL',
      })
    } finally {
      await shared.stop()
    }
  })

  test('the next calls use a new build of a function', async () => {
    const functionsFolder = mkdtempSync(join(tmpdir(), 'functions-'))
    cpSync(join(testFunctions, 'echo'), join(functionsFolder, 'echo'), { recursive: true })
    const other = await startCloudProcess({ functionsFolder })
    try {
      const reader = await other.signIn()
      expect(await other.call(reader, 'echo', { a: 1 })).toMatchObject({ event: { a: 1 } })
      writeFileSync(join(functionsFolder, 'echo/index.js'), 'exports.main = async () => "new"')
      const until = Date.now() + 5000
      let answer: unknown
      do answer = await other.call(reader, 'echo')
      while (answer !== 'new' && Date.now() < until)
      expect(answer).toBe('new')
    } finally {
      await other.stop()
      rmSync(functionsFolder, { recursive: true })
    }
  })

  test('a cold burst of 64 calls is answered completely, and no call times out', async () => {
    const burst = await startCloudProcess()
    try {
      const reader = await burst.signIn()
      const replies = await Promise.all(
        Array.from({ length: 64 }, (_, n) => burst.call<{ event: { n: number } }>(reader, 'context', { n })),
      )
      expect(replies.map(({ event }) => event.n)).toEqual(Array.from({ length: 64 }, (_, n) => n))
    } finally {
      await burst.stop()
    }
  })

  test('a full queue refuses further calls with a clear error', async () => {
    const small = await startCloudProcess({ args: ['--instances', '1', '--queue', '2'] })
    try {
      const reader = await small.signIn()
      const results = await Promise.allSettled(
        Array.from({ length: 6 }, () => small.call(reader, 'slow', { ms: 300 })),
      )
      const refused = results
        .filter(result => result.status === 'rejected')
        .map(({ reason }) => reason as CallError)
      expect(refused.length).toBeGreaterThanOrEqual(3)
      for (const error of refused)
        expect([error.status, error.code]).toEqual([429, 'EXCEED_CONCURRENT_REQUEST_LIMIT'])
    } finally {
      await small.stop()
    }
  })
})

describe('logs, clock and access from outside', () => {
  test('console output is stored per invocation under its request id', async () => {
    const reader = await cloud.signIn()
    await cloud.call(reader, 'console', { word: 'hello' })
    const logs = await cloud.control<{ functionName: string; requestId: string; lines: unknown[] }[]>('logs')
    const log = logs.findLast(({ functionName }) => functionName === 'console')
    expect(log?.requestId).toMatch(/^\w+-\w+$/)
    expect(log?.lines).toEqual(
      expect.arrayContaining([
        { level: 'log', text: 'said hello { deep: { er: 1 } }' },
        { level: 'error', text: 'and an error' },
      ]),
    )
  })

  test("a log contains no warnings that only a Node newer than the cloud's reports", async () => {
    const reader = await cloud.signIn()
    await cloud.call(reader, 'old-habits', {})
    const logs = await cloud.control<{ functionName: string; lines: unknown[] }[]>('logs')
    const log = logs.findLast(({ functionName }) => functionName === 'old-habits')
    expect(log?.lines).toEqual([{ level: 'log', text: 'parsed 127.0.0.1' }])
  })

  test('the clock can be moved, and functions see the new time', async () => {
    const reader = await cloud.signIn()
    const before = await cloud.call<Seen>(reader, 'state')
    const day = 24 * 3600 * 1000
    try {
      await cloud.control('clock', { move: day })
      const after = await cloud.call<Seen>(reader, 'state')
      expect(after.now - before.now).toBeGreaterThanOrEqual(day)
      expect(after.now - before.now).toBeLessThan(day + 60_000)
      expect(Date.parse(after.today)).toBeGreaterThanOrEqual(Date.parse(before.today) + day)
      expect(after.isDate).toBe(true)
    } finally {
      await cloud.control('clock', { move: -day })
    }
  })

  test('the control surface requires its key, and neither it nor the SDK address answers a page', async () => {
    const without = await fetch(`${cloud.url}/local/counters`, { method: 'POST' })
    expect(without.status).toBe(401)
    const page = await fetch(`${cloud.url}/admin`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: '{"action":"database.getDocument"}',
    })
    expect(page.status).toBe(403)
  })

  test('pages on this machine may call functions from another port, other pages may not', async () => {
    const preflight = (origin: string) =>
      fetch(`${cloud.url}/v1/functions/echo`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-headers': 'authorization' },
      })
    const near = await preflight('http://localhost:10086')
    expect(near.headers.get('access-control-allow-origin')).toBe('http://localhost:10086')
    expect(near.headers.get('access-control-allow-headers')).toBe('authorization')
    expect(near.headers.get('access-control-allow-methods')).toBe('GET, POST, PATCH, OPTIONS')
    expect([near.status, near.headers.get('access-control-max-age')]).toEqual([204, '600'])
    const bare = await fetch(`${cloud.url}/web`, { method: 'OPTIONS', headers: { origin: 'http://[::1]' } })
    expect(bare.headers.get('access-control-allow-headers')).toBe('authorization, content-type')
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
  })
  test.each([
    ['GET', '/v1/functions/echo', '/v1/functions/echo takes POST'],
    ['GET', '/auth/v1/signin/anonymously', '/auth/v1/signin/anonymously takes POST'],
    ['POST', '/v1/nothing', 'does not offer /v1/nothing'],
    ['POST', '/auth/v1/nothing', 'does not offer /auth/v1/nothing'],
    ['GET', '/web', '/web takes POST'],
  ])('%s %s, which this cloud does not offer, is refused in words', async (method, path, says) => {
    const reply = await fetch(cloud.url + path, { method })
    expect(await reply.json()).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining(says) })
    expect(reply.status).toBe(404)
  })
})
