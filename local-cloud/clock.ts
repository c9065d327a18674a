/**
 * The cloud's clock, which tests can move. Server dates, transaction life, timers and log times use it, and each
 * invocation gets its offset, so that `Date` inside functions agrees. Timeouts and latencies use real time
 * (real-time.ts).
 */
export interface Clock {
  /** Cloud time in milliseconds since 1970. */
  now(): number
  /** How far the cloud is ahead of this machine, in ms. */
  offset(): number
  /** Moves the cloud's time by ms (negative: back) and notifies those who wait for a time. Returns the new time. */
  move(ms: number): number
  onMove(listener: () => void): void
}

export function createClock(realNow: () => number = Date.now): Clock {
  let offset = 0
  const listeners: (() => void)[] = []
  const now = () => realNow() + offset
  return {
    now,
    offset: () => offset,
    move(ms) {
      offset += ms
      for (const listener of listeners) listener()
      return now()
    },
    onMove: listener => void listeners.push(listener),
  }
}
