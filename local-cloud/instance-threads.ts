import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type EventLoopUtilization, performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import type { BuiltFunction } from './function-folder'
import { busyWindow, type Load } from './growth'
import type { LogLine } from './meter'
import type { RealTime } from './real-time'

interface DescribedError {
  name: string
  message: string
  stack: string
}

/** What an instance reports. */
export type InstanceMessage =
  | { type: 'ready' }
  | { type: 'broken'; error: DescribedError }
  | { type: 'log'; level: LogLine['level']; text: string }
  | { type: 'done'; reply: string }
  | { type: 'failed'; error: DescribedError }

/** What happens to an instance in its thread. Told later, never while `seat` or `run` is still running. */
export interface InstanceEvents {
  heard(message: InstanceMessage): void
  /** Its thread has ended, and the instance with it. */
  lost(error: Error & { code?: string }): void
  /** Another instance blocks the thread: this one should end as soon as it has answered. */
  unsettled(): void
}

/** An instance's place in a thread. */
export interface Seat {
  run(job: object): void
  /**
   * Ends the instance, and its thread when it was the last one there. Later messages of its code are ignored.
   * @param stuck whether its code may block the thread (an endless loop)
   */
  leave(stuck: boolean): void
}

/** Where instances run. A simulation passes its own, which run everything in one thread. */
export interface InstanceThreads {
  /** How many threads can run at the same time. */
  readonly processors: number
  /** Starts an instance; `ready` or `broken` says how that went. The thread's busy time counts for `pool`. */
  seat(pool: object, built: BuiltFunction, variables: Record<string, string>, events: InstanceEvents): Seat
  /** How busy the threads have been lately, or null where that was not measured. */
  load(pool: object): Load | null
  close(): Promise<void>
}

/** How many threads the further instances of a function share. */
const sharedThreads = availableParallelism()
/** For how many instances a shared thread has memory. */
const sharedRoom = 16

/**
 * The cloud's Node is 18 or 20. What only a newer one reports as deprecated is not in a function's log there, so here
 * it is left out too.
 */
const deprecations = Number(process.versions.node.split('.')[0]) > 20 ? ['--no-deprecation'] : []

interface Thread {
  worker: Worker
  pool: object
  version: string
  shared: boolean
  /** Whether more instances may come. */
  open: boolean
  seats: Map<number, InstanceEvents>
  utilization: EventLoopUtilization
  share: number
}

/**
 * A function's first `ownThreads` instances have a thread each. Further instances share a few threads: they exist
 * because calls wait for the database, not for the CPU. Many threads cost more CPU than they use well, because each
 * compiles the same code and they evict each other from the processor's caches (a vote took twice the CPU among 25
 * threads as among five). Each instance has its own modules, variables and state. A crash or an endless loop affects
 * all instances of its thread.
 */
export function createInstanceThreads(
  envId: string,
  ownThreads: number,
  time: RealTime,
  byteCodeFolder?: string,
): InstanceThreads {
  const threads = new Set<Thread>()
  let lastSlot = 0
  let gateway = { at: time.now(), share: 0, utilization: performance.eventLoopUtilization(), known: false }

  function start(pool: object, built: BuiltFunction, shared: boolean): Thread {
    const { memorySize } = built.config
    const worker = new Worker(join(__dirname, 'instance.cjs'), {
      workerData: {
        ...{ folder: built.folder, functionName: built.name, memory: memorySize, envId },
        byteCode: byteCodeFolder,
      },
      env: { PATH: process.env.PATH ?? '', HOME: '/tmp', TZ: 'UTC' },
      execArgv: deprecations,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: memorySize * (shared ? sharedRoom : 1) },
    })
    const thread: Thread = {
      worker,
      pool,
      version: built.version,
      shared,
      open: true,
      seats: new Map(),
      utilization: worker.performance.eventLoopUtilization(),
      share: 0,
    }
    threads.add(thread)
    worker.on('message', ({ slot, ...message }: InstanceMessage & { slot: number }) =>
      thread.seats.get(slot)?.heard(message as InstanceMessage),
    )
    worker.on('error', error => lose(thread, error))
    worker.on('exit', code => lose(thread, new Error(`the instance exited with code ${code}`)))
    // Output that bypasses `console` does not tell which instance wrote it.
    const note = (level: LogLine['level'], text: string): void => {
      for (const events of thread.seats.values()) events.heard({ type: 'log', level, text })
    }
    worker.stdout.on('data', chunk => note('log', String(chunk)))
    worker.stderr.on('data', chunk => note('error', String(chunk)))
    return thread
  }

  function lose(thread: Thread, error: Error): void {
    if (!threads.delete(thread)) return
    const all = [...thread.seats.values()]
    thread.seats.clear()
    for (const events of all) events.lost(error)
  }

  function stop(thread: Thread): Promise<number> {
    threads.delete(thread)
    thread.worker.removeAllListeners()
    // Errors may still arrive while the thread ends. They are ignored.
    thread.worker.on('error', () => {})
    return thread.worker.terminate()
  }

  function threadFor(pool: object, built: BuiltFunction): Thread {
    const own = [...threads].filter(thread => thread.pool === pool && thread.version === built.version)
    const shared = own.filter(thread => thread.shared && thread.open)
    if (own.length - shared.length < ownThreads) return start(pool, built, false)
    if (shared.length < sharedThreads) return start(pool, built, true)
    return shared.reduce((least, thread) => (thread.seats.size < least.seats.size ? thread : least))
  }

  function measure(now: number): void {
    const utilization = performance.eventLoopUtilization()
    const { utilization: share } = performance.eventLoopUtilization(utilization, gateway.utilization)
    // An average over a long pause does not describe the present load.
    gateway = { at: now, share, utilization, known: now - gateway.at < 4 * busyWindow }
    for (const thread of threads) {
      const before = thread.utilization
      const { performance: own } = thread.worker
      thread.utilization = own.eventLoopUtilization()
      thread.share = own.eventLoopUtilization(thread.utilization, before).utilization
    }
  }

  function sharesOf(some: Iterable<Thread>): number {
    let sum = 0
    for (const { share } of some) sum += share
    return sum
  }

  return {
    processors: availableParallelism(),
    seat(pool, built, variables, events) {
      const thread = threadFor(pool, built)
      lastSlot += 1
      const slot = lastSlot
      thread.seats.set(slot, events)
      thread.worker.postMessage({ type: 'load', slot, variables })
      return {
        run: job => thread.worker.postMessage({ ...job, type: 'run', slot }),
        leave(stuck) {
          if (!thread.seats.delete(slot)) return
          if (thread.seats.size === 0) {
            void stop(thread)
            return
          }
          thread.worker.postMessage({ type: 'drop', slot })
          if (!stuck || !thread.open) return
          thread.open = false
          for (const other of [...thread.seats.values()]) other.unsettled()
        },
      }
    },
    load(pool) {
      const now = time.now()
      if (now - gateway.at >= busyWindow) measure(now)
      if (!gateway.known) return null
      return {
        gateway: gateway.share,
        threads: sharesOf(threads),
        pool: sharesOf([...threads].filter(thread => thread.pool === pool)),
      }
    },
    async close() {
      await Promise.all([...threads].map(stop))
    },
  }
}
