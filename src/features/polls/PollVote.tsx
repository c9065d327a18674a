import { Image, Text, View } from '@tarojs/components'
import { miniCode } from '#components/MiniCode'
import type { PollPlace, PollState } from '#contract/poll'
import { can } from '#platform/abilities'
import { pictureUrl } from '#platform/picture'
import { fullTime } from '../../text/beijing-time'
import { checkedWord } from '../../text/checked-word'
import { shortCount } from '../../text/count'
import { percentOf } from './apply-answer'
import { usePoll } from './use-poll'
import './PollVote.scss'

interface Props {
  place: PollPlace
  /** The poll, if the page's own call returned it. */
  opened?: PollState
}

/** 云投: a question, an answer that the reader may change until the poll closes, and the result as bars. */
export function PollVote({ place, opened }: Props) {
  const { poll, pending, choose } = usePoll(place, opened)
  // An empty element reserves the poll's place among the nodes, so that the update carries only the poll.
  if (!poll) return <View className="poll" />
  const { question, options, choices, closed, opensAt, closesAt, own, canVote, result } = poll
  // A reader who cannot vote always sees the result, except before the poll opens. So this needs no phone clock.
  const coming = !canVote && !result
  const elsewhere = !(canVote || closed || coming || !can('invite'))
  const notes = [
    choices === 'several' ? '可多选' : '',
    result ? `${shortCount(result.readers)} 人参与` : coming ? '' : '选择后可看结果',
    closed ? '已结束' : coming ? `${fullTime(opensAt)} 开始` : `${fullTime(closesAt)} 截止`,
    elsewhere ? '请在微信中投票' : '',
  ]
  return (
    <View
      className={`poll poll--some${canVote ? '' : ' poll--read'}${options.some(one => one.picture) ? ' poll--pictured' : ''}`}
    >
      <Text className="poll-title" aria-role="heading">{`云投 · ${question}`}</Text>
      <View aria-role={choices === 'one' ? 'radiogroup' : 'group'} aria-label={question}>
        {options.map(({ key, label, picture }) => {
          const chosen = own.includes(key)
          const count = result?.counts[key] ?? 0
          const percent = result ? percentOf(count, result.readers) : 0
          return (
            <View
              key={key}
              className={`poll-option${chosen ? ` poll-option--own${pending ? ' poll-option--wait' : ''}` : ''}`}
              style={`--part:${percent / 100}`}
              aria-role={choices === 'one' ? 'radio' : 'checkbox'}
              aria-checked={checkedWord(chosen)}
              aria-label={result ? `${label}，${count} 票，${percent}%` : label}
              {...(canVote ? { onClick: () => choose(key) } : {})}
            >
              {picture ? (
                <Image
                  className="poll-option-picture"
                  src={pictureUrl(picture.src)}
                  mode="aspectFill"
                  lazyLoad
                  aria-hidden
                />
              ) : null}
              <Text className="poll-option-label">{label}</Text>
              {result ? <Text className="poll-option-percent">{`${percent}%`}</Text> : null}
              {result ? <Text className="poll-option-count">{shortCount(count)}</Text> : null}
            </View>
          )
        })}
      </View>
      <Text className="poll-note">{notes.filter(Boolean).join(' · ')}</Text>
      {/* On a story's page the moods have shown it. */}
      {elsewhere && 'topicId' in place ? miniCode : null}
    </View>
  )
}
