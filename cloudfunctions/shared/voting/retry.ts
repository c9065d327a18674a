import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../app-error'
import { isTransient } from '../failures'

interface RetryOptions {
  /** Runs at most, the first included. */
  attempts: number
  /** Milliseconds after which no further run is begun: the function's own time is bounded. */
  budget: number
  /** Called before each further run. */
  onRetry: (attempt: number) => void
}

const firstPause = 8
const longestPause = 400

/**
 * Runs something again while its failure is of the passing kind, with full jitter, so that the losers of one conflict
 * do not meet again. What our own code threw is never retried. When attempts or time are used up: `unavailable`.
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

/** Reads again after a lost reply: a vote that was granted must not look refused because reading it back failed. */
export function readAgain<T>(read: () => Promise<T>): Promise<T> {
  return withRetry(read, { attempts: 4, budget: 2_500, onRetry: () => undefined })
}
