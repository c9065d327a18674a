import { Text } from '@tarojs/components'
import { useList } from '#cloud/use-list'
import { otherStoriesAtMost } from '#contract/home'
import { FeedItem } from '#features/feed/FeedItem.tsx'
import { homeList } from '#features/feed/home-list'
import { openStory } from '#features/reading/open-story'

interface Props {
  /** The story that the reader came for. A cached list may still have it. */
  instead: string
}

/** The newest stories, below a story that does not exist any more. Empty while there are none, and if they do not load. */
export function OtherStories({ instead }: Props) {
  const { pages } = useList(homeList)
  const others = pages.items.filter(item => item.id !== instead).slice(0, otherStoriesAtMost)
  if (others.length === 0) return null
  return (
    <>
      <Text className="more-title" aria-role="heading">
        推荐阅读
      </Text>
      {others.map(item => (
        <FeedItem key={item.id} item={item} now={pages.at} onOpen={openStory} />
      ))}
    </>
  )
}
