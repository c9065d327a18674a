import { dayOf } from '../beijing-time'
import { hourOf, isLiveDay, isLiveHour } from '../buckets'
import type { Delta } from '../sums'

/** One reader's choice on one subject as it is counted: the options, and when they were cast. */
export interface Choice {
  options: readonly string[]
  castAt: number
}

/**
 * The difference that a changed ballot makes: the old options leave the buckets in which they were counted, and the new
 * ones enter today's. Pruned buckets are skipped, because subtracting from them would make them negative. Amounts of 0
 * are dropped. An option may be part of a field's name, because options are keys of a closed list (`[a-z0-9-]`).
 * Subjects that are not ranked by time have totals only.
 */
export function deltaOf(before: Choice | null, after: Choice | null, now: number, ranked = true): Delta {
  const delta: Delta = {}
  const add = (path: string, by: number) => {
    delta[path] = (delta[path] ?? 0) + by
  }
  const count = ({ options, castAt }: Choice, by: number) => {
    for (const option of options) {
      add(`all.${option}`, by)
      if (!ranked) continue
      if (isLiveHour(hourOf(castAt), now)) add(`hour.${hourOf(castAt)}.${option}`, by)
      if (isLiveDay(dayOf(castAt), now)) add(`day.${dayOf(castAt)}.${option}`, by)
    }
  }
  if (before) count(before, -1)
  if (after) count(after, 1)
  return Object.fromEntries(Object.entries(delta).filter(([, by]) => by !== 0))
}

/** Whether two sets of options are the same, in any order. */
export function sameOptions(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every(option => b.includes(option))
}

/**
 * A subject's counts after a reader's options have changed, by the names they are counted under. No count is negative.
 */
export function countsAfter(
  counts: Readonly<Record<string, number>>,
  before: readonly string[],
  after: readonly string[],
): Record<string, number> {
  const changed: Record<string, number> = { ...counts }
  for (const name of before) changed[name] = Math.max(0, (changed[name] ?? 0) - 1)
  for (const name of after) changed[name] = (changed[name] ?? 0) + 1
  return changed
}
