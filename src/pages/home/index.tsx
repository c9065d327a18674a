import { Text, View } from '@tarojs/components'
import Taro, { usePullDownRefresh, useReachBottom, useShareAppMessage, useShareTimeline } from '@tarojs/taro'
import { wordsFor } from '#cloud/words'
import { Skeleton } from '#components/Skeleton'
import { StateView } from '#components/StateView'
import type { Teaser } from '#contract/article'
import { FeedEnd } from '#features/feed/FeedEnd.tsx'
import { FeedItem } from '#features/feed/FeedItem.tsx'
import { useFeed } from '#features/feed/use-feed'
import { isSinglePage } from '#platform/single-page'
import { site } from '#site'
import './index.scss'

function openStory(item: Teaser): void {
  if (isSinglePage()) return
  void Taro.navigateTo({ url: `/pages/article/index?id=${item.id}` })
}

export default function HomePage() {
  const { feed, refresh, loadMore } = useFeed()

  usePullDownRefresh(() => {
    void refresh().finally(() => Taro.stopPullDownRefresh())
  })
  useReachBottom(() => {
    // A failed page waits for the reader's tap: trying again at every scroll would hammer a cloud in trouble.
    if (feed.state === 'ready') void loadMore()
  })
  useShareAppMessage(() => ({ title: `${site.name}：${site.slogan}`, path: '/pages/home/index' }))
  useShareTimeline(() => ({ title: `${site.name}：${site.slogan}` }))

  const now = Date.now()
  return (
    <View className="home">
      <Text className="home-heading">推荐阅读</Text>
      {feed.items.length === 0 && feed.state === 'loading' ? (
        <Skeleton rows={['head', 'line', 'short', 'head', 'line', 'short', 'head', 'line', 'short']} />
      ) : feed.items.length === 0 && feed.state === 'failed' ? (
        <StateView title={wordsFor(feed.error)} action={{ label: '重新加载', run: () => void refresh() }} />
      ) : feed.items.length === 0 ? (
        <StateView title="还没有文章" hint="编辑正在准备，过一会儿再来看看" />
      ) : (
        <>
          {feed.items.map(item => (
            <FeedItem key={item.id} item={item} now={now} onOpen={openStory} />
          ))}
          <FeedEnd feed={feed} onMore={() => void loadMore()} />
        </>
      )}
    </View>
  )
}
