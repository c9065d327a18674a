'use strict'
/**
 * An instance of a built function outside any cloud, for tests that intercept the requests between it and its database.
 * Each line on stdin, `{ file, url, offset, env, fresh, source, openId, event }`, is one call. `fresh` starts a new
 * instance, `offset` is how many ms its clock is ahead of this machine's. Each answer is one line of JSON. A line
 * `{ pass }` moves the clock of the running call forward by so many ms and is answered with `{"passed":true}`.
 */
const { readFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { dirname } = require('node:path')
const { createInterface } = require('node:readline')
const { Script } = require('node:vm')

const realNow = Date.now
Object.assign(process.env, {
  TENCENTCLOUD_RUNENV: 'SCF',
  TENCENTCLOUD_REGION: 'ap-local',
  TENCENTCLOUD_SECRETID: 'local',
  TENCENTCLOUD_SECRETKEY: 'local',
  TCB_CONTEXT_KEYS: 'TCB_ENV,TCB_SOURCE',
  // Without any context key the SDK does not read the context at all.
  WX_CONTEXT_KEYS: 'WX_APPID,WX_OPENID',
  WX_APPID: 'wx0000000000000000',
})
for (const level of ['log', 'info', 'warn', 'error'])
  console[level] = text => process.stderr.write(`${text}\n`)

let ahead = 0

/** Compiled functions by file. Compiling two megabytes takes longer than running them. */
const scripts = new Map()
/** The exports of a function's present instance by file. */
const instances = new Map()

function load(file) {
  if (!scripts.has(file)) {
    const text = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`
    scripts.set(file, new Script(text, { filename: file }))
  }
  const module = { exports: {} }
  const run = scripts.get(file).runInThisContext()
  run.call(module.exports, module.exports, createRequire(file), module, file, dirname(file))
  return module.exports
}

async function run({ file, url, offset, env, fresh, source, openId, event }) {
  process.env.TCB_ENV = env
  process.env.TCB_SOURCE = source
  process.env.WX_OPENID = openId
  process.env.SCF_NAMESPACE = env
  process.env.TCB_CONTEXT_CNFG = JSON.stringify({ URL: url })
  ahead = offset
  Date.now = () => realNow() + ahead
  try {
    if (fresh || !instances.has(file)) instances.set(file, load(file))
    return await instances.get(file).main(event)
  } catch (error) {
    return { ok: false, error: String(error) }
  }
}

createInterface({ input: process.stdin }).on('line', async line => {
  const given = JSON.parse(line)
  if (given.pass !== undefined) ahead += given.pass
  process.stdout.write(`${JSON.stringify(given.pass === undefined ? await run(given) : { passed: true })}\n`)
})
