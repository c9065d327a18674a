'use strict'
/**
 * Function instances inside a worker thread. Each loads the built function once, with modules and variables of its own,
 * and runs one event at a time, as SCF does. Most threads hold one instance. This file is plain JavaScript, so that a
 * start does not load a TypeScript loader.
 */
const { parentPort, workerData } = require('node:worker_threads')
const { describe, startFunction } = require('./function-runtime.cjs')

/** The function that all instances of this thread run. */
const built = workerData

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
  return startFunction(built, env, tell)
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
