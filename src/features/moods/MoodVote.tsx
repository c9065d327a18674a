import { Text, View } from '@tarojs/components'
import { type MoodState, moodKeys, moods } from '#contract/mood'
import { shortCount } from '../../text/count'
import { useMood } from './use-mood'
import './MoodVote.scss'

interface Props {
  articleId: string
  opened: MoodState
}

/** 您此时的心情: four faces, one vote a reader, changed or taken back by another tap. */
export function MoodVote({ articleId, opened }: Props) {
  const { mood, waiting, choose } = useMood(articleId, opened)
  return (
    <View className="moods">
      <Text className="moods-title">您此时的心情</Text>
      <View className="moods-row" aria-role="radiogroup" aria-label="您此时的心情">
        {moodKeys.map(key => {
          const count = mood.counts[key] ?? 0
          const own = mood.own === key
          return (
            <View
              key={key}
              className={`mood mood-${key}${own ? ' mood--own' : ''}${own && waiting ? ' mood--waiting' : ''}`}
              aria-role="radio"
              aria-checked={own}
              aria-label={`${moods[key]} ${count}`}
              {...(mood.canVote ? { onClick: () => choose(key) } : {})}
            >
              <View className="mood-face" />
              <Text className="mood-name">{moods[key]}</Text>
              <Text className="mood-count">{shortCount(count)}</Text>
            </View>
          )
        })}
      </View>
    </View>
  )
}
