import { Image, Text, View } from '@tarojs/components'
import { memo } from 'react'
import { Link } from '#components/Link'
import { storyUrl } from '#platform/navigate'
import { pictureUrl } from '#platform/picture'
import { metaLine } from '../../text/meta-line'
import type { FeedItemProps } from './FeedItem'
import './FeedItem.scss'

/** One story in a list, as a real link. */
export const FeedItem = memo(function FeedItem({ item, now, note, onOpen }: FeedItemProps) {
  const { id, title, teaser, cover } = item
  return (
    <Link className="feed-item" href={storyUrl(id)} onOpen={() => onOpen(item)}>
      <View className="feed-item-text">
        <Text className="feed-item-title">{title}</Text>
        {teaser ? <Text className="feed-item-teaser">{teaser}</Text> : null}
        <Text className="feed-item-meta">{metaLine(item, now, note)}</Text>
      </View>
      {cover ? (
        <Image
          className="feed-item-cover"
          src={pictureUrl(cover.thumb ?? cover.src)}
          mode="aspectFill"
          lazyLoad
        />
      ) : null}
    </Link>
  )
})
