'use strict'
const { format } = require('node:util')
const { createLoader, keepByteCode } = require('./module-loader.cjs')

/** The plain form of what code threw. */
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
 * Loads a built function as one instance, with modules and variables of its own, and returns `run`, which runs one
 * event. The instance reports by `tell` what `InstanceMessage` describes, but not that it is ready.
 * @param built `folder`, `functionName`, `memory` and `envId` of the function; `byteCode` is a folder for its byte code
 * @param env its environment variables, a plain object
 * @param world replaces parts of Node for this instance (see `createLoader`); `process` is the base of its own
 */
function startFunction({ folder, functionName, memory, envId, byteCode }, env, tell, world = {}) {
  const ownProcess = Object.create(world.process ?? process, {
    env: { value: env, writable: true, enumerable: true },
  })
  const ownConsole = Object.create(console)
  for (const level of ['log', 'info', 'warn', 'error', 'debug']) {
    ownConsole[level] = (...parts) => tell({ type: 'log', level, text: format(...parts) })
  }
  const { main } = createLoader({ ...world, byteCode, process: ownProcess, console: ownConsole }).load(
    `${folder}/index.js`,
  )
  if (typeof main !== 'function') throw new Error(`${functionName}/index.js exports no function "main"`)
  let contextNames = []
  let hasRun = false

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
    // After its first event most of what a function needs is compiled.
    if (byteCode && !hasRun) setImmediate(keepByteCode)
    hasRun = true
  }
}

module.exports = { describe, startFunction }
