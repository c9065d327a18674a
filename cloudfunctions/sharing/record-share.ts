import type { recordShare } from '#contract/sharing'
import { requirePublished } from '../shared/require-published'
import type { Handler } from '../shared/serve'
import { addShare } from '../shared/stores/shares'
import { withinDay } from './day-limits'

/** How many shares are recorded in a Beijing day: of one story, and of all stories. Repeats of a mark count as well. */
const sharesADay = { story: 2_000, all: 10_000 }

/**
 * Records a share. Readers without identity may call it, because readers from Moments share too. Nothing identifies
 * such a caller, so the limits apply to each story and to each day. The database counts.
 */
export const recordShareHandler: Handler<typeof recordShare> = async input => {
  const { articleId, channel, mark, parent } = input
  const now = Date.now()
  await requirePublished(articleId)
  const limits = { all: sharesADay.all, [`stories.${articleId}`]: sharesADay.story }
  await withinDay('share', articleId, limits, now)
  const from = parent === mark ? undefined : parent
  await addShare({ mark, articleId, channel, parent: from, at: new Date(now) })
  return {}
}
