import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from './app-error'
import { isTransient } from './failures'

interface RetryOptions {
  /** Highest number of runs, including the first. */
  attempts: number
  /** Milliseconds after which no further run starts, because the function's own time is limited. */
  budget: number
  /** Called before each further run. */
  onRetry: (attempt: number) => void
}

const firstPause = 8
const longestPause = 400

/**
 * Repeats something while its failure is temporary, with full jitter, so that calls that collided do not collide again.
 * Errors of our own code are never retried. When attempts or time are used up, it throws `unavailable`.
 */
export async function withRetry<T>(run: () => Promise<T>, options: RetryOptions): Promise<T> {
  const deadline = Date.now() + options.budget
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (error instanceof AppError || !isTransient(error)) throw error
      if (attempt >= options.attempts || Date.now() >= deadline) {
        throw new AppError('unavailable', 'busy, try again', 2)
      }
      const ceiling = Math.min(longestPause, firstPause * 2 ** attempt)
      await wait(Math.random() * ceiling)
      options.onRetry(attempt)
    }
  }
}

/** Repeats a read whose reply was lost: a committed vote must not look refused because reading it back failed. */
export function readAgain<T>(read: () => Promise<T>): Promise<T> {
  return withRetry(read, { attempts: 4, budget: 2_500, onRetry: () => undefined })
}
