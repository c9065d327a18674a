import { View } from '@tarojs/components'
import type { Article } from '#contract/article'
import { pinCachedStories } from '#features/reading/story-cache'
import { SendButton } from '#features/sharing/SendButton.tsx'
import { isFavourite, listFavourites, toggleFavourite } from '#features/shelf/shelf-store'
import { tell } from '#platform/tell'
import { useStored } from '#platform/use-stored'
import { checkedWord } from '../../text/checked-word'

/** The bar at the bottom: 收藏 and 分享. Pins the cached copy of a favourite, so that it stays readable without network. */
export function ActionBar({ story, onGuide }: { story: Article; onGuide: () => void }) {
  const [favourite, setFavourite] = useStored(() => isFavourite(story.id), false)
  const toggle = () => {
    const result = toggleFavourite(story)
    if (result === 'full') {
      tell('没有存储空间，没能收藏')
      return
    }
    const added = result === 'added'
    pinCachedStories(listFavourites())
    setFavourite(added)
    tell(added ? '已收藏，可在书架里找到' : '已取消收藏')
  }
  return (
    <View className="action-bar">
      <View
        className={favourite ? 'action action--on' : 'action'}
        aria-role="checkbox"
        aria-checked={checkedWord(favourite)}
        aria-label="收藏"
        onClick={toggle}
      >
        {favourite ? '已收藏' : '收藏'}
      </View>
      <SendButton className="action action--send" onGuide={onGuide}>
        分享
      </SendButton>
    </View>
  )
}
