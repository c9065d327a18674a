import { Image, Text, View } from '@tarojs/components'
import { memo } from 'react'
import type { Teaser } from '#contract/article'
import { can } from '#platform/abilities'
import { pictureUrl } from '#platform/picture'
import { metaLine } from '../../text/meta-line'
import './FeedItem.scss'

export interface FeedItemProps {
  item: Teaser
  /** The time from which 「3小时前」 is counted (ms). */
  now: number
  /** Added to the last line: 离线可读. */
  note?: string
  onOpen: (item: Teaser) => void
}

/** One story in a list: title, teaser, channel, time, picture. */
export const FeedItem = memo(function FeedItem({ item, now, note, onOpen }: FeedItemProps) {
  const { title, teaser, cover } = item
  const picture = cover ? pictureUrl(cover.thumb ?? cover.src) : ''
  const meta = metaLine(item, now, note)
  if (!can('navigate')) {
    return (
      <View className="feed-item">
        <View className="feed-item-text">
          <Text className="feed-item-title">{title}</Text>
          <Text className="feed-item-teaser">{teaser}</Text>
          <Text className="feed-item-meta">{meta}</Text>
        </View>
      </View>
    )
  }
  // Compiled to a separate template, so that the page sends only texts and addresses, not the structure of twenty rows.
  return (
    <View className="feed-item" aria-role="link" onClick={() => onOpen(item)} compileMode>
      <View className="feed-item-text">
        <Text className="feed-item-title">{title}</Text>
        <Text className="feed-item-teaser">{teaser}</Text>
        <Text className="feed-item-meta">{meta}</Text>
      </View>
      {picture ? (
        <Image className="feed-item-cover" src={picture} mode="aspectFill" lazyLoad aria-hidden />
      ) : null}
    </View>
  )
})
