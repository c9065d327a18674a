import { Text, View } from '@tarojs/components'
import { memo } from 'react'
import { miniCode } from '#components/MiniCode'
import { type MoodState, moodKeys, moods } from '#contract/mood'
import { can } from '#platform/abilities'
import { checkedWord } from '../../text/checked-word'
import { shortCount } from '../../text/count'
import { useMood } from './use-mood'
import './MoodVote.scss'

interface Props {
  articleId: string
  opened: MoodState
  onChange: (mood: MoodState) => void
}

/**
 * 您此时的心情: four faces, one vote per reader. Another tap changes the vote or takes it back. Readers without an identity
 * see counts beside small faces: the web says why they cannot vote, Moments says nothing.
 */
export const MoodVote = memo(function MoodVote({ articleId, opened, onChange }: Props) {
  const { mood, pending, choose } = useMood(articleId, opened, onChange)
  const { canVote } = mood
  // The count is inside the face's own View and the row has no wrapper: the update after a vote contains the path of
  // each changed node, so a shallow tree costs fewer bytes.
  return (
    <>
      <Text className="moods-title" aria-role="heading">
        您此时的心情
      </Text>
      <View
        className={`moods${canVote ? '' : ' moods--read'}`}
        aria-role={canVote ? 'radiogroup' : 'group'}
        aria-label="您此时的心情"
      >
        {moodKeys.map(key => {
          const count = mood.counts[key] ?? 0
          const own = mood.own === key
          return (
            <View
              key={key}
              className={`mood mood-${key}${own ? ` mood--own${pending ? ' mood--wait' : ''}` : ''}`}
              aria-role={canVote ? 'radio' : 'img'}
              aria-label={`${moods[key]} ${count}`}
              {...(canVote ? { 'aria-checked': checkedWord(own), onClick: () => choose(key) } : {})}
            >
              <Text className="mood-name">{moods[key]}</Text>
              {shortCount(count)}
            </View>
          )
        })}
      </View>
      {canVote || !can('invite') ? null : (
        <>
          <Text className="moods-note">请在微信中投票</Text>
          {miniCode}
        </>
      )}
    </>
  )
})
