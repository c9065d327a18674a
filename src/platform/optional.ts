/**
 * A phone may lack an API, or refuse it: an older WeChat, single-page mode, a missing declaration in the privacy guide.
 * What a reader can do without is called through these two.
 */

/** The result, or undefined if the call throws or its promise rejects. */
export async function ask<T>(work: () => T | PromiseLike<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch {
    return undefined
  }
}

/** Calls something whose failure changes nothing: it is ignored, now and later. */
export function attempt(work: () => unknown): void {
  void ask(work)
}
