import { Text, View } from '@tarojs/components'
import { Link } from '#components/Link'
import { type Mood, moods } from '#contract/mood'
import type { RankingRow } from '#contract/ranking'
import { storyUrl } from '#platform/navigate'
import { shortCount } from '../../text/count'
import { correctedMark } from '../../text/meta-line'
import { shareWords } from './share-words'
import './RankingList.scss'

interface Props {
  rows: RankingRow[]
  mood: Mood
  onStory: (id: string) => void
}

/**
 * Rows of 新闻表情排行: rank, title, votes. The bar shows the votes that the order follows, compared with the first row.
 */
export function RankingList({ rows, mood, onStory }: Props) {
  const most = rows[0]?.count ?? 1
  return (
    <>
      {rows.map(row => {
        const share = shareWords(row.share) + (row.correctedAt ? ` · ${correctedMark}` : '')
        return (
          <Link
            key={row.id}
            className="ranking-row"
            href={storyUrl(row.id)}
            // All that the row shows, in this order: a reader who speaks to the phone says what they see (WCAG 2.5.3).
            label={`${row.rank}，${row.title}，${share}，${shortCount(row.count)} 人${moods[mood]}`}
            onOpen={() => onStory(row.id)}
          >
            <Text className={row.rank <= 3 ? 'ranking-place ranking-place--top' : 'ranking-place'}>
              {row.rank}
            </Text>
            <View className="ranking-words">
              <Text className="ranking-title">{row.title}</Text>
              <View className="ranking-bar">
                <View className="ranking-part" style={`width:${Math.round((row.count / most) * 100)}%`} />
              </View>
              <Text className="ranking-share">{share}</Text>
            </View>
            <Text className="ranking-count">{shortCount(row.count)}</Text>
          </Link>
        )
      })}
    </>
  )
}
