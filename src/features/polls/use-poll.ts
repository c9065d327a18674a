import Taro from '@tarojs/taro'
import { useCallback, useEffect, useRef, useState } from 'react'
import { CallFailed, call } from '#cloud/call'
import { wordsFor } from '#cloud/words'
import { answerPoll, type PollPlace, type PollState, readPoll } from '#contract/poll'
import { answerAfterTap, applyAnswer } from './apply-answer'

/**
 * The poll at a place and the reader's answer; `opened` where the page brought it along. Undefined while there is none
 * to show: none attached, broken, or the cloud does not answer (a story is whole without it). Shown at once, one request
 * in flight, the last wish wins; a refusal puts the confirmed answer back and says why.
 */
export function usePoll(place: PollPlace, opened?: PollState) {
  const [poll, setPoll] = useState(opened)
  const confirmed = useRef(opened)
  const wanted = useRef<string[]>()
  /** What the call under way asks for. */
  const asked = useRef<string[]>()
  const lastWish = useRef(0)
  const sending = useRef(false)
  const closed = useRef(false)
  const where = useRef(place)

  const read = useCallback(async () => {
    const reply = await call(readPoll, where.current).catch(() => null)
    if (closed.current || !reply?.poll || sending.current) return
    confirmed.current = reply.poll
    setPoll(reply.poll)
  }, [])

  useEffect(() => {
    closed.current = false
    if (!confirmed.current) void read()
    return () => {
      closed.current = true
    }
  }, [read])

  const send = useCallback(async () => {
    if (sending.current) return
    sending.current = true
    let over = false
    try {
      while (wanted.current && confirmed.current) {
        const options = wanted.current
        wanted.current = undefined
        asked.current = options
        const { id, wish } = confirmed.current
        // Above every wish before it, also one whose reply was lost and one from before the clock was set back.
        lastWish.current = Math.max(lastWish.current + 1, wish + 1, Date.now())
        confirmed.current = await call(answerPoll, { pollId: id, options, wish: lastWish.current })
      }
    } catch (error) {
      wanted.current = undefined
      // Closed since the page was opened: the result is to be seen now.
      over = error instanceof CallFailed && error.code === 'conflict'
      if (!closed.current)
        void Taro.showToast({ title: over ? '这个投票已经结束' : wordsFor(error), icon: 'none' })
    } finally {
      sending.current = false
      asked.current = undefined
      if (!closed.current) setPoll(confirmed.current)
    }
    if (over) void read()
  }, [read])

  const choose = useCallback(
    (option: string) => {
      const base = confirmed.current
      if (!base) return
      wanted.current = answerAfterTap(wanted.current ?? asked.current ?? base.own, option, base.choices)
      setPoll(applyAnswer(base, wanted.current))
      void send()
    },
    [send],
  )

  return { poll, choose }
}
