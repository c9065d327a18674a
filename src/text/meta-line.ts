import type { Teaser } from '#contract/article'
import { channelOf } from '#site'
import { listTime } from './beijing-time'

/**
 * 前沿 · 2026-11-22 09:15: channel and time of a story in a list. `now` (ms) is the time from which 「3小时前」 is counted. Omits
 * a channel that this version does not know.
 */
export function metaLine({ channel, publishedAt }: Teaser, now: number, note?: string): string {
  return [channelOf(channel)?.label, listTime(publishedAt, now), note].filter(Boolean).join(' · ')
}
