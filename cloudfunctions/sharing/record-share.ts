import type { recordShare } from '#contract/sharing'
import { AppError } from '../shared/app-error'
import { dayOf, secondsToMidnight } from '../shared/beijing-time'
import { BoundedMap } from '../shared/bounded-map'
import { requirePublished } from '../shared/require-published'
import type { Handler } from '../shared/serve'
import { addShare, countShare } from '../shared/stores/shares'

/** The last day on which a story's shares met a limit. Further calls of that day cost no database operation. */
const fullOn = new BoundedMap<string, number>(1_000)

/**
 * Records a share. Readers without identity may call it, because readers from Moments share too. Nothing identifies
 * such a caller, so the limits apply to each story and to each day. The database counts.
 */
export const recordShareHandler: Handler<typeof recordShare> = async ({ articleId, channel, mark }) => {
  const now = Date.now()
  const day = dayOf(now)
  await requirePublished(articleId)
  if (fullOn.get(articleId) === day || !(await countShare(articleId, day))) {
    fullOn.set(articleId, day)
    throw new AppError('too-many', 'shared too often today', secondsToMidnight(now))
  }
  await addShare({ mark, articleId, channel, at: new Date(now) })
  return {}
}
