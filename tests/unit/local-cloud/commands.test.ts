import { createClock } from '../../../local-cloud/clock'
import { createCommands } from '../../../local-cloud/commands'
import { openDatabase } from '../../../local-cloud/database/database'
import { createIdentity } from '../../../local-cloud/identity'
import { createMeter } from '../../../local-cloud/meter'
import { createWeather } from '../../../local-cloud/weather'

const database = openDatabase({ file: null })
const meter = createMeter(() => 0)
const weather = createWeather()
const identity = createIdentity(Buffer.alloc(32, 1))
const calls: unknown[] = []
const noted =
  (name: string, reply?: unknown) =>
  (...given: unknown[]) => {
    calls.push([name, ...given])
    return reply
  }
const commands = createCommands({
  clock: createClock(() => 1_000),
  database,
  functionsFolder: '/nowhere',
  identity,
  invoke: noted('invoke', Promise.resolve('{"a":1}')) as never,
  meter,
  storage: { reset: noted('storage reset') } as never,
  timers: { fire: noted('fire', Promise.resolve('[2]')), list: () => [] } as never,
  weather,
  workers: { kill: () => 3, counts: () => ({ instances: 1 }) } as never,
  transfer: new Map([['import-file', () => 'imported']]),
  deployIndexes: noted('indexes') as never,
  setUnauthenticatedAccess: noted('access') as never,
  about: () => ({ url: 'http://x', envId: 'local', adminEnv: {} }),
})
const run = async (name: string, body: unknown = {}): Promise<unknown> => commands.get(name)?.(body)
const called = () => calls.splice(0)

beforeEach(() => database.reset())
afterAll(() => database.close())

test('documents are imported, changed, removed and exported by their lines', async () => {
  expect(await run('import', { collection: 'a', lines: '{"_id":"1","n":1}\n{"_id":"2"}\n' })).toEqual({
    inserted: 2,
    updated: 0,
  })
  await expect(run('import', { collection: 'a', lines: '{"_id":"1"}' })).rejects.toThrow()
  expect(await run('import', { collection: 'a', lines: '{"_id":"1","m":2}', upsert: true })).toEqual({
    inserted: 0,
    updated: 1,
  })
  expect(await run('remove', { collection: 'a', ids: ['2', 'none'] })).toMatchObject({ deleted: 1 })
  expect(await run('export', { collection: 'a' })).toEqual({
    lines: '{"_id":"1","m":{"$numberInt":"2"}}',
  })
  expect(await run('import', { collection: 'empty', lines: '' })).toEqual({ inserted: 0, updated: 0 })
  expect(await run('collections')).toEqual(['a', 'empty'])
  await expect(run('import', { collection: '', lines: '' })).rejects.toThrow()
  await run('reset')
  expect([await run('collections'), called()]).toEqual([[], [['storage reset'], ['indexes']]])
})

test('a collection of more than 20 MB is exported whole', async () => {
  const text = 'x'.repeat(7 * 1024 * 1024)
  const lines = ['a', 'b', 'c'].map(_id => JSON.stringify({ _id, text })).join('\n')
  await run('import', { collection: 'large', lines })
  expect(((await run('export', { collection: 'large' })) as { lines: string }).lines === lines).toBe(true)
})

test('the latest calls are a hundred, or as many as are asked for', async () => {
  for (let n = 0; n < 120; n++) meter.open(`r${n}`, 'content', null)
  const ids = async (body: object) =>
    ((await run('logs', body)) as { requestId: string }[]).map(one => one.requestId)
  expect((await ids({})).length).toBe(100)
  expect(await ids({ limit: 1 })).toEqual(['r119'])
  for (const limit of [0, 1.5]) await expect(run('logs', { limit })).rejects.toThrow()
  expect(await run('counters')).toMatchObject({ invocations: 120 })
  expect(await run('reset-counters')).toMatchObject({ invocations: 0 })
})

test('a client signs in as what it is asked to be; an OPENID of digits alone is refused', async () => {
  const signIn = async (body: object) => {
    const { token, openid } = (await run('sign-in', body)) as { token: string; openid: string | null }
    expect(identity.clientOf(token)?.openid).toBe(openid)
    return [identity.clientOf(token)?.kind, openid]
  }
  expect(await signIn({})).toEqual(['reader', expect.stringMatching(/^o.{27}$/)])
  expect(await signIn({ openid: 'oMe-1_2' })).toEqual(['reader', 'oMe-1_2'])
  expect(await signIn({ kind: 'guest' })).toEqual(['guest', null])
  expect(await signIn({ kind: 'visitor' })).toEqual(['visitor', null])
  for (const body of [{ openid: '123' }, { openid: 'a b' }, { openid: '' }, { kind: 'editor' }])
    await expect(run('sign-in', body)).rejects.toThrow()
})

test('a function is called as the console does unless a caller is named, a timer by its name', async () => {
  expect(await run('invoke', { name: 'web' })).toEqual({ result: { a: 1 } })
  await run('invoke', { name: 'web', event: { b: 2 }, openid: 'o1', source: 'wx_client' })
  expect(called()).toEqual([
    ['invoke', { functionName: 'web', event: '{}', context: { openid: null, source: null } }],
    ['invoke', { functionName: 'web', event: '{"b":2}', context: { openid: 'o1', source: 'wx_client' } }],
  ])
  await expect(run('invoke', { name: 'web', event: [] })).rejects.toThrow()
  expect(await run('fire', { name: 'clock' })).toEqual({ result: [2] })
  await run('fire', { name: 'clock', trigger: 'tick', overlap: true })
  expect(called()).toEqual([
    ['fire', 'clock', { overlap: false }],
    ['fire', 'clock', { overlap: true, trigger: 'tick' }],
  ])
})

test('time, weather, access and instances are set, and answer what is in force', async () => {
  expect(await run('clock', { move: 500 })).toEqual({ now: 1_500 })
  expect(await run('clock', { move: -500 })).toEqual({ now: 1_000 })
  await expect(run('clock', { move: 0.5 })).rejects.toThrow()
  expect(await run('weather', { calls: { faults: { late: 0.5 } } })).toMatchObject({
    calls: { faults: { late: 0.5 } },
  })
  expect(weather.of('calls')).not.toBeNull()
  await run('weather', {})
  expect(weather.of('calls')).toBeNull()
  expect(await run('unauthenticated-access', { allowed: false })).toEqual({ allowed: false })
  expect(called()).toEqual([['access', false]])
  expect(await run('kill-workers')).toEqual({ killed: 3 })
  expect(await run('workers')).toEqual({ instances: 1 })
  expect(await run('about')).toEqual({ url: 'http://x', envId: 'local', adminEnv: {}, pid: process.pid })
  expect([await run('functions'), await run('timers'), await run('import-file')]).toEqual([
    [],
    [],
    'imported',
  ])
})
