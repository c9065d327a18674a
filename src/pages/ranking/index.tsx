import { Text, View } from '@tarojs/components'
import Taro, { usePullDownRefresh, useReachBottom, useShareAppMessage } from '@tarojs/taro'
import { useState } from 'react'
import { call } from '#cloud/call'
import { usePages } from '#cloud/use-pages'
import { wordsFor } from '#cloud/words'
import { Segments } from '#components/Segments'
import { SiteBar } from '#components/SiteBar'
import { Skeleton } from '#components/Skeleton'
import { StateView } from '#components/StateView'
import { type Mood, moodKeys, moods } from '#contract/mood'
import {
  type RankingRow,
  type RankingSpan,
  rankingSpanKeys,
  rankingSpans,
  readRanking,
} from '#contract/ranking'
import { FeedEnd } from '#features/feed/FeedEnd.tsx'
import { RankingList } from '#features/ranking/RankingList.tsx'
import { openStoryById } from '#features/reading/open-story'
import { useLook } from '#platform/look'
import { tabs } from '#platform/navigate'
import { useTabRetap } from '#platform/tab-retap'
import { fullTime } from '../../text/beijing-time'
import './index.scss'

const moodOptions = moodKeys.map(key => [key, moods[key]] as const)
const spanOptions = rankingSpanKeys.map(key => [key, rankingSpans[key]] as const)

const spanNotes: Record<RankingSpan, string> = {
  '24h': '最近 24 小时内的投票',
  '7d': '最近 7 天（北京时间，含今天）的投票',
  '30d': '最近 30 天（北京时间，含今天）的投票',
  all: '全部投票',
}

export default function RankingPage() {
  const look = useLook('ranking')
  const [mood, setMood] = useState<Mood>('happy')
  const [span, setSpan] = useState<RankingSpan>('7d')
  const [updatedAt, setUpdatedAt] = useState<number | null>(null)
  const { pages, refresh, loadMore, retry } = usePages<RankingRow>(`${mood} ${span}`, async cursor => {
    const page = await call(readRanking, { mood, span, ...(cursor === undefined ? {} : { cursor }) })
    setUpdatedAt(page.updatedAt)
    return page
  })

  const pull = async () => {
    const result = await refresh()
    if (result && 'error' in result) void Taro.showToast({ title: wordsFor(result.error), icon: 'none' })
  }
  usePullDownRefresh(() => {
    void pull().finally(() => Taro.stopPullDownRefresh())
  })
  useTabRetap(() => {
    void pull()
  })
  useReachBottom(() => {
    if (pages.state === 'ready') void loadMore()
  })
  useShareAppMessage(() => ({ title: '新闻表情排行：哪些文章最让人开心、难过', path: tabs.ranking }))

  const { items, state } = pages
  return (
    <View {...look}>
      <SiteBar />
      <View className="ranking-column">
        <Segments label="心情" options={moodOptions} chosen={mood} onChoose={setMood} fill />
        <View className="ranking-spans">
          <Segments label="时间" options={spanOptions} chosen={span} onChoose={setSpan} fill />
        </View>
        <Text className="ranking-note">
          {`${spanNotes[span]}${updatedAt === null ? '' : `　${fullTime(updatedAt).slice(5)} 更新`}`}
        </Text>
        {items.length > 0 ? (
          <>
            <RankingList rows={items} mood={mood} onStory={openStoryById} />
            <FeedEnd pages={pages} onMore={retry} />
          </>
        ) : state === 'loading' ? (
          <Skeleton rows={['line', 'short', 'line', 'short', 'line', 'short', 'line', 'short']} />
        ) : state === 'failed' ? (
          <StateView title={wordsFor(pages.error)} action={{ label: '重新加载', run: retry }} />
        ) : (
          <StateView title="还没有文章上榜" hint="换个心情或更长的时间看看；读完文章也可以投上您的一票" />
        )}
      </View>
    </View>
  )
}
