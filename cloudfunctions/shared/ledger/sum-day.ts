import { startOfDay } from '../beijing-time'
import type { ShareDay } from '../stores/share-days'
import { listSharesBetween } from '../stores/shares'
import { addShares, noCounts } from './share-counts'

/** Shares that are read at once: the most that the platform returns. */
const page = 1_000

/**
 * The figures of the shares made on a Beijing day. Reads `pages` pages at most; `isWhole` says whether that was all of
 * them. Undefined if the deadline (ms) came first.
 */
export async function sumDay(
  day: number,
  deadline: number,
  pages = Number.POSITIVE_INFINITY,
): Promise<(ShareDay & { isWhole: boolean }) | undefined> {
  const figures: ShareDay = { all: noCounts(), stories: {} }
  const [from, to] = [new Date(startOfDay(day)), new Date(startOfDay(day + 1))]
  let after: Parameters<typeof listSharesBetween>[2] = null
  for (let read = 0; read < pages; read++) {
    if (Date.now() >= deadline) return undefined
    const rows: Awaited<ReturnType<typeof listSharesBetween>> = await listSharesBetween(from, to, after, page)
    addShares(figures, rows)
    const last = rows.at(-1)
    if (!last || rows.length < page) return { ...figures, isWhole: true }
    after = last
  }
  return { ...figures, isWhole: false }
}
