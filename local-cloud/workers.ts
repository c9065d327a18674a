import { CloudError } from './cloud-error'
import { Call, checkEvent, type Invocation, type RequestContext } from './function-call'
import { type BuiltFunction, findFunction, versionOf } from './function-folder'
import { cannotStart, Instance, type InstanceOptions, type InstanceOwner } from './function-instance'
import { decideGrowth } from './growth'
import { createInstanceThreads, type InstanceThreads } from './instance-threads'
import type { InvocationRecord, Meter } from './meter'
import { type RealTime, realTime, type Timer } from './real-time'

export interface WorkerOptions {
  functionsFolder: string
  envId: string
  appId: string
  /** The gateway's address for the SDK in an instance. It contains `key`, which identifies the instance. */
  adminUrl: (key: string) => string
  /** Additional environment variables of the functions, as set in the console. */
  variables: Record<string, string>
  /** Maximum number of instances of all functions. A function without any instance gets one even above it. */
  poolSize: number
  /** How many instances of a function have a thread of their own. Further instances share threads. */
  ownThreads: number
  /** Maximum number of calls of one function that wait for an instance. Further calls fail. */
  queueSize: number
  /** A folder in which the functions' byte code is kept between starts. */
  byteCodeFolder?: string | undefined
  /** How far the cloud's clock is ahead of the machine's clock (ms). Tests move it. */
  clockOffset: () => number
  meter: Meter
  onFailure?: (record: InvocationRecord, reason: string) => void
  /** Default: worker threads and the machine's time. A simulation passes its own `threads` and `time`. */
  threads?: InstanceThreads
  time?: RealTime
}

export interface Workers {
  /**
   * Runs a function and returns its result as JSON text.
   * @throws CloudError FUNCTION_NOT_FOUND, FUNCTIONS_EXECUTE_FAIL, FUNCTIONS_TIME_LIMIT_EXCEEDED,
   * FUNCTIONS_MEMORY_LIMIT_EXCEEDED, EXCEED_CONCURRENT_REQUEST_LIMIT, or the code of a size limit (event, result)
   */
  invoke(invocation: Invocation): Promise<string>
  /** The invocation that the instance with this key is running now. */
  running(
    key: string,
  ): { record: InvocationRecord; context: RequestContext; built: BuiltFunction } | undefined
  /** Whether a live instance has this key. */
  knows(key: string): boolean
  /** Ends every started instance immediately, even during a call. Returns their number. */
  kill(): number
  counts(): { instances: number; busy: number; queued: number }
  close(): Promise<void>
}

/** An instance ends after it has been idle for this long (ms). */
const idleLimit = 5 * 60_000
/** How often (ms) idle instances are checked. */
const lookForIdle = 30_000
/** How often (ms) a function's file is checked for a new build. */
const lookAgain = 250

const closing = (): CloudError => new CloudError('FUNCTIONS_REQUEST_FAIL', 'the local cloud is closing')

/** The instances of one function, and the calls in its queue. */
interface Pool {
  built: BuiltFunction
  lookedAt: number
  idle: Instance[]
  all: Set<Instance>
  starting: number
  queue: Call[]
  growing: Timer | undefined
}

/**
 * Runs functions in worker threads. An instance has its own environment, keeps its modules loaded while warm, and runs
 * one call at a time. Calls wait in a queue for an instance; `growth.ts` decides when to start another one.
 */
export function createWorkers(options: WorkerOptions): Workers {
  const time = options.time ?? realTime
  const threads =
    options.threads ?? createInstanceThreads(options.envId, options.ownThreads, time, options.byteCodeFolder)
  const callOptions = { meter: options.meter, time, onFailure: options.onFailure }
  const { appId, clockOffset, envId, adminUrl, variables } = options
  const instanceOptions: InstanceOptions = {
    appId,
    clockOffset,
    environment: { envId, adminUrl, variables },
    threads,
    time,
  }
  const pools = new Map<string, Pool>()
  const instances = new Map<string, Instance>()
  let starting = 0
  let lastStart = 0
  let crowdedStarts = 0
  let closed = false
  const reaper = time.every(lookForIdle, endIdle)

  function endIdle(): void {
    const now = time.now()
    for (const pool of pools.values()) {
      for (const instance of [...pool.idle]) if (now - instance.idleSince > idleLimit) instance.end()
    }
  }

  function poolOf(name: string): Pool {
    const now = time.now()
    const known = pools.get(name)
    if (!known) {
      const built = findFunction(options.functionsFolder, name)
      const pool: Pool = {
        built,
        lookedAt: now,
        idle: [],
        all: new Set(),
        starting: 0,
        queue: [],
        growing: undefined,
      }
      pools.set(name, pool)
      return pool
    }
    if (now - known.lookedAt > lookAgain) {
      known.lookedAt = now
      const version = versionOf(known.built)
      // A build deletes the file before it writes the new one. Meanwhile `version` is null: keep the old build.
      if (version !== null && version !== known.built.version) {
        known.built = findFunction(options.functionsFolder, name)
        for (const instance of [...known.all]) instance.retire()
      }
    }
    return known
  }

  function start(pool: Pool): void {
    const instance = new Instance(pool.built, pool, instanceOptions, ownerOf(pool))
    pool.all.add(instance)
    instances.set(instance.key, instance)
    pool.starting += 1
    starting += 1
    lastStart = time.now()
  }

  const ownerOf = (pool: Pool): InstanceOwner => ({
    started() {
      pool.starting -= 1
      starting -= 1
      // The number of simultaneous starts is limited, so another function may have waited for this one.
      queueMicrotask(() => {
        for (const other of pools.values()) considerGrowing(other)
      })
    },
    broken(reason) {
      if (pool.idle.length > 0 || busyIn(pool.all) > 0) return
      // No instance works, so the function itself is broken. Fail all waiting calls: further starts would fail too.
      for (const call of pool.queue.splice(0)) call.fail(cannotStart(pool.built.name, reason))
    },
    free(instance) {
      const call = pool.queue.shift()
      if (call) instance.run(call)
      else {
        instance.idleSince = time.now()
        pool.idle.push(instance)
      }
    },
    ended(instance) {
      instances.delete(instance.key)
      pool.all.delete(instance)
      const at = pool.idle.indexOf(instance)
      if (at >= 0) pool.idle.splice(at, 1)
    },
    missing: () => serve(pool),
  })

  /** Assigns waiting calls to idle instances, then decides whether to start another instance. */
  function serve(pool: Pool): void {
    while (pool.queue.length > 0) {
      const instance = pool.idle.pop()
      if (!instance) break
      const call = pool.queue.shift()
      if (call) instance.run(call)
    }
    considerGrowing(pool)
  }

  function considerGrowing(pool: Pool): void {
    if (closed || pool.queue.length === 0) return
    const growth = decideGrowth(
      {
        waited: pool.queue[0]?.waited ?? null,
        pool: { size: pool.all.size, starting: pool.starting },
        all: { size: instances.size, starting },
        room: instances.size < options.poolSize || sparePool() !== undefined,
        processors: threads.processors,
        sinceStart: time.now() - lastStart,
        crowdedStarts,
      },
      () => threads.load(pool),
    )
    crowdedStarts = growth.crowdedStarts
    if (growth.action === 'start') {
      if (instances.size >= options.poolSize) sparePool()?.idle[0]?.end()
      start(pool)
    } else if (growth.action === 'wait') {
      pool.growing ??= time.after(growth.ms, () => {
        pool.growing = undefined
        considerGrowing(pool)
      })
    }
  }

  /** Finds a pool that can give up an instance: it has an idle one and no waiting calls. */
  function sparePool(): Pool | undefined {
    for (const pool of pools.values()) if (pool.queue.length === 0 && pool.idle.length > 0) return pool
    return undefined
  }

  return {
    async invoke(invocation) {
      if (closed) throw closing()
      checkEvent(invocation)
      const pool = poolOf(invocation.functionName)
      if (pool.queue.length >= options.queueSize) {
        throw new CloudError(
          'EXCEED_CONCURRENT_REQUEST_LIMIT',
          `-501004 ${options.queueSize} calls of ${invocation.functionName} are waiting already`,
        )
      }
      const call = new Call(invocation, callOptions)
      const idle = pool.queue.length === 0 ? pool.idle.pop() : undefined
      if (idle) idle.run(call)
      else {
        pool.queue.push(call)
        serve(pool)
      }
      return call.reply
    },
    running(key) {
      const instance = instances.get(key)
      if (!instance?.call) return undefined
      const { record, invocation } = instance.call
      return { record, context: invocation.context, built: instance.built }
    },
    knows: key => instances.has(key),
    kill() {
      const victims = [...instances.values()].filter(instance => instance.ready)
      for (const instance of victims) {
        instance.kill(new CloudError('FUNCTIONS_EXECUTE_FAIL', '-504002 the instance was killed'))
      }
      for (const pool of pools.values()) serve(pool)
      return victims.length
    },
    counts: () => ({
      instances: instances.size,
      busy: busyIn(instances.values()),
      queued: [...pools.values()].reduce((sum, pool) => sum + pool.queue.length, 0),
    }),
    async close() {
      closed = true
      reaper.cancel()
      for (const pool of pools.values()) {
        pool.growing?.cancel()
        for (const call of pool.queue.splice(0)) call.fail(closing())
      }
      const all = [...instances.values()]
      instances.clear()
      for (const instance of all) instance.abandon(closing())
      await threads.close()
    },
  }
}

function busyIn(instances: Iterable<Instance>): number {
  let count = 0
  for (const instance of instances) if (instance.call) count += 1
  return count
}
