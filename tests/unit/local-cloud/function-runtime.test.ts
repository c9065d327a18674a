import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe as described, startFunction } from '../../../local-cloud/function-runtime.cjs'
import { createLoader, keepByteCode } from '../../../local-cloud/module-loader.cjs'

let made: string
let folder: string
beforeEach(() => {
  made = mkdtempSync(path.join(tmpdir(), 'runtime-'))
  folder = made
})
afterEach(() => rmSync(made, { recursive: true }))

function write(name: string, code: string): string {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, code)
  return file
}

/** Starts a function with this code as one instance. `run` returns what it reports of one event. */
function start(code: string, env: Record<string, string> = {}) {
  write('index.js', code)
  const told: Record<string, unknown>[] = []
  const built = { folder, functionName: 'echo', memory: 256, envId: 'local' }
  const one = startFunction(built, env, message => told.push(message as unknown as Record<string, unknown>))
  return async (event: unknown, more: object = {}) => {
    const job = { event: JSON.stringify(event), context: {}, requestId: 'r1', timeout: 3_000, ...more }
    await one(job as never)
    return told.splice(0)
  }
}
const replyOf = ([message]: Record<string, unknown>[]) => JSON.parse(String(message?.reply)) as unknown

test('a function gets its event, and what the platform says of the call', async () => {
  const run = start('exports.main = async (event, context) => ({ event, context })')
  expect(await run({ a: 1 }).then(replyOf)).toEqual({
    event: { a: 1 },
    context: {
      ...{ request_id: 'r1', requestId: 'r1', function_name: 'echo', function_version: '$LATEST' },
      ...{ memory_limit_in_mb: 256, time_limit_in_ms: 3_000, namespace: 'local' },
    },
  })
  // What a client writes there is not who it is.
  const userInfo = { appId: 'wx0', openId: 'o1' }
  const seen = await run({ userInfo: { openId: 'evil' } }, { userInfo }).then(replyOf)
  expect(seen).toMatchObject({ event: { userInfo } })
})

test('a call sees its own caller alone, in the environment of its instance', async () => {
  const env: Record<string, string> = { OWN: 'kept' }
  const run = start(`exports.main = () => ({ ...process.env })`, env)
  const reader = { TCB_SOURCE: 'wx_client', WX_APPID: 'wx0', WX_OPENID: 'o1' }
  expect(await run({}, { context: reader }).then(replyOf)).toEqual({
    ...{ OWN: 'kept', WX_CONTEXT_KEYS: 'WX_APPID,WX_OPENID' },
    ...reader,
  })
  const { WX_OPENID: _, ...guest } = reader
  expect(await run({}, { context: guest }).then(replyOf)).toEqual({
    ...{ OWN: 'kept', WX_CONTEXT_KEYS: 'WX_APPID' },
    ...guest,
  })
  expect(await run({}).then(replyOf)).toEqual({ OWN: 'kept' })
  expect(process.env.WX_APPID).toBeUndefined()
})

test('what a function prints and gives is told; no result is null', async () => {
  const run = start(`exports.main = event => {
    for (const level of ['log', 'info', 'warn', 'error', 'debug']) console[level]('to %s', level, { a: [1] })
    require('console').log('as a module')
    return event.give
  }`)
  const told = await run({})
  expect(told.slice(0, 5)).toEqual(
    ['log', 'info', 'warn', 'error', 'debug'].map(level => ({
      ...{ type: 'log', level, text: `to ${level} { a: [ 1 ] }` },
    })),
  )
  expect(told.slice(5)).toEqual([
    { type: 'log', level: 'log', text: 'as a module' },
    { type: 'done', reply: 'null' },
  ])
  expect((await run({ give: { b: 2 } })).at(-1)).toEqual({ type: 'done', reply: '{"b":2}' })
})

test.each<[code: string, error: { name: string; message: string }]>([
  ['throw new TypeError("no")', { name: 'TypeError', message: 'no' }],
  ['throw "words"', { name: 'Error', message: 'words' }],
  ['throw { a: 1 }', { name: 'Error', message: '{ a: 1 }' }],
  ['throw null', { name: 'Error', message: 'null' }],
  ['throw { message: 7 }', { name: 'Error', message: '7' }],
  ['return Promise.reject(new RangeError("late"))', { name: 'RangeError', message: 'late' }],
  ['return { a: 1n }', { name: 'TypeError', message: expect.stringContaining('BigInt') as never }],
])('a function that fails is told as it failed, and takes the next call: %s', async (code, error) => {
  const run = start(`exports.main = event => { if (event.fail) { ${code} } return 'fine' }`)
  expect(await run({ fail: true })).toEqual([
    { type: 'failed', error: { ...error, stack: expect.any(String) } },
  ])
  expect(await run({}).then(replyOf)).toBe('fine')
})

test('a file that exports no function, or throws, starts no instance', () => {
  expect(() => start('exports.other = 1')).toThrow('echo/index.js exports no function "main"')
  // A thread compiles a file once: a new build gets a thread of its own.
  folder = path.join(folder, 'other')
  expect(() => start('throw new Error("at the start")')).toThrow('at the start')
  expect(described(new Error('x'))).toMatchObject({ name: 'Error', message: 'x', stack: expect.any(String) })
})

describe('modules', () => {
  const own = { process: { own: true } as never, console: { own: true } as never }

  test('belong to one instance, and see its own parts of Node', () => {
    write('part.js', 'exports.count = 0')
    write('data.json', '{"n":1}')
    const main = write(
      'main.js',
      `#!/usr/bin/env node
      const part = require('./part')
      part.count += 1
      module.exports = {
        part, same: require('./part.js') === part, data: require('./data.json'), file: __filename, folder: __dirname,
        own: [process, console, require('process'), require('node:console')].every(one => one.own),
        path: require('node:path').sep, self: this === exports, resolved: require.resolve('./part'), clock,
      }`,
    )
    const load = (clock: number) =>
      createLoader({ ...own, names: { clock }, modules: {} }).load(main) as Record<string, unknown>
    const [one, other] = [load(1), load(2)]
    expect(one).toMatchObject({
      ...{ part: { count: 1 }, same: true, data: { n: 1 }, file: main, folder, own: true, path: path.sep },
      ...{ self: true, resolved: path.join(folder, 'part.js'), clock: 1 },
    })
    expect(other).toMatchObject({ part: { count: 1 }, clock: 2 })
    expect(other.part).not.toBe(one.part)
  })

  test('that require each other get what is there so far; one that throws is tried again', () => {
    write('a.js', `exports.early = 1; exports.b = require('./b'); exports.late = 2`)
    write('b.js', `exports.seen = { ...require('./a') }`)
    const loader = createLoader(own)
    expect(loader.load(path.join(folder, 'a.js'))).toEqual({ early: 1, b: { seen: { early: 1 } }, late: 2 })
    const failing = write(
      'failing.js',
      `globalThis.tries = (globalThis.tries ?? 0) + 1; throw new Error('try ' + tries)`,
    )
    for (const n of [1, 2]) expect(() => loader.load(failing)).toThrow(`try ${n}`)
    expect(() => loader.load(write('missing.js', `require('./none')`))).toThrow('none')
  })

  test('may be given in place of Node’s own, and be read from elsewhere', () => {
    const file = path.join(folder, 'virtual.js')
    const read = () => `exports.fs = require('node:fs')`
    const fs = { own: true }
    expect(createLoader({ ...own, modules: { fs }, read }).load(file)).toEqual({ fs })
  })

  test('of a large file leave their byte code for other processes, once', () => {
    const kept = path.join(folder, 'kept')
    mkdirSync(kept)
    const large = write('large.js', `exports.n = 1 // ${'x'.repeat(200_000)}`)
    const small = write('small.js', `exports.n = 1`)
    const load = () => {
      const loader = createLoader({ ...own, names: { turn: load }, byteCode: kept })
      expect([loader.load(large), loader.load(small)]).toEqual([{ n: 1 }, { n: 1 }])
      keepByteCode()
      return readdirSync(kept)
    }
    const [first, ...more] = load()
    expect([first, more]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), []])
    expect(load()).toEqual([first])
  })
})
