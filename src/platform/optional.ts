/**
 * A phone may lack an API or refuse a call: an older WeChat, single-page mode, or a missing declaration in the privacy
 * guide. Use these two functions for everything the reader can do without.
 */

/** Returns the result, or undefined if the call throws or its promise rejects. */
export async function ask<T>(work: () => T | PromiseLike<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch {
    return undefined
  }
}

/** Fire and forget: ignores an exception as well as a rejected promise. */
export function attempt(work: () => unknown): void {
  void ask(work)
}
