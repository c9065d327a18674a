'use strict'
/**
 * One function instance, inside a worker thread: loads the built function once and runs one event at a time, as
 * SCF does. Plain JavaScript, so that a start pays for the function and not for a TypeScript loader.
 */
const { format } = require('node:util')
const { parentPort, workerData } = require('node:worker_threads')

const { folder, functionName, memory, envId } = workerData

for (const level of ['log', 'info', 'warn', 'error', 'debug']) {
  console[level] = (...parts) => parentPort.postMessage({ type: 'log', level, text: format(...parts) })
}

/*
 * The SDK reads some twenty variables for each of its requests, and a worker's own `process.env` asks C++ for every one:
 * a tenth of what a request costs.
 */
process.env = { ...process.env }

let offset = 0

/** Lets `Date` agree with the cloud's clock once that has been moved; until then `Date` is untouched. */
function moveDate() {
  const RealDate = Date
  const now = () => RealDate.now() + offset
  const moved = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      args.length === 0
        ? new target(now())
        : Reflect.construct(target, args, newTarget === moved ? target : newTarget),
    apply: target => new target(now()).toString(),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  })
  RealDate.prototype.constructor = moved
  globalThis.Date = moved
}

let dateMoved = false
let contextNames = []

/** The SDK's getWXContext() reads process.env, so the context of the request lives there. */
function setContext(context) {
  const keys = Object.keys(context).filter(name => name.startsWith('WX_'))
  const next = keys.length > 0 ? { ...context, WX_CONTEXT_KEYS: keys.join(',') } : context
  // Only what is gone: an object that had keys deleted is slow to read from then on.
  for (const name of contextNames) if (!(name in next)) delete process.env[name]
  contextNames = Object.keys(next)
  Object.assign(process.env, next)
}

const mod = require(`${folder}/index.js`)
if (typeof mod.main !== 'function') throw new Error(`${functionName}/index.js exports no function "main"`)

function describe(error) {
  if (error !== null && typeof error === 'object' && 'message' in error) {
    return {
      name: String(error.name ?? 'Error'),
      message: String(error.message),
      stack: String(error.stack ?? ''),
    }
  }
  return { name: 'Error', message: typeof error === 'string' ? error : format('%o', error), stack: '' }
}

parentPort.on('message', async job => {
  if (job.offset !== offset) {
    offset = job.offset
    if (!dateMoved) moveDate()
    dateMoved = true
  }
  setContext(job.context)
  try {
    const event = JSON.parse(job.event)
    if (job.userInfo) event.userInfo = job.userInfo
    const result = await mod.main(event, {
      request_id: job.requestId,
      requestId: job.requestId,
      function_name: functionName,
      function_version: '$LATEST',
      memory_limit_in_mb: memory,
      time_limit_in_ms: job.timeout,
      namespace: envId,
    })
    parentPort.postMessage({ type: 'done', reply: JSON.stringify(result) ?? 'null' })
  } catch (error) {
    parentPort.postMessage({ type: 'failed', error: describe(error) })
  }
})

parentPort.postMessage({ type: 'ready' })
