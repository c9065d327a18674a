import { performance } from 'node:perf_hooks'

/** Something that will happen, unless it is cancelled. */
export interface Timer {
  cancel(): void
}

/**
 * Time that passes while work is done: waiting, time limits, idleness. The cloud's own clock (clock.ts) can be moved;
 * this one cannot. A simulation passes its own.
 */
export interface RealTime {
  /** Milliseconds since some fixed moment. Never goes back. */
  now(): number
  after(ms: number, act: () => void): Timer
  /** Repeats, and does not keep the process alive. */
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
