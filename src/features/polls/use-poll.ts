import Taro from '@tarojs/taro'
import { useCallback, useEffect, useRef, useState } from 'react'
import { call } from '#cloud/call'
import { wordsFor } from '#cloud/words'
import { answerPoll, type PollPlace, type PollState, readPoll } from '#contract/poll'
import { answerAfterTap, applyAnswer } from './apply-answer'

/**
 * The poll at a place and the reader's answer. Undefined while there is none to show: none attached, broken, or the
 * cloud does not answer (a story is whole without it). Shown at once, one request in flight, the last wish wins.
 */
export function usePoll(place: PollPlace) {
  const [poll, setPoll] = useState<PollState>()
  const confirmed = useRef<PollState>()
  const wanted = useRef<string[]>()
  const sending = useRef(false)
  const closed = useRef(false)
  const where = useRef(place)

  useEffect(() => {
    closed.current = false
    call(readPoll, where.current).then(
      reply => {
        if (closed.current || !reply.poll) return
        confirmed.current = reply.poll
        setPoll(reply.poll)
      },
      () => undefined,
    )
    return () => {
      closed.current = true
    }
  }, [])

  const send = useCallback(async () => {
    if (sending.current) return
    sending.current = true
    try {
      while (wanted.current && confirmed.current) {
        const options = wanted.current
        wanted.current = undefined
        const { id, wish } = confirmed.current
        confirmed.current = await call(answerPoll, {
          pollId: id,
          options,
          wish: Math.max(wish + 1, Date.now()),
        })
      }
    } catch (error) {
      wanted.current = undefined
      if (!closed.current) void Taro.showToast({ title: wordsFor(error), icon: 'none' })
    } finally {
      sending.current = false
      if (!closed.current) setPoll(confirmed.current)
    }
  }, [])

  const choose = useCallback(
    (option: string) => {
      const base = confirmed.current
      if (!base) return
      wanted.current = answerAfterTap(wanted.current ?? base.own, option, base.choices)
      setPoll(applyAnswer(base, wanted.current))
      void send()
    },
    [send],
  )

  return { poll, choose }
}
