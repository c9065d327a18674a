import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { performance } from 'node:perf_hooks'
import { CloudError } from './cloud-error'
import { type BuiltFunction, findFunction, versionOf } from './function-folder'
import { createInstanceThreads, type InstanceMessage, type Seat } from './instance-threads'
import type { InvocationRecord, LogLine, Meter } from './meter'

/** The WX context of one request. An empty one (no source) is what a run from the console may look like. */
export interface RequestContext {
  openid: string | null
  /** wx_client, wx_trigger, scf, or a chain such as `wx_client,scf`. */
  source: string | null
}

export interface Invocation {
  functionName: string
  /** JSON of an object. */
  event: string
  context: RequestContext
  requestId: string
  /** Bytes of event and reply; those of `callFunction` by default. */
  limits?: { request: number; reply: number }
}

export interface WorkerOptions {
  functionsFolder: string
  envId: string
  appId: string
  /** Where the SDK inside an instance finds the gateway; `key` tells whose request it is. */
  adminUrl: (key: string) => string
  /** More variables of the functions' environment, as set in the console. */
  variables: Record<string, string>
  /** Instances in all. A function without any may start one even so. */
  poolSize: number
  /** Instances of a function that have a thread each; further ones share. */
  ownThreads: number
  /** Calls of one function that may wait for an instance. */
  queueSize: number
  clockOffset: () => number
  meter: Meter
  onFailure?: (record: InvocationRecord, reason: string) => void
}

export interface Workers {
  /**
   * Runs a function and gives its result as JSON text.
   * @throws CloudError FUNCTION_NOT_FOUND, FUNCTIONS_EXECUTE_FAIL, FUNCTIONS_TIME_LIMIT_EXCEEDED,
   * FUNCTIONS_MEMORY_LIMIT_EXCEEDED, EXCEED_CONCURRENT_REQUEST_LIMIT, and the two size limits
   */
  invoke(invocation: Invocation): Promise<string>
  /** What the instance with this key is running now. */
  running(
    key: string,
  ): { record: InvocationRecord; context: RequestContext; built: BuiltFunction } | undefined
  /** Whether an instance has this key, busy or not. */
  knows(key: string): boolean
  /** Ends every instance at once, in the middle of what it does. Returns how many. */
  kill(): number
  counts(): { instances: number; busy: number; queued: number }
  close(): Promise<void>
}

/** What a function may be sent and may answer, bytes [云函数限制]. */
export const requestLimit = 100 * 1024
export const replyLimit = 1024 * 1024

/** Starting takes CPU from those running: on a small machine a herd of starts drove running calls past their limit. */
const startsAtOnce = 2
/** A call this long in the queue (ms) is worth another instance. Short functions never wait so long. */
const patience = 25
/**
 * From these shares of its time, the machine's, or its instances' on, a pool is busy itself and does not just wait for
 * the database. Another instance then takes CPU from those there are, as it has to be loaded, to warm up and to be
 * switched to (an opening costs 1.7 ms of CPU among three instances, twice that among fourteen): so it is started only
 * for calls that wait long, and ever more seldom while it stays so (all ms).
 */
const gatewayBusy = 0.6
const machineBusy = 0.8
const instancesBusy = 0.35
const crowdedPatience = 1000
const crowdedPause = 3000
const longestCrowdedPause = 60_000
/** Over how long (ms) these shares are measured. */
const busyWindow = 100
/** An instance that had nothing to do for this long (ms) is given back. */
const idleLimit = 5 * 60_000
/** An instance that cannot load its function in this time (ms) has failed. */
const startLimit = 20_000
/** How often (ms) a function's file is looked at for a new build. */
const lookAgain = 250
/** Console lines kept of one invocation, and characters of one line. */
const keptLines = 500
const keptText = 4096

interface Job {
  invocation: Invocation
  record: InvocationRecord
  /** Real times, ms; `ranAt` is 0 while it waits. */
  queuedAt: number
  ranAt: number
  resolve: (reply: string) => void
  reject: (error: CloudError) => void
}

interface Instance {
  key: string
  seat: Seat
  pool: Pool
  built: BuiltFunction
  ready: boolean
  retired: boolean
  job: Job | null
  timer: NodeJS.Timeout | undefined
  idleSince: number
}

interface Pool {
  built: BuiltFunction
  lookedAt: number
  idle: Instance[]
  all: Set<Instance>
  starting: number
  queue: Job[]
  growing: NodeJS.Timeout | undefined
}

/**
 * Functions in worker threads: an instance has its own environment, keeps its modules while warm, and runs one
 * request at a time. Calls queue for an instance; an instance's start never counts against a call's time limit.
 */
export function createWorkers(options: WorkerOptions): Workers {
  const pools = new Map<string, Pool>()
  const instances = new Map<string, Instance>()
  const threads = createInstanceThreads(options.envId, options.ownThreads)
  let starting = 0
  let lastStart = 0
  let crowdedStarts = 0
  let closed = false
  let gateway = {
    at: performance.now(),
    share: 0,
    utilization: performance.eventLoopUtilization(),
    known: false,
  }
  const reaper = setInterval(giveBack, 30_000)
  reaper.unref()

  function giveBack(): void {
    const now = performance.now()
    for (const pool of pools.values()) {
      for (const instance of [...pool.idle]) if (now - instance.idleSince > idleLimit) end(instance)
    }
  }

  /** Whether more instances of a function would mostly be in each other's way. */
  function isCrowded(pool: Pool): boolean {
    if (instances.size <= availableParallelism()) return false
    const now = performance.now()
    const age = now - gateway.at
    if (age >= busyWindow) {
      const utilization = performance.eventLoopUtilization()
      const { utilization: share } = performance.eventLoopUtilization(utilization, gateway.utilization)
      gateway = { at: now, share, utilization, known: age < 4 * busyWindow }
      threads.measure()
    }
    // After a pause the shares are those of the pause: they say nothing before they have been measured again.
    if (!gateway.known) return true
    return (
      gateway.share >= gatewayBusy ||
      gateway.share + threads.shares() >= machineBusy * availableParallelism() ||
      threads.shares(pool) >= instancesBusy * pool.all.size
    )
  }

  function poolOf(name: string): Pool {
    const now = performance.now()
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
      // A build in progress takes the file away for a moment: what is loaded goes on.
      if (version !== null && version !== known.built.version) {
        known.built = findFunction(options.functionsFolder, name)
        retire(known)
      }
    }
    return known
  }

  /** A new build: idle instances end now, busy ones when they have answered. */
  function retire(pool: Pool): void {
    for (const instance of [...pool.all]) retireOne(instance)
  }

  /** @param stuck whether its code may be holding its thread up */
  function end(instance: Instance, stuck = false): void {
    clearTimeout(instance.timer)
    instances.delete(instance.key)
    instance.pool.all.delete(instance)
    const at = instance.pool.idle.indexOf(instance)
    if (at >= 0) instance.pool.idle.splice(at, 1)
    instance.seat.leave(stuck)
  }

  /** It ends now if it is idle, else when it has answered. */
  function retireOne(instance: Instance): void {
    instance.retired = true
    if (instance.ready && !instance.job) end(instance)
  }

  function start(pool: Pool): void {
    const key = randomBytes(12).toString('base64url')
    const { built } = pool
    const instance: Instance = {
      key,
      seat: threads.seat(pool, built, environment(built, key), {
        heard: message => hear(instance, message),
        lost: error => lose(instance, error),
        unsettled: () => retireOne(instance),
      }),
      pool,
      built,
      ready: false,
      retired: false,
      job: null,
      timer: undefined,
      idleSince: 0,
    }
    pool.all.add(instance)
    instances.set(key, instance)
    pool.starting += 1
    starting += 1
    lastStart = performance.now()
    instance.timer = setTimeout(
      () => failStart(instance, `it was not ready after ${startLimit / 1000} s`, true),
      startLimit,
    )
  }

  function environment(built: BuiltFunction, key: string): Record<string, string> {
    return {
      ...options.variables,
      // Without it the SDK probes a metadata host on every call.
      TENCENTCLOUD_RUNENV: 'SCF',
      TENCENTCLOUD_REGION: 'ap-local',
      TENCENTCLOUD_SECRETID: 'local',
      TENCENTCLOUD_SECRETKEY: 'local',
      SCF_NAMESPACE: options.envId,
      SCF_FUNCTIONNAME: built.name,
      TCB_ENV: options.envId,
      TCB_CONTEXT_KEYS: 'TCB_ENV,TCB_SOURCE',
      TCB_CONTEXT_CNFG: JSON.stringify({ URL: options.adminUrl(key) }),
    }
  }

  function hear(instance: Instance, message: InstanceMessage): void {
    switch (message.type) {
      case 'ready': {
        clearTimeout(instance.timer)
        instance.ready = true
        started(instance.pool)
        if (instance.retired) end(instance)
        else release(instance)
        return
      }
      case 'broken': {
        failStart(instance, `${message.error.name}: ${message.error.message}`)
        return
      }
      case 'log': {
        note(instance, message.level, message.text)
        return
      }
      case 'done': {
        const limit = instance.job?.invocation.limits?.reply ?? replyLimit
        if (isLonger(message.reply, limit)) {
          finish(
            instance,
            new CloudError(
              'FUNCTIONS_RESULT_SIZE_EXCEED_LIMIT',
              `-604001 cloudfunction result size exceed limit (${limit / 1024 / 1024}MB)`,
            ),
          )
        } else finish(instance, message.reply)
        return
      }
      case 'failed': {
        const { name, message: text, stack } = message.error
        note(instance, 'error', stack || `${name}: ${text}`)
        finish(
          instance,
          new CloudError('FUNCTIONS_EXECUTE_FAIL', `-504002 functions execute fail: ${name}: ${text}`),
        )
        return
      }
    }
  }

  function note(instance: Instance, level: LogLine['level'], text: string): void {
    const lines = instance.job?.record.lines
    if (lines && lines.length < keptLines) lines.push({ level, text: text.trimEnd().slice(0, keptText) })
  }

  function started(pool: Pool): void {
    pool.starting -= 1
    starting -= 1
    // Another function may have been waiting for its turn to start.
    queueMicrotask(() => {
      for (const other of pools.values()) if (other.queue.length > 0) considerGrowing(other)
    })
  }

  /** The function itself is broken: whoever waits hears it, instead of one start after another failing. */
  function failStart(instance: Instance, reason: string, stuck = false): void {
    const { pool } = instance
    end(instance, stuck)
    started(pool)
    if (pool.all.size > 0 && pool.idle.length + busy(pool) > 0) return
    const waiting = pool.queue.splice(0)
    for (const job of waiting) {
      settle(
        job,
        new CloudError(
          'FUNCTIONS_EXECUTE_FAIL',
          `-504002 functions execute fail: ${pool.built.name}: ${reason}`,
        ),
      )
    }
  }

  /** The instance died by itself: an uncaught error, process.exit, or out of memory. */
  function lose(instance: Instance, error: Error & { code?: string }): void {
    if (!instances.has(instance.key)) return
    if (!instance.ready) {
      failStart(instance, error.message)
      return
    }
    const { job, pool } = instance
    note(instance, 'error', error.stack ?? error.message)
    end(instance)
    if (job) {
      settle(
        job,
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? new CloudError(
              'FUNCTIONS_MEMORY_LIMIT_EXCEEDED',
              `-504002 Invoking task used more than ${instance.built.config.memorySize} MB`,
            )
          : new CloudError('FUNCTIONS_EXECUTE_FAIL', `-504002 functions execute fail: ${error.message}`),
      )
    }
    serve(pool)
  }

  function settle(job: Job, result: string | CloudError): void {
    if (job.ranAt > 0) job.record.duration = performance.now() - job.ranAt
    if (typeof result === 'string') {
      options.meter.close(job.record, 'ok')
      job.resolve(result)
      return
    }
    options.meter.close(job.record, result.code)
    options.onFailure?.(job.record, result.message)
    job.reject(result)
  }

  function finish(instance: Instance, result: string | CloudError): void {
    const { job } = instance
    if (!job) return
    clearTimeout(instance.timer)
    instance.job = null
    settle(job, result)
    if (instance.retired) {
      end(instance)
      serve(instance.pool)
    } else release(instance)
  }

  function release(instance: Instance): void {
    const job = instance.pool.queue.shift()
    if (job) run(instance, job)
    else {
      instance.idleSince = performance.now()
      instance.pool.idle.push(instance)
    }
  }

  function run(instance: Instance, job: Job): void {
    const { config } = instance.built
    const { invocation, record } = job
    const { openid, source } = invocation.context
    const timeout = config.timeout * 1000
    instance.job = job
    job.ranAt = performance.now()
    record.waited = job.ranAt - job.queuedAt
    instance.timer = setTimeout(() => {
      end(instance, true)
      settle(
        job,
        new CloudError(
          'FUNCTIONS_TIME_LIMIT_EXCEEDED',
          `Invoking task timed out after ${config.timeout} seconds`,
        ),
      )
      serve(instance.pool)
    }, timeout)
    const context: Record<string, string> = {}
    if (source !== null) {
      context.TCB_SOURCE = source
      context.WX_APPID = options.appId
      if (openid !== null) context.WX_OPENID = openid
    }
    instance.seat.run({
      event: invocation.event,
      context,
      // The platform puts it into what a client sends, over whatever the client wrote there.
      userInfo:
        source === null ? null : { appId: options.appId, ...(openid === null ? {} : { openId: openid }) },
      requestId: invocation.requestId,
      timeout,
      offset: options.clockOffset(),
    })
  }

  /** Gives waiting calls to idle instances, then thinks about more instances. */
  function serve(pool: Pool): void {
    while (pool.queue.length > 0) {
      const instance = pool.idle.pop()
      if (!instance) break
      const job = pool.queue.shift()
      if (job) run(instance, job)
    }
    if (pool.queue.length > 0) considerGrowing(pool)
  }

  function considerGrowing(pool: Pool): void {
    const first = pool.queue[0]
    if (!first || closed || starting >= startsAtOnce) return
    if (pool.all.size === 0) {
      makeRoom()
      start(pool)
      return
    }
    if (pool.starting > 0) return
    const waited = performance.now() - first.queuedAt
    const crowded = isCrowded(pool)
    if (!crowded) crowdedStarts = 0
    const sinceStart = performance.now() - lastStart
    const pause = Math.min(longestCrowdedPause, crowdedPause * 2 ** crowdedStarts)
    if (crowded ? waited >= crowdedPatience && sinceStart >= pause : waited >= patience) {
      if (instances.size < options.poolSize || makeRoom()) {
        if (crowded) crowdedStarts += 1
        start(pool)
      }
      return
    }
    pool.growing ??= setTimeout(
      () => {
        pool.growing = undefined
        considerGrowing(pool)
      },
      crowded ? busyWindow : patience - waited + 1,
    )
  }

  /** Ends an idle instance of a function nobody waits for, if the pool is full. */
  function makeRoom(): boolean {
    if (instances.size < options.poolSize) return true
    for (const pool of pools.values()) {
      const idle = pool.queue.length === 0 ? pool.idle[0] : undefined
      if (idle) {
        end(idle)
        return true
      }
    }
    return false
  }

  return {
    invoke(invocation) {
      let pool: Pool
      try {
        if (closed) throw new CloudError('FUNCTIONS_REQUEST_FAIL', 'the local cloud is closing')
        if (isLonger(invocation.event, invocation.limits?.request ?? requestLimit)) {
          throw new CloudError(
            'EXCEED_MAX_PAYLOAD_SIZE',
            '-504001 function request exceeds the limit of 100 KB',
          )
        }
        pool = poolOf(invocation.functionName)
        if (pool.queue.length >= options.queueSize) {
          throw new CloudError(
            'EXCEED_CONCURRENT_REQUEST_LIMIT',
            `-501004 ${options.queueSize} calls of ${invocation.functionName} are waiting already`,
          )
        }
      } catch (error) {
        return Promise.reject(error)
      }
      return new Promise<string>((resolve, reject) => {
        const record = options.meter.open(
          invocation.requestId,
          invocation.functionName,
          invocation.context.source,
        )
        const job: Job = { invocation, record, queuedAt: performance.now(), ranAt: 0, resolve, reject }
        const idle = pool.queue.length === 0 ? pool.idle.pop() : undefined
        if (idle) run(idle, job)
        else {
          pool.queue.push(job)
          serve(pool)
        }
      })
    },
    running(key) {
      const instance = instances.get(key)
      return instance?.job
        ? { record: instance.job.record, context: instance.job.invocation.context, built: instance.built }
        : undefined
    },
    knows: key => instances.has(key),
    kill() {
      const victims = [...instances.values()].filter(instance => instance.ready)
      for (const instance of victims) {
        const { job } = instance
        end(instance, true)
        if (job) settle(job, new CloudError('FUNCTIONS_EXECUTE_FAIL', '-504002 the instance was killed'))
      }
      for (const pool of pools.values()) serve(pool)
      return victims.length
    },
    counts: () => ({
      instances: instances.size,
      busy: [...instances.values()].filter(instance => instance.job).length,
      queued: [...pools.values()].reduce((sum, pool) => sum + pool.queue.length, 0),
    }),
    async close() {
      closed = true
      clearInterval(reaper)
      const all = [...instances.values()]
      for (const pool of pools.values()) {
        clearTimeout(pool.growing)
        for (const job of pool.queue.splice(0)) {
          settle(job, new CloudError('FUNCTIONS_REQUEST_FAIL', 'the local cloud is closing'))
        }
      }
      for (const instance of all) {
        const { job } = instance
        clearTimeout(instance.timer)
        instances.delete(instance.key)
        if (job) settle(job, new CloudError('FUNCTIONS_REQUEST_FAIL', 'the local cloud is closing'))
      }
      await threads.close()
    },
  }
}

function busy(pool: Pool): number {
  let count = 0
  for (const instance of pool.all) if (instance.job) count += 1
  return count
}

/** @param limit bytes; a character takes three at most */
function isLonger(text: string, limit: number): boolean {
  return text.length * 3 > limit && Buffer.byteLength(text) > limit
}
