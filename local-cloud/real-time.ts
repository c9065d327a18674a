import { performance } from 'node:perf_hooks'

/** A scheduled action that can be cancelled. */
export interface Timer {
  cancel(): void
}

/**
 * Real elapsed time, for waiting, time limits and idleness. Tests can move the cloud's clock (clock.ts) but not this
 * one. A simulation passes its own.
 */
export interface RealTime {
  /** Milliseconds since a fixed moment. Never decreases. */
  now(): number
  after(ms: number, act: () => void): Timer
  /** Repeats. Does not keep the process alive. */
  every(ms: number, act: () => void): Timer
}

export const realTime: RealTime = {
  now: () => performance.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms)
    return { cancel: () => clearTimeout(timer) }
  },
  every(ms, act) {
    const timer = setInterval(act, ms).unref()
    return { cancel: () => clearInterval(timer) }
  },
}
