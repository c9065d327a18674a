import Taro, { usePullDownRefresh, useReachBottom } from '@tarojs/taro'
import type { ListSource } from '#cloud/list'
import { useList } from '#cloud/use-list'
import { wordsFor } from '#cloud/words'
import { attempt } from '#platform/optional'
import { useTabRetap } from '#platform/tab-retap'
import { tell } from '#platform/tell'
import { useGrownList } from '#platform/use-grown-list'

/**
 * A list that fills a page. A pull, or a tap on the active tab, refreshes it; reaching its end loads more. A failed
 * refresh shows a message. `news` returns the message for a successful one, from the number of new entries.
 */
export function useListPage<T extends { id: string }, First>(
  source: ListSource<T, First>,
  news?: (fresh: number) => string,
) {
  const { pages, refresh, loadMore, retry } = useList(source)
  useGrownList(pages.items.length, pages.state, loadMore)
  const pull = async () => {
    const result = await refresh()
    if (!result) return
    if ('error' in result) tell(wordsFor(result.error))
    else if (news) tell(news(result.fresh))
  }
  usePullDownRefresh(() => {
    void pull().finally(() => attempt(() => Taro.stopPullDownRefresh()))
  })
  useTabRetap(() => {
    void pull()
  })
  useReachBottom(() => {
    // After a failure, wait for the reader's tap: a retry at every scroll would add load to a cloud in trouble.
    if (pages.state === 'ready') void loadMore()
  })
  return { pages, retry }
}
