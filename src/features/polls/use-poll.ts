import { useCallback, useEffect, useRef, useState } from 'react'
import { CallFailed, call } from '#cloud/call'
import { useWish, type WishKind } from '#cloud/use-wish'
import { type PollPlace, type PollState, readPoll } from '#contract/poll'
import { answerAfterTap, applyAnswer } from './apply-answer'
import { pollWishes } from './poll-wishes'

/** Closed since the page was opened. */
const isConflict = (error: unknown): boolean => error instanceof CallFailed && error.code === 'conflict'

const kind: WishKind<PollState, string[]> = {
  queue: pollWishes,
  apply: applyAnswer,
  ownOf: poll => poll.own,
  isOver: poll => poll.closed,
  wordsFor: error => (isConflict(error) ? '这个投票已经结束' : undefined),
}

/**
 * The poll at a place and the reader's answer; `opened` where the page brought it along. Undefined while there is none
 * to show: none attached, broken, or the cloud does not answer (a story is whole without it). `useWish` says how a tap
 * behaves.
 */
export function usePoll(place: PollPlace, opened?: PollState) {
  const [read, setRead] = useState(opened)
  const where = useRef(place)

  const ask = useCallback(async () => {
    const reply = await call(readPoll, where.current).catch(() => null)
    if (reply?.poll) setRead(reply.poll)
  }, [])

  const brought = useRef(opened !== undefined)
  useEffect(() => {
    if (!brought.current) void ask()
  }, [ask])

  // The result is to be seen now.
  const { shown, waiting, want } = useWish(kind, read?.id, read, error => {
    if (isConflict(error)) void ask()
  })
  const choices = read?.choices ?? 'one'
  const choose = useCallback(
    (option: string) => want(before => answerAfterTap(before, option, choices)),
    [want, choices],
  )

  return { poll: shown, waiting, choose }
}
