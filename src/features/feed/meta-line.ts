import type { Teaser } from '#contract/article'
import { channelOf } from '#site'
import { listTime } from '../../text/beijing-time'

export interface FeedItemProps {
  item: Teaser
  /** What 「3小时前」 is counted from (ms). */
  now: number
  /** Added to the last line: 离线可读. */
  note?: string
  onOpen: (item: Teaser) => void
}

/** 前沿 · 3小时前: where and when. A channel this version does not know is left out. */
export function metaLine({ channel, publishedAt }: Teaser, now: number, note?: string): string {
  return [channelOf(channel)?.label, listTime(publishedAt, now), note].filter(Boolean).join(' · ')
}
