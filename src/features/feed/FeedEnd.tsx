import { View } from '@tarojs/components'
import { wordsFor } from '#cloud/words'
import type { Feed } from './use-feed'
import './FeedEnd.scss'

/** What stands under the last story: 加载更多, the wait, a retry in place, or the true end. */
export function FeedEnd({ feed, onMore }: { feed: Feed; onMore: () => void }) {
  if (feed.state === 'ended') return <View className="feed-end">没有更多了</View>
  if (feed.state === 'more') return <View className="feed-end">正在加载…</View>
  return (
    <View className="feed-end feed-end--tap" aria-role="button" onClick={onMore}>
      {feed.state === 'failed' ? `${wordsFor(feed.error)}，点此再试` : '加载更多'}
    </View>
  )
}
