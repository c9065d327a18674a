import type { Boot } from '../protocol'
import { createLogic, type Logic } from './main'
import { createCanvases } from './worker-canvases'

/** Globals of a phone's logic layer besides those of the language. */
const allowedGlobals = new Set(['console', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'])
const language = new Set([
  ...[
    'globalThis',
    'Object',
    'Function',
    'Array',
    'Number',
    'Boolean',
    'String',
    'Symbol',
    'BigInt',
    'Date',
    'Promise',
  ],
  ...[
    'RegExp',
    'Error',
    'AggregateError',
    'EvalError',
    'RangeError',
    'ReferenceError',
    'SyntaxError',
    'TypeError',
  ],
  ...[
    'URIError',
    'JSON',
    'Math',
    'Reflect',
    'Proxy',
    'Map',
    'Set',
    'WeakMap',
    'WeakSet',
    'WeakRef',
    'ArrayBuffer',
  ],
  ...['FinalizationRegistry', 'DataView', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array'],
  ...['Uint16Array', 'Int32Array', 'Uint32Array', 'Float32Array', 'Float64Array', 'BigInt64Array'],
  ...['BigUint64Array', 'NaN', 'Infinity', 'undefined', 'parseInt', 'parseFloat', 'isNaN', 'isFinite'],
  ...[
    'decodeURI',
    'decodeURIComponent',
    'encodeURI',
    'encodeURIComponent',
    'escape',
    'unescape',
    'constructor',
  ],
])

const scope = globalThis as unknown as {
  postMessage: (message: unknown, transfer?: Transferable[]) => void
  addEventListener: (type: string, listener: (event: never) => void) => void
}
const post = scope.postMessage.bind(globalThis)
const listen = scope.addEventListener.bind(globalThis)
const canvases = createCanvases({ post, listen })

let logic: Logic | undefined

listen('message', (event: MessageEvent) => {
  const message: unknown = event.data
  if (typeof message === 'string') {
    logic?.receive(message)
    return
  }
  if (typeof message === 'object' && message !== null && 'boot' in message) start(message.boot as Boot)
})
listen('error', (event: ErrorEvent) => {
  logic?.fault(event.error instanceof Error ? (event.error.stack ?? event.message) : event.message)
})
listen('unhandledrejection', (event: PromiseRejectionEvent) => {
  const { reason } = event
  const words =
    reason instanceof Error
      ? (reason.stack ?? reason.message)
      : typeof reason === 'object' && reason !== null
        ? JSON.stringify(reason)
        : String(reason)
  logic?.fault(`unhandled rejection: ${words}`)
})

/** Removes the browser's globals: a phone's logic layer has no fetch, storage, Intl or document. */
function removeBrowserGlobals(): void {
  for (let at: object | null = globalThis; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) {
      if (language.has(name) || allowedGlobals.has(name)) continue
      if (!Reflect.deleteProperty(at, name)) Reflect.set(at, name, undefined)
    }
  }
}

function start(boot: Boot): void {
  if (boot.chineseOnCanvas) canvases.writeChinese()
  removeBrowserGlobals()
  const evaluate = (path: string, source: string, names: Record<string, unknown>) => {
    const run = new Function(...Object.keys(names), `${source}\n//# sourceURL=app/${path}.js`)
    run(...Object.values(names))
  }
  logic = createLogic(boot, { evaluate, port: { send: text => post(text) }, canvases })
  try {
    logic.start()
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error)
    logic.fault(`launch failed: ${words}`)
  }
}
