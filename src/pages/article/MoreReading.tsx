import { Text } from '@tarojs/components'
import { useState } from 'react'
import { call } from '#cloud/call'
import { usePages } from '#cloud/use-pages'
import type { Teaser } from '#contract/article'
import { readFeed } from '#contract/feed'
import { FeedList } from '#features/feed/FeedList.tsx'
import { FocusCarousel } from '#features/feed/FocusCarousel.tsx'
import { TopicStrip } from '#features/feed/TopicStrip.tsx'
import { type MoreReading as More, readMore } from '#features/reading/use-more-reading'

interface Props {
  id: string
  onOpen: (item: Teaser) => void
}

/** What stands under a story: 推荐阅读, 视觉焦点, 独家策划. Asked for in one call when the reader comes near. */
export function MoreReading({ id, onOpen }: Props) {
  const [head, setHead] = useState<Pick<More, 'focus' | 'topics'>>({ focus: [], topics: [] })
  const { pages, retry } = usePages<Teaser>(`under:${id}`, async cursor => {
    if (cursor !== undefined) return call(readFeed, { cursor })
    const { focus, topics, feed } = await readMore(id)
    setHead({ focus, topics })
    return feed
  })
  const shown = { ...pages, items: pages.items.filter(item => item.id !== id) }
  return (
    <>
      {head.focus.length > 0 ? (
        <Text className="more-title" aria-role="heading">
          视觉焦点
        </Text>
      ) : null}
      <FocusCarousel stories={head.focus} onOpen={onOpen} />
      <TopicStrip topics={head.topics} />
      <Text className="more-title" aria-role="heading">
        推荐阅读
      </Text>
      <FeedList
        pages={shown}
        onOpen={onOpen}
        onMore={retry}
        empty={{ title: '没有更多文章了', hint: '过一会儿再来看看' }}
      />
    </>
  )
}
