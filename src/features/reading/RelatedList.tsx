import { Text, View } from '@tarojs/components'
import { Link } from '#components/Link'
import type { RelatedTitle } from '#contract/article'
import { storyUrl } from '#platform/navigate'
import { correctedMark } from '../../text/meta-line'
import './RelatedList.scss'

interface Props {
  items: RelatedTitle[]
  onStory: (id: string) => void
}

/** 相关阅读. In single-page mode the titles are plain text. */
export function RelatedList({ items, onStory }: Props) {
  if (items.length === 0) return <View className="related" />
  return (
    <View className="related related--some">
      <Text className="related-title" aria-role="heading">
        相关阅读
      </Text>
      {items.map(({ id, title, correctedAt }) => (
        <Link key={id} className="related-item" href={storyUrl(id)} onOpen={() => onStory(id)}>
          {title}
          {correctedAt ? <Text className="related-mark">{correctedMark}</Text> : null}
        </Link>
      ))}
    </View>
  )
}
