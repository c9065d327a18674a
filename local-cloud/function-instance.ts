import { randomBytes } from 'node:crypto'
import { CloudError } from './cloud-error'
import type { Call } from './function-call'
import { callerOf, type EnvironmentOptions, instanceEnvironment } from './function-environment'
import type { BuiltFunction } from './function-folder'
import type { InstanceMessage, InstanceThreads, Seat } from './instance-threads'
import type { RealTime, Timer } from './real-time'

/** A start that takes longer than this (ms) has failed. */
const startLimit = 20_000

export interface InstanceOptions {
  appId: string
  environment: EnvironmentOptions
  threads: InstanceThreads
  time: RealTime
  /** How far the cloud's clock is ahead of the machine's, in ms. */
  clockOffset: () => number
}

/** Events that an instance reports to its pool. */
export interface InstanceOwner {
  /** The start has succeeded or failed. */
  started(): void
  /** The instance could not load its function and has ended. */
  broken(reason: string): void
  /** The instance can take a call. */
  free(instance: Instance): void
  /** The instance has ended and its place is free. */
  ended(instance: Instance): void
  /** The instance ended instead of taking the next call. */
  missing(): void
}

const executeFail = (reason: string): CloudError =>
  new CloudError('FUNCTIONS_EXECUTE_FAIL', `-504002 functions execute fail: ${reason}`)

/**
 * One instance of a function: loads it, runs one call at a time, ends. The start never counts against a call's time
 * limit. After `retire` (a newer build exists) the instance ends as soon as it has answered.
 */
export class Instance {
  /** Identifies the instance in its requests to the cloud. */
  readonly key = randomBytes(12).toString('base64url')
  idleSince = 0
  #call: Call | null = null
  #ready = false
  #retired = false
  #ended = false
  #timer: Timer | undefined
  readonly #seat: Seat
  readonly #options: InstanceOptions
  readonly #owner: InstanceOwner

  /** @param pool the function's pool; the thread counts its busy time for it */
  constructor(
    readonly built: BuiltFunction,
    pool: object,
    options: InstanceOptions,
    owner: InstanceOwner,
  ) {
    this.#options = options
    this.#owner = owner
    const { threads, time, environment } = options
    this.#seat = threads.seat(pool, built, instanceEnvironment(environment, built.name, this.key), {
      heard: message => this.#hear(message),
      lost: error => this.#lose(error),
      unsettled: () => this.retire(),
    })
    this.#timer = time.after(startLimit, () =>
      this.#failStart(`it was not ready after ${startLimit / 1000} s`, true),
    )
  }

  /** The call it is running. */
  get call(): Call | null {
    return this.#call
  }

  /** Whether it has loaded its function. */
  get ready(): boolean {
    return this.#ready
  }

  run(call: Call): void {
    const { appId, clockOffset, time } = this.#options
    const { event, context, requestId } = call.invocation
    const { timeout: seconds } = this.built.config
    this.#call = call
    call.begin()
    this.#timer = time.after(seconds * 1000, () => {
      this.end(true)
      call.fail(
        new CloudError('FUNCTIONS_TIME_LIMIT_EXCEEDED', `Invoking task timed out after ${seconds} seconds`),
      )
      this.#owner.missing()
    })
    this.#seat.run({
      event,
      ...callerOf(context, appId),
      requestId,
      timeout: seconds * 1000,
      offset: clockOffset(),
    })
  }

  /** Ends an idle instance now, a busy one after its answer. */
  retire(): void {
    this.#retired = true
    if (this.#ready && !this.#call) this.end()
  }

  /**
   * Ends it at once. If it is running a call, the caller of this method must settle that call.
   * @param stuck whether its code may be blocking its thread
   */
  end(stuck = false): void {
    this.#ended = true
    this.#timer?.cancel()
    this.#owner.ended(this)
    this.#seat.leave(stuck)
  }

  /** Ends it in the middle of a call, and fails that call. */
  kill(error: CloudError): void {
    const call = this.#call
    this.end(true)
    call?.fail(error)
  }

  /** Fails its call. Whoever closes all threads ends its thread. */
  abandon(error: CloudError): void {
    this.#ended = true
    this.#timer?.cancel()
    this.#call?.fail(error)
    this.#call = null
  }

  #hear(message: InstanceMessage): void {
    switch (message.type) {
      case 'ready':
        this.#timer?.cancel()
        this.#ready = true
        this.#owner.started()
        if (this.#retired) this.end()
        else this.#owner.free(this)
        return
      case 'broken':
        this.#failStart(`${message.error.name}: ${message.error.message}`, false)
        return
      case 'log':
        this.#call?.note(message.level, message.text)
        return
      case 'done':
        this.#finish(call => call.answer(message.reply))
        return
      case 'failed': {
        const { name, message: text, stack } = message.error
        this.#finish(call => {
          call.note('error', stack || `${name}: ${text}`)
          call.fail(executeFail(`${name}: ${text}`))
        })
        return
      }
    }
  }

  #finish(settle: (call: Call) => void): void {
    const call = this.#call
    if (!call) return
    this.#timer?.cancel()
    this.#call = null
    settle(call)
    if (this.#retired) {
      this.end()
      this.#owner.missing()
    } else this.#owner.free(this)
  }

  #failStart(reason: string, stuck: boolean): void {
    this.end(stuck)
    this.#owner.started()
    this.#owner.broken(reason)
  }

  /** It ended unexpectedly: an uncaught error, process.exit, or out of memory. */
  #lose(error: Error & { code?: string }): void {
    if (this.#ended) return
    if (!this.#ready) {
      this.#failStart(error.message, false)
      return
    }
    const call = this.#call
    this.end()
    if (call) {
      call.note('error', error.stack ?? error.message)
      call.fail(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? new CloudError(
              'FUNCTIONS_MEMORY_LIMIT_EXCEEDED',
              `-504002 Invoking task used more than ${this.built.config.memorySize} MB`,
            )
          : executeFail(error.message),
      )
    }
    this.#owner.missing()
  }
}

/** The error of a call whose function cannot be loaded. */
export const cannotStart = (functionName: string, reason: string): CloudError =>
  executeFail(`${functionName}: ${reason}`)
