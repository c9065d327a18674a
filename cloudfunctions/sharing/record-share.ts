import type { recordShare } from '#contract/sharing'
import { requirePublished } from '../shared/require-published'
import type { Handler } from '../shared/serve'
import { addShare } from '../shared/stores/shares'

/** Notes a share. Open to readers without identity, since Moments readers share too. */
export const recordShareHandler: Handler<typeof recordShare> = async ({ articleId, channel, mark }) => {
  await requirePublished(articleId)
  await addShare({ mark, articleId, channel, at: new Date() })
  return {}
}
