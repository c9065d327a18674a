'use strict'
/**
 * Function instances inside a worker thread. Each loads the built function once, with modules and variables of its own,
 * and runs one event at a time, as SCF does. Most threads hold one instance. This file is plain JavaScript, so that a
 * start does not load a TypeScript loader.
 */
const { format } = require('node:util')
const { parentPort, workerData } = require('node:worker_threads')
const { createLoader } = require('./module-loader.cjs')

const { folder, functionName, memory, envId } = workerData

let offset = 0

/** Makes `Date` agree with the cloud's clock once a test has moved it. Until then `Date` is unchanged. */
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

function setOffset(next) {
  if (next === offset) return
  offset = next
  if (!dateMoved) moveDate()
  dateMoved = true
}

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

/**
 * @param slot the instance's number in this thread: every message to and from it carries it
 * @param variables its environment, besides the thread's own
 */
function createInstance(slot, variables) {
  const tell = message => parentPort.postMessage({ ...message, slot })
  /*
   * A plain object: the SDK reads some twenty variables for each request, and each read of a worker's own `process.env`
   * calls into C++. Together they cost a tenth of a request.
   */
  const env = { ...process.env, ...variables }
  const ownProcess = Object.create(process, { env: { value: env, writable: true, enumerable: true } })
  const ownConsole = Object.create(console)
  for (const level of ['log', 'info', 'warn', 'error', 'debug']) {
    ownConsole[level] = (...parts) => tell({ type: 'log', level, text: format(...parts) })
  }
  const { main } = createLoader({ process: ownProcess, console: ownConsole }).load(`${folder}/index.js`)
  if (typeof main !== 'function') throw new Error(`${functionName}/index.js exports no function "main"`)
  let contextNames = []

  /** The SDK's getWXContext() reads process.env, so the context of the request lives there. */
  function setContext(context) {
    const keys = Object.keys(context).filter(name => name.startsWith('WX_'))
    const next = keys.length > 0 ? { ...context, WX_CONTEXT_KEYS: keys.join(',') } : context
    // Deletes only what is gone: deleting keys makes an object slow to read from then on.
    for (const name of contextNames) if (!(name in next)) delete env[name]
    contextNames = Object.keys(next)
    Object.assign(env, next)
  }

  return async function run(job) {
    setContext(job.context)
    try {
      const event = JSON.parse(job.event)
      if (job.userInfo) event.userInfo = job.userInfo
      const result = await main(event, {
        request_id: job.requestId,
        requestId: job.requestId,
        function_name: functionName,
        function_version: '$LATEST',
        memory_limit_in_mb: memory,
        time_limit_in_ms: job.timeout,
        namespace: envId,
      })
      tell({ type: 'done', reply: JSON.stringify(result) ?? 'null' })
    } catch (error) {
      tell({ type: 'failed', error: describe(error) })
    }
  }
}

const instances = new Map()

parentPort.on('message', message => {
  const { type, slot } = message
  switch (type) {
    case 'load': {
      try {
        instances.set(slot, createInstance(slot, message.variables))
        parentPort.postMessage({ type: 'ready', slot })
      } catch (error) {
        parentPort.postMessage({ type: 'broken', slot, error: describe(error) })
      }
      return
    }
    case 'run': {
      setOffset(message.offset)
      void instances.get(slot)?.(message)
      return
    }
    case 'drop': {
      instances.delete(slot)
    }
  }
})
