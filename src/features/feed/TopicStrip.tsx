import { Image, ScrollView, Text, View } from '@tarojs/components'
import { Link } from '#components/Link'
import type { TopicCard } from '#contract/topic'
import { topicUrl } from '#platform/navigate'
import { pictureUrl } from '#platform/picture'
import './TopicStrip.scss'

/** 独家策划: topics selected by the editors, in a row. */
export function TopicStrip({ topics }: { topics: TopicCard[] }) {
  if (topics.length === 0) return null
  return (
    <>
      <Text className="strip-heading" aria-role="heading">
        独家策划
      </Text>
      <ScrollView className="strip" scrollX>
        {topics.map(({ id, title, cover }) => (
          <Link key={id} className="strip-item" href={topicUrl(id)}>
            {cover ? (
              <Image
                className="strip-picture"
                src={pictureUrl(cover.thumb ?? cover.src)}
                mode="aspectFill"
                lazyLoad
                aria-hidden
              />
            ) : (
              <View className="strip-picture" />
            )}
            <Text className="strip-title">{title}</Text>
          </Link>
        ))}
      </ScrollView>
    </>
  )
}
