import { Image, Text, View } from '@tarojs/components'
import type { Topic } from '#contract/topic'
import { pictureUrl } from '#platform/picture'
import { fullTime } from '../../text/beijing-time'
import './TopicHead.scss'

/** The head of a topic's page: what the topic is about, and who edited it. */
export function TopicHead({ topic }: { topic: Topic }) {
  const { title, lead, cover, credit, editor, publishedAt } = topic
  const byline = [
    '独家策划',
    fullTime(publishedAt).slice(0, 10),
    editor ? `[ 责编：${editor} ]` : '',
    credit ? `图：${credit}` : '',
  ]
  return (
    <View className="topic-head">
      {cover ? (
        <Image className="topic-cover" src={pictureUrl(cover.src)} mode="aspectFill" aria-label={cover.alt} />
      ) : null}
      <Text className="topic-title" userSelect aria-role="heading">
        {title}
      </Text>
      <Text className="topic-byline">{byline.filter(Boolean).join('　')}</Text>
      {lead ? (
        <Text className="topic-lead" userSelect>
          {lead}
        </Text>
      ) : null}
    </View>
  )
}
