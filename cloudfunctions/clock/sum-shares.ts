import { dayOf, startOfDay } from '../shared/beijing-time'
import { sumDay } from '../shared/ledger/sum-day'
import { removeQuotasBefore } from '../shared/stores/quotas'
import { writeClockState } from '../shared/stores/rankings'
import { hasShareDay, putShareDay } from '../shared/stores/share-days'
import { findOldestBefore, removeSharesBefore } from '../shared/stores/shares'
import type { Tick } from './tick'

/** Days for which each share is kept, with its chain. */
export const sharesKept = 90

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
      const { all, stories } = figures
      await putShareDay(day, { all, stories })
    }
    await removeSharesBefore(new Date(startOfDay(day + 1)))
  }
  await writeClockState({ summedOn: today })
}
