import type { Boot, Device, Json, LogicRecord } from '../../protocol'
import type { Pages } from '../pages'

/** What the groups of `wx.*` need from the host. */
export interface Ground {
  boot: Boot
  /** The current state of the device: theme, font and network change while the app runs. */
  device: () => Device
  record: LogicRecord
  pages: Pages
  /** Asks the view and resolves with its answer. */
  ask: (name: string, args: Json) => Promise<Json>
  /** Sends the view a command without an answer. */
  tell: (name: string, args: Json) => void
  /** Makes a network call: the only way out of the logic half. Rejects with the platform's message. */
  fetch: (name: string, args: Json) => { reply: Promise<Json>; abort: () => void }
  saveStorage: (entries: Record<string, string>) => void
  timers: { setTimeout: (run: () => void, ms: number) => unknown }
  canvases: Canvases
}

/** Source of canvases: real ones in the browser host, none in the Node host. */
export interface Canvases {
  find: (page: number, selector: string) => Promise<unknown>
  offscreen: (width: number, height: number) => unknown
  /** Writes a canvas to a file on the phone and resolves with its path. */
  toFile: (canvas: unknown, options: Record<string, unknown>) => Promise<string>
}

export interface Callbacks {
  success?: (result: Record<string, unknown>) => void
  fail?: (error: Record<string, unknown>) => void
  complete?: (result: Record<string, unknown>) => void
}

export type Options = Callbacks & Record<string, unknown>

export type Wx = Record<string, unknown>

/** A failure with WeChat's message: the text after `name:fail `. */
export class ApiFailure extends Error {
  readonly code: number | undefined

  constructor(message: string, code?: number) {
    super(message)
    this.code = code
  }
}

const withCallbacks = new WeakSet<object>()

/** Marks an API that reports failure through `fail` or its promise. */
export function reportsFailure<F extends object>(api: F): F {
  withCallbacks.add(api)
  return api
}

/** Whether an API reports failure through `fail` or its promise. Any other API can only throw. */
export function canReportFailure(api: unknown): boolean {
  return typeof api === 'function' && withCallbacks.has(api)
}

type Answer = Record<string, unknown> | undefined

/**
 * Makes an asynchronous API of WeChat's shape. It calls callbacks if any is given and otherwise returns a promise; it never
 * completes during the call. Failures are objects with `errMsg`, not Errors.
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

/** A value as JSON for the record, without functions and host objects. */
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

/** APIs that do nothing and succeed. */
export function succeeds(names: readonly string[]): Wx {
  return Object.fromEntries(names.map(name => [name, asynchronous(name, () => undefined)]))
}
