import { Text, View } from '@tarojs/components'
import type { RelatedTitle } from '#contract/article'
import './RelatedList.scss'

interface Props {
  items: RelatedTitle[]
  /** Absent in single-page mode: there the titles are plain text. */
  onStory: ((id: string) => void) | undefined
}

/** 相关阅读. */
export function RelatedList({ items, onStory }: Props) {
  if (items.length === 0) return null
  return (
    <View className="related">
      <Text className="related-title">相关阅读</Text>
      {items.map(item => (
        <View
          key={item.id}
          className="related-item"
          {...(onStory ? { 'aria-role': 'link', onClick: () => onStory(item.id) } : {})}
        >
          {item.title}
        </View>
      ))}
    </View>
  )
}
