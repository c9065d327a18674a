import type { Boot, Device, Json, LogicRecord } from '../../protocol'
import type { Pages } from '../pages'

/** What the groups of `wx.*` stand on. */
export interface Ground {
  boot: Boot
  /** The phone as it is now: themes, fonts and networks change under a running app. */
  device: () => Device
  record: LogicRecord
  pages: Pages
  /** Asks the view and waits for its answer. */
  ask: (name: string, args: Json) => Promise<Json>
  /** Tells the view. */
  tell: (name: string, args: Json) => void
  /** Goes over the network: the host's only way out. Rejects with the platform's message. */
  fetch: (name: string, args: Json) => { reply: Promise<Json>; abort: () => void }
  saveStorage: (entries: Record<string, string>) => void
  timers: { setTimeout: (run: () => void, ms: number) => unknown }
  canvases: Canvases
}

/** Where canvases come from: the browser host has real ones, the Node host none. */
export interface Canvases {
  find: (page: number, selector: string) => Promise<unknown>
  offscreen: (width: number, height: number) => unknown
  /** Writes a canvas into a file of the phone and gives its path. */
  toFile: (canvas: unknown, options: Record<string, unknown>) => Promise<string>
}

export interface Callbacks {
  success?: (result: Record<string, unknown>) => void
  fail?: (error: Record<string, unknown>) => void
  complete?: (result: Record<string, unknown>) => void
}

export type Options = Callbacks & Record<string, unknown>

export type Wx = Record<string, unknown>

/** A failure with WeChat's words: `message` follows `name:fail `. */
export class ApiFailure extends Error {
  readonly code: number | undefined

  constructor(message: string, code?: number) {
    super(message)
    this.code = code
  }
}

const withCallbacks = new WeakSet<object>()

/** Notes that an API reports failure through `fail` or its promise. */
export function reportsFailure<F extends object>(api: F): F {
  withCallbacks.add(api)
  return api
}

/** Whether an API reports failure through `fail` or its promise; any other one can only throw. */
export function canReportFailure(api: unknown): boolean {
  return typeof api === 'function' && withCallbacks.has(api)
}

type Answer = Record<string, unknown> | undefined

/**
 * An asynchronous API as WeChat shapes it: callbacks if any is given, a promise if none; always later, never in the
 * call itself; failures are objects with `errMsg`, not Errors.
 */
export function asynchronous(name: string, run: (options: Options) => Answer | Promise<Answer>) {
  return reportsFailure((options: Options = {}): Promise<Record<string, unknown>> | undefined => {
    const answer = Promise.resolve()
      .then(() => run(options))
      .then(
        (result: Answer): Record<string, unknown> => ({ errMsg: `${name}:ok`, ...result }),
        error => {
          const failure = { errMsg: `${name}:fail ${messageOf(error)}` }
          throw error instanceof ApiFailure && error.code !== undefined
            ? { ...failure, errCode: error.code }
            : failure
        },
      )
    if (!options.success && !options.fail && !options.complete) return answer
    answer.then(
      result => {
        options.success?.(result)
        options.complete?.(result)
      },
      error => {
        options.fail?.(error)
        options.complete?.(error)
      },
    )
    return undefined
  })
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What can be kept of a value for the record: functions and host objects fall away. */
export function asJson(value: unknown): Json {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null')
  } catch {
    return '[not JSON]'
  }
}

/** `options[key]` if it is text. */
export function textOf(options: Options, key: string): string | undefined {
  const value = options[key]
  return typeof value === 'string' ? value : undefined
}

/** `options[key]` if it is a number. */
export function numberOf(options: Options, key: string): number | undefined {
  const value = options[key]
  return typeof value === 'number' ? value : undefined
}

/** Does nothing and succeeds. */
export function succeeds(names: readonly string[]): Wx {
  return Object.fromEntries(names.map(name => [name, asynchronous(name, () => undefined)]))
}
