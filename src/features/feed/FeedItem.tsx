import { Image, Text, View } from '@tarojs/components'
import type { Teaser } from '#contract/article'
import { pictureUrl } from '#platform/picture'
import { channelOf } from '#site'
import { listTime } from '../../text/beijing-time'
import './FeedItem.scss'

interface Props {
  item: Teaser
  now: number
  onOpen: (item: Teaser) => void
}

/** One story in a list: title, teaser, where and when, picture. */
export function FeedItem({ item, now, onOpen }: Props) {
  const where = channelOf(item.channel)?.label
  return (
    <View className="item" aria-role="link" onClick={() => onOpen(item)}>
      <View className="item-text">
        <Text className="item-title">{item.title}</Text>
        <Text className="item-teaser">{item.teaser}</Text>
        <Text className="item-meta">{`${where ? `${where} · ` : ''}${listTime(item.publishedAt, now)}`}</Text>
      </View>
      {item.cover ? (
        <Image
          className="item-cover"
          src={pictureUrl(item.cover.thumb ?? item.cover.src)}
          mode="aspectFill"
          lazyLoad
          aria-hidden
        />
      ) : null}
    </View>
  )
}
