import { useCallback, useEffect, useRef, useState } from 'react'
import { call } from '#cloud/call'
import { firstReply, isForAnyone } from '#cloud/first-data'
import { type PollPlace, type PollState, readPoll } from '#contract/poll'
import { tell } from '#platform/tell'
import { useVote } from '../../votes/use-vote'
import { wordsOf } from '../../votes/vote-words'
import { answerAfterTap } from './apply-answer'
import { pollVotes } from './poll-votes'

export const pollKey = (place: PollPlace): string => `poll:${JSON.stringify(place)}`

/**
 * The poll at a place and the reader's answer. Pass `opened` if the page's own reply contained the poll. Undefined if
 * there is nothing to show: no poll attached, a broken one, or no answer from the cloud (the story is complete without
 * it).
 */
export function usePoll(place: PollPlace, opened?: PollState) {
  const [came] = useState(() => firstReply<{ poll: PollState | null }>(pollKey(place)))
  const brought = opened ?? (came && 'value' in came ? (came.value.poll ?? undefined) : undefined)
  const [read, setRead] = useState(brought)
  const where = useRef(place)

  const ask = useCallback(async () => {
    const reply = await call(readPoll, where.current).catch(() => null)
    if (reply?.poll) setRead(reply.poll)
  }, [])

  // Not `came?.anyone`: a topic's poll is in the topic's own reply, which was read for a guest too.
  const asks = useRef(brought === undefined || isForAnyone())
  useEffect(() => {
    if (asks.current) void ask()
  }, [ask])

  const { state, pending, tap } = useVote(pollVotes, read?.id, read, outcome => {
    // The poll closed after the page was opened: read it again to show the result.
    const closed = outcome.kind === 'refused' && outcome.code === 'conflict'
    if (closed) void ask()
    const words = closed ? '这个投票已经结束' : wordsOf(outcome)
    if (words) tell(words)
  })
  const choices = read?.choices ?? 'one'
  const choose = useCallback(
    (option: string) => tap(before => answerAfterTap(before, option, choices)),
    [tap, choices],
  )

  return { poll: state, pending, choose }
}
