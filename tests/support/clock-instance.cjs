'use strict'
/**
 * An instance of the built clock outside of any cloud, for tests that stand between it and its database. Each line on
 * stdin, `{ file, url, offset, env, fresh }`, is one tick, of a new instance where `fresh`, `offset` ms ahead of this machine's clock; the answer
 * is one line of JSON.
 */
const { createInterface } = require('node:readline')

const realNow = Date.now
Object.assign(process.env, {
  TENCENTCLOUD_RUNENV: 'SCF',
  TENCENTCLOUD_REGION: 'ap-local',
  TENCENTCLOUD_SECRETID: 'local',
  TENCENTCLOUD_SECRETKEY: 'local',
  TCB_CONTEXT_KEYS: 'TCB_ENV,TCB_SOURCE',
  TCB_SOURCE: 'wx_trigger',
  // Without any context key the SDK looks at no context at all.
  WX_CONTEXT_KEYS: 'WX_APPID',
  WX_APPID: 'wx0000000000000000',
})
for (const level of ['log', 'info', 'warn', 'error'])
  console[level] = text => process.stderr.write(`${text}\n`)

async function tick({ file, url, offset, env, fresh }) {
  process.env.TCB_ENV = env
  process.env.SCF_NAMESPACE = env
  process.env.TCB_CONTEXT_CNFG = JSON.stringify({ URL: url })
  Date.now = () => realNow() + offset
  if (fresh) delete require.cache[require.resolve(file)]
  try {
    return await require(file).main()
  } catch (error) {
    return { ok: false, error: String(error) }
  }
}

createInterface({ input: process.stdin }).on('line', async line => {
  process.stdout.write(`${JSON.stringify(await tick(JSON.parse(line)))}\n`)
})
