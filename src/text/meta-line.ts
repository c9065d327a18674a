import type { Teaser } from '#contract/article'
import { channelOf } from '#site'
import { listTime } from './beijing-time'

/** The mark of a corrected story (更正) in lists. */
export const correctedMark = '有更正'

/**
 * 前沿 · 2026-11-22 09:15 · 有更正: channel and time of a story in a list, and whether it was corrected. `now` (ms) is the time
 * from which 「3小时前」 is counted. Omits a channel that this version does not know.
 */
export function metaLine({ channel, publishedAt, correctedAt }: Teaser, now: number, note?: string): string {
  return [channelOf(channel)?.label, listTime(publishedAt, now), correctedAt && correctedMark, note]
    .filter(Boolean)
    .join(' · ')
}
