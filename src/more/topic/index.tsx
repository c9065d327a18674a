import { View } from '@tarojs/components'
import { useShareAppMessage } from '@tarojs/taro'
import { CallFailed } from '#cloud/call'
import { Part } from '#components/Part'
import { Skeleton } from '#components/Skeleton'
import { StateView } from '#components/StateView'
import { FeedList } from '#features/feed/FeedList.tsx'
import { useListPage } from '#features/feed/use-list-page'
import { PollVote } from '#features/polls/PollVote.tsx'
import { openStory } from '#features/reading/open-story'
import { siteCard } from '#features/sharing/share-card'
import { TopicHead } from '#features/topics/TopicHead.tsx'
import { topicList } from '#features/topics/topic-list'
import { useLook } from '#platform/look'
import { tabs, topicUrl } from '#platform/navigate'
import { usePageHead } from '#platform/page-head'
import { pictureUrl } from '#platform/picture'
import { useIdParameter } from '#platform/query'
import { site } from '#site'
import './index.scss'

const empty = { title: '这个专题还没有文章', hint: '编辑正在准备，过一会儿再来看看' }

/** 独家策划: one topic and its stories. */
export default function TopicPage() {
  const look = useLook('topic')
  const id = useIdParameter()
  const { pages, retry } = useListPage(topicList(id))
  const { topic, poll } = pages.first ?? {}
  const title = topic?.title
  usePageHead({
    title,
    words: topic?.lead,
    picture: topic?.cover && pictureUrl(topic.cover.src),
    path: topicUrl(id),
  })
  useShareAppMessage(() => siteCard(topicUrl(id), title ?? site.name, topic?.cover))

  const gone = pages.error instanceof CallFailed && pages.error.code === 'not-found'
  const polled = poll != null && pages.state === 'ended'
  return (
    <View {...look}>
      <View className="topic-column">
        <Part>{topic ? <TopicHead topic={topic} /> : null}</Part>
        {topic || (pages.state === 'failed' && !gone) ? (
          <FeedList pages={pages} onOpen={openStory} onMore={retry} empty={empty} followed={polled} />
        ) : gone ? (
          <StateView
            title="这个专题已下线"
            hint="可以看看别的专题和文章"
            action={{ label: '去首页看看', href: tabs.home }}
          />
        ) : (
          <Skeleton rows={['head', 'short', 'line', 'line', 'short', 'head', 'line', 'head', 'line']} />
        )}
        {/* After the stories, as below a story's text: the poll asks about what the reader has read. */}
        <Part>{polled ? <PollVote place={{ topicId: id }} opened={poll} /> : null}</Part>
      </View>
    </View>
  )
}
