import { Text, View } from '@tarojs/components'
import { useShareAppMessage } from '@tarojs/taro'
import { useState } from 'react'
import { wordsFor } from '#cloud/words'
import { Segments } from '#components/Segments'
import { Skeleton } from '#components/Skeleton'
import { StateView } from '#components/StateView'
import { defaultMood, defaultSpan } from '#contract/addresses'
import { type Mood, moodKeys, moods } from '#contract/mood'
import { type RankingSpan, rankingSpanKeys, rankingSpans } from '#contract/ranking'
import { FeedEnd } from '#features/feed/FeedEnd.tsx'
import { useListPage } from '#features/feed/use-list-page'
import { RankingList } from '#features/ranking/RankingList.tsx'
import { rankingList } from '#features/ranking/ranking-list'
import { openStoryById } from '#features/reading/open-story'
import { siteCard } from '#features/sharing/share-card'
import { useLook } from '#platform/look'
import { rankingUrl, tabs } from '#platform/navigate'
import { useParameter } from '#platform/query'
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
  const askedMood = useParameter('mood')
  const askedSpan = useParameter('span')
  const [mood, setMood] = useState<Mood>(moodKeys.find(key => key === askedMood) ?? defaultMood)
  const [span, setSpan] = useState<RankingSpan>(rankingSpanKeys.find(key => key === askedSpan) ?? defaultSpan)
  const { pages, retry } = useListPage(rankingList(mood, span))
  const updatedAt = pages.first?.updatedAt
  useShareAppMessage(() => siteCard(tabs.ranking, '新闻表情排行：哪些文章最让人开心、难过'))

  const { items, state } = pages
  return (
    <View {...look}>
      <View className="ranking-column">
        <Segments
          label="心情"
          options={moodOptions}
          chosen={mood}
          onChoose={setMood}
          hrefOf={key => rankingUrl(key, span)}
          fill
        />
        <View className="ranking-spans">
          <Segments
            label="时间"
            options={spanOptions}
            chosen={span}
            onChoose={setSpan}
            hrefOf={key => rankingUrl(mood, key)}
            fill
          />
        </View>
        <Text className="ranking-note">
          {`${spanNotes[span]}${updatedAt ? `　${fullTime(updatedAt).slice(5)} 更新` : ''}`}
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
