/** How long (ms) a poster waits for its cover. */
export const coverWithin = 8_000

/** The cover as it comes; rejects when it does not come in time: a poster without its cover is better than none. */
export function inTime<T>(cover: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, coverWithin)
    cover.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
