import { dayOf, startOfDay } from '../shared/beijing-time'
import { addShares, noCounts } from '../shared/ledger/share-counts'
import { removeQuotasBefore } from '../shared/stores/quotas'
import { writeClockState } from '../shared/stores/rankings'
import { hasShareDay, putShareDay, type ShareDay } from '../shared/stores/share-days'
import { findOldestBefore, listSharesBetween, removeSharesBefore } from '../shared/stores/shares'
import type { Tick } from './tick'

/** Days for which each share is kept, with its chain. */
export const sharesKept = 90

/** Shares that are read at once: the most that the platform returns. */
const page = 1_000

/** The figures of one day; undefined if the deadline came first. */
async function sumDay(day: number, deadline: number): Promise<ShareDay | undefined> {
  const figures: ShareDay = { all: noCounts(), stories: {} }
  const [from, to] = [new Date(startOfDay(day)), new Date(startOfDay(day + 1))]
  for (let after = ''; ; ) {
    if (Date.now() >= deadline) return undefined
    const rows = await listSharesBetween(from, to, after, page)
    addShares(figures, rows)
    const last = rows.at(-1)
    if (!last || rows.length < page) return figures
    after = last._id
  }
}

/**
 * Once a day: sums shares older than {@link sharesKept} days into daily figures and removes them. The figures are written
 * before the shares are removed, and never twice, so a tick that is killed in between changes no count. Makes no request
 * on any other tick.
 */
export async function sumShares({ now, agenda: { state }, lease }: Tick, deadline: number): Promise<void> {
  const today = dayOf(now)
  if (state.summedOn >= today || !(await lease.take())) return
  await removeQuotasBefore(today)
  const kept = new Date(startOfDay(today - sharesKept))
  for (;;) {
    const oldest = await findOldestBefore(kept)
    if (oldest === null) break
    const day = dayOf(oldest)
    if (!(await hasShareDay(day))) {
      const figures = await sumDay(day, deadline)
      if (!figures) return
      await putShareDay(day, figures)
    }
    await removeSharesBefore(new Date(startOfDay(day + 1)))
  }
  await writeClockState({ summedOn: today })
}
