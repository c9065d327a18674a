import { Text, View } from '@tarojs/components'
import { useList } from '#cloud/use-list'
import type { Teaser } from '#contract/article'
import { FeedList } from '#features/feed/FeedList.tsx'
import { FocusCarousel } from '#features/feed/FocusCarousel.tsx'
import { TopicStrip } from '#features/feed/TopicStrip.tsx'
import { moreList } from '#features/reading/more-list'
import { useGrownList } from '#platform/use-grown-list'

interface Props {
  id: string
  onOpen: (item: Teaser) => void
}

/** The lists below a story: 推荐阅读, 视觉焦点, 独家策划. Loaded in one call when the reader comes near. */
export function MoreReading({ id, onOpen }: Props) {
  const { pages, loadMore, retry } = useList(moreList(id))
  useGrownList(pages.items.length, pages.state, loadMore)
  const { focus = [], topics = [] } = pages.first ?? {}
  const shown = { ...pages, items: pages.items.filter(item => item.id !== id) }
  // An element of its own: without it, Taro sends the whole page again, the story included, when the placeholder goes.
  return (
    <View>
      {focus.length > 0 ? (
        <Text className="more-title" aria-role="heading">
          视觉焦点
        </Text>
      ) : null}
      <FocusCarousel stories={focus} onOpen={onOpen} />
      <TopicStrip topics={topics} />
      <Text className="more-title" aria-role="heading">
        推荐阅读
      </Text>
      <FeedList
        pages={shown}
        onOpen={onOpen}
        onMore={retry}
        empty={{ title: '没有更多文章了', hint: '过一会儿再来看看' }}
      />
    </View>
  )
}
