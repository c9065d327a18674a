import { AppError } from '../shared/app-error'
import { dayOf, secondsToMidnight } from '../shared/beijing-time'
import { BoundedMap } from '../shared/bounded-map'
import { type Limits, takeQuota } from '../shared/stores/quotas'

/** The last day on which a quota was used up. Further calls of that day cost no database operation. */
const fullOn = new BoundedMap<string, number>(10_000)

/**
 * Counts one more against the limits of a Beijing day. Throws `too-many` when one is reached. `subject` names what the
 * refusal holds for, such as a story.
 */
export async function withinDay(kind: string, subject: string, limits: Limits, now: number): Promise<void> {
  const day = dayOf(now)
  const key = `${kind} ${subject}`
  if (fullOn.get(key) === day || !(await takeQuota(kind, day, limits))) {
    fullOn.set(key, day)
    throw new AppError('too-many', 'too often today', secondsToMidnight(now))
  }
}
