/**
 * The number of the next wish for a story: the phone's clock, but always above the last one, so that a clock set back
 * does not make the cloud ignore the reader.
 */
export function nextWish(last: number, now: number): number {
  return Math.max(last + 1, Math.floor(now))
}
