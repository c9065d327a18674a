import { waysToWrite } from '../shared/publishing/read-draft'
import { readTime, timeFault } from '../shared/publishing/read-time'
import { loadHome } from '../shared/reading/read-home'
import { readAgain } from '../shared/retry'
import { listPlacedAfter } from '../shared/stores/articles'
import { listWaiting } from '../shared/stores/drafts'
import type { Answer } from './answer'
import { placementLines } from './placement-lines'
import { withWaiting } from './waiting-drafts'

/** Says what stands where on the home page now, or at a time in any form of 发布时间, and why. */
export async function placement(written: unknown, now: number): Promise<Answer> {
  const time = readTime(written, now)
  if (time === undefined) return { ok: false, lines: [`at：${timeFault(written, now)}；不写就是现在`] }
  if (time !== null && time < now) return { ok: false, lines: ['at：已经过去了，只能看现在和以后'] }
  const at = time ?? now
  const [rows, later, drafts] = await Promise.all([
    readAgain(() => loadHome(at)),
    readAgain(() => listPlacedAfter(at)),
    readAgain(() => listWaiting([...waysToWrite('待发布'), ...waysToWrite('已定时')])),
  ])
  const { home, waiting } = withWaiting(rows, drafts, { at, now })
  const placedLater = later.map(({ story: { title }, ...place }) => ({ ...place, title, publishAt: null }))
  return { ok: true, lines: placementLines(home, [...placedLater, ...waiting], at) }
}
