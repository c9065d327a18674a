import crypto from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import { performance } from 'node:perf_hooks'
import timers from 'node:timers'
import type { Chance } from './chance'
import { FakeRequest, type Network } from './fake-request'
import type { Schedule, SimulatedEvent } from './schedule'

/** What a machine's code gets its time, timers and chance from. */
export interface MachineOptions {
  schedule(): Schedule
  owner(): string
  actor(): string
  chance(): Chance
  /** How far its clock is ahead of the world's (ms). */
  skew(): number
}

/** Takes the place of a timer of Node. */
class SimulatedTimer {
  #event: SimulatedEvent | undefined

  constructor(
    private readonly options: MachineOptions,
    private readonly ms: number,
    private readonly act: () => void,
    private readonly repeats: boolean,
    private readonly label: string,
  ) {
    this.arm()
  }

  private arm(): void {
    const { schedule, owner, actor } = this.options
    this.#event = schedule().post({
      kind: this.label === 'immediate' ? 'message' : this.repeats ? 'background' : 'timer',
      owner: owner(),
      actor: actor(),
      label: this.label,
      delay: this.ms,
      run: () => {
        if (this.repeats) this.arm()
        this.act()
      },
    })
  }

  cancel(): void {
    if (this.#event) this.#event.cancelled = true
  }

  refresh(): this {
    this.cancel()
    this.arm()
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return true
  }

  close(): this {
    this.cancel()
    return this
  }
}

type Act = (...parameters: unknown[]) => void

/** Node's shortest delay is 1 ms. */
const delayOf = (ms: unknown): number => Math.max(1, Math.trunc(Number(ms)) || 1)

export interface Machine {
  Date: DateConstructor
  Math: Math
  timers: {
    setTimeout(act: Act, ms?: unknown, ...parameters: unknown[]): SimulatedTimer
    setInterval(act: Act, ms?: unknown, ...parameters: unknown[]): SimulatedTimer
    setImmediate(act: Act, ...parameters: unknown[]): SimulatedTimer
    clearTimeout(timer: unknown): void
    clearInterval(timer: unknown): void
    clearImmediate(timer: unknown): void
  }
  timersPromises: object
  crypto: Record<string, (...parameters: never[]) => unknown>
  now(): number
}

/** Time, timers and chance for one owner. */
export function createMachine(options: MachineOptions): Machine {
  const { schedule, skew, chance } = options
  const now = (): number => Math.floor(schedule().now() + skew())
  const RealDate = realDate
  const Shown: DateConstructor = new Proxy(RealDate, {
    construct: (target, given, newTarget) =>
      given.length === 0
        ? new target(now())
        : Reflect.construct(target, given, newTarget === Shown ? target : newTarget),
    apply: target => new target(now()).toString(),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  })
  const ownMath = Object.create(Math, {
    ...Object.getOwnPropertyDescriptors(Math),
    random: { value: () => chance().random(), writable: true, configurable: true },
  }) as Math
  const clear = (timer: unknown): void => {
    if (timer instanceof SimulatedTimer) timer.cancel()
  }
  const own: Machine['timers'] = {
    setTimeout: (act, ms, ...parameters) =>
      new SimulatedTimer(options, delayOf(ms), () => act(...parameters), false, 'timeout'),
    setInterval: (act, ms, ...parameters) =>
      new SimulatedTimer(options, delayOf(ms), () => act(...parameters), true, 'interval'),
    setImmediate: (act, ...parameters) =>
      new SimulatedTimer(options, 0, () => act(...parameters), false, 'immediate'),
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  }
  const bytes = (size: number): Buffer => chance().fill(Buffer.alloc(size))
  const randomBytes = (size: number, done?: (error: null, bytes: Buffer) => void): Buffer | undefined => {
    if (!done) return bytes(size)
    own.setImmediate(() => done(null, bytes(size)))
    return undefined
  }
  const fill = <View extends ArrayBufferView>(view: View): View => {
    chance().fill(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
    return view
  }
  const randomUUID = (): string => {
    const drawn = bytes(16)
    drawn.writeUInt8((drawn.readUInt8(6) & 15) | 64, 6)
    drawn.writeUInt8((drawn.readUInt8(8) & 63) | 128, 8)
    return drawn.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  }
  return {
    Date: Shown,
    Math: ownMath,
    timers: own,
    timersPromises: {
      setTimeout: (ms: unknown, value: unknown) =>
        new Promise(resolve => own.setTimeout(() => resolve(value), ms)),
      setImmediate: (value: unknown) => new Promise(resolve => own.setImmediate(() => resolve(value))),
    },
    crypto: {
      randomBytes,
      randomUUID,
      pseudoRandomBytes: randomBytes,
      randomFillSync: fill,
      getRandomValues: fill,
      randomInt: (from: number, to?: number) =>
        to === undefined ? chance().int(from) : from + chance().int(to - from),
    },
    now,
  }
}

const realDate = Date

/** Modules by which code could reach another machine: looking at them is allowed, connecting is not. */
const closedModules = [
  'net',
  'tls',
  'dns',
  'dns/promises',
  'dgram',
  'http2',
  'child_process',
  'worker_threads',
]

function closed(name: string): object {
  const real = require(`node:${name}`) as object
  return new Proxy(real, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      const isCall =
        typeof value === 'function' && /^(connect|createC|lookup|resolve|spawn|exec|fork)/.test(String(key))
      if (!isCall) return value
      return () => {
        throw new Error(`${name}.${String(key)} does not exist in the simulation`)
      }
    },
  })
}

const closedOnes = Object.fromEntries(closedModules.map(name => [name, closed(name)]))

const over = (real: object, own: object): object => Object.create(real, Object.getOwnPropertyDescriptors(own))

/**
 * What a function instance sees in place of Node's globals and modules: see `createLoader` in
 * local-cloud/module-loader.cjs.
 */
export function worldOf(
  options: MachineOptions,
  network: Network,
): { process: object; names: Record<string, unknown>; modules: Record<string, unknown> } {
  const machine = createMachine(options)
  const { now, crypto: random } = machine
  const request = (url: string | URL, given: http.RequestOptions = {}, heard?: (response: unknown) => void) =>
    new FakeRequest(network, machine.timers, String(url), given, heard)
  const client = {
    request,
    get: (...parameters: Parameters<typeof request>) => request(...parameters).end(),
  }
  const hrtime = Object.assign(() => [Math.trunc(now() / 1_000), (now() % 1_000) * 1e6], {
    bigint: () => BigInt(now()) * 1_000_000n,
  })
  const clock = over(performance, { now })
  return {
    process: Object.create(process, {
      pid: { value: 1 },
      hrtime: { value: hrtime },
      uptime: { value: () => 1 },
      memoryUsage: { value: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }) },
    }),
    names: {
      Date: machine.Date,
      Math: machine.Math,
      ...machine.timers,
      performance: clock,
      crypto: over(globalThis.crypto, {
        getRandomValues: random.getRandomValues,
        randomUUID: random.randomUUID,
      }),
    },
    modules: {
      ...closedOnes,
      http: { ...http, ...client },
      https: { ...https, ...client },
      crypto: over(crypto, random),
      timers: over(timers, machine.timers),
      'timers/promises': machine.timersPromises,
      perf_hooks: { performance: clock },
    },
  }
}

/** Waits until everything that follows from the last event, but for later events, has happened. */
export const drained: () => Promise<void> = (
  immediate => () =>
    new Promise<void>(done => void immediate(done))
)(setImmediate)

/**
 * The SDK's BSON takes 17 MB for each instance when it loads. It only writes into them and copies from them at once, so
 * that all instances of this thread can have the same. New ones for each cold start took a quarter of a run's time.
 */
function shareBsonBuffer(): void {
  const size = 17 * 1024 * 1024
  const allocate = Buffer.alloc
  const shared = allocate(size)
  // No arrow function: wx-server-sdk calls it with `new`.
  Buffer.alloc = function alloc(wanted: number, ...fill: []) {
    return wanted === size ? shared : allocate(wanted, ...fill)
  }
}

/** Nanoseconds of the real machine. */
export const realNanoseconds: () => bigint = process.hrtime.bigint.bind(process.hrtime)

/**
 * Gives this process the machine's time, timers and chance, for good: the local cloud's own code, and whatever an
 * instance reaches past its own names.
 */
export function takeOver(options: MachineOptions): void {
  const machine = createMachine(options)
  const { crypto: random } = machine
  globalThis.Date = machine.Date
  realDate.prototype.constructor = machine.Date
  Math.random = machine.Math.random
  Object.assign(globalThis, machine.timers)
  Object.assign(timers, machine.timers)
  Object.assign(require('node:timers/promises'), machine.timersPromises)
  const { getRandomValues, randomUUID, ...assignable } = random
  Object.assign(crypto, assignable, { randomUUID })
  for (const [name, value] of Object.entries({ getRandomValues, randomUUID }))
    Object.defineProperty(globalThis.crypto, name, { value, configurable: true })
  Object.defineProperty(performance, 'now', { value: machine.now, configurable: true })
  shareBsonBuffer()
}
