import type { recordShare } from '#contract/sharing'
import { requirePublished } from '../shared/require-published'
import type { Handler } from '../shared/serve'
import { addShare } from '../shared/stores/shares'

/** Records a share. Readers without identity may call it, because readers from Moments share too. */
export const recordShareHandler: Handler<typeof recordShare> = async ({ articleId, channel, mark }) => {
  await requirePublished(articleId)
  await addShare({ mark, articleId, channel, at: new Date() })
  return {}
}
