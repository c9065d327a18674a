import type { Teaser } from '#contract/article'
import { channelOf } from '#site'
import { listTime } from '../../text/beijing-time'

export interface FeedItemProps {
  item: Teaser
  /** The time from which 「3小时前」 is counted (ms). */
  now: number
  /** Added to the last line: 离线可读. */
  note?: string
  onOpen: (item: Teaser) => void
}

/** 前沿 · 3小时前: channel and time. Omits a channel that this version does not know. */
export function metaLine({ channel, publishedAt }: Teaser, now: number, note?: string): string {
  return [channelOf(channel)?.label, listTime(publishedAt, now), note].filter(Boolean).join(' · ')
}
