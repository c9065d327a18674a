import { View } from '@tarojs/components'
import type { Pages } from '#cloud/list'
import { wordsFor } from '#cloud/words'
import './FeedEnd.scss'

/** The line below the last entry: 加载更多, loading, a retry, or the end of the list. */
export function FeedEnd({
  pages,
  onMore,
}: {
  pages: Pick<Pages<unknown>, 'state' | 'error' | 'next'>
  onMore: () => void
}) {
  const { state, error } = pages
  if (state === 'ended') return <View className="feed-end">没有更多了</View>
  if (state === 'more' || state === 'loading') return <View className="feed-end">正在加载…</View>
  return (
    <View className="feed-end feed-end--tap" aria-role="button" onClick={onMore}>
      {state === 'failed' ? `${wordsFor(error)}，点此再试` : '加载更多'}
    </View>
  )
}
