import Taro from '@tarojs/taro'
import { useCallback, useEffect, useRef, useState } from 'react'
import { CallFailed, call } from '#cloud/call'
import { mayWait } from '#cloud/wish-queue'
import { waitWords, wordsFor } from '#cloud/words'
import { answerPoll, type PollPlace, type PollState, readPoll } from '#contract/poll'
import { onNetworkBack } from '#platform/network'
import { answerAfterTap, applyAnswer, withWaiting } from './apply-answer'
import { pollWishes } from './poll-wishes'

/** A cloud that is busy is asked again by itself, so many times, each time after twice as long (s). */
const retries = 5
const firstPause = 2

/** The poll with the answer that waits on this phone, which the reader takes for granted. */
const asSeen = (poll: PollState): PollState => withWaiting(poll, pollWishes.waiting(poll.id))

/**
 * The poll at a place and the reader's answer; `opened` where the page brought it along. Undefined while there is none
 * to show: none attached, broken, or the cloud does not answer (a story is whole without it). Shown at once, one request
 * in flight, the last wish wins; a refusal puts the confirmed answer back and says why. An answer that finds no network,
 * or a cloud that asks to wait, stays shown (`waiting`) and goes out later.
 */
export function usePoll(place: PollPlace, opened?: PollState) {
  const [poll, setPoll] = useState(() => opened && asSeen(opened))
  const [waiting, setWaiting] = useState(false)
  const confirmed = useRef(opened)
  const wanted = useRef<string[]>()
  /** What the call under way asks for. */
  const asked = useRef<string[]>()
  const lastWish = useRef(0)
  const sending = useRef(false)
  /** The call under way was not asked for by a tap: that it has to wait further is no news. */
  const quiet = useRef(false)
  const again = useRef<ReturnType<typeof setTimeout>>()
  const retried = useRef(0)
  const resumer = useRef<() => void>(() => undefined)
  const closed = useRef(false)
  const where = useRef(place)

  const read = useCallback(async () => {
    const reply = await call(readPoll, where.current).catch(() => null)
    if (closed.current || !reply?.poll || sending.current) return
    confirmed.current = pollWishes.newest(reply.poll.id, reply.poll)
    setPoll(asSeen(confirmed.current))
    resumer.current()
  }, [])

  const send = useCallback(async () => {
    if (sending.current) return
    sending.current = true
    clearTimeout(again.current)
    let over = false
    let options: string[] = []
    try {
      while (wanted.current && confirmed.current) {
        options = wanted.current
        wanted.current = undefined
        asked.current = options
        const { id, wish } = confirmed.current
        // Above every wish before it, also one whose reply was lost and one from before the clock was set back.
        lastWish.current = Math.max(lastWish.current + 1, wish + 1, Date.now())
        confirmed.current = await call(answerPoll, { pollId: id, options, wish: lastWish.current })
        pollWishes.drop(id, lastWish.current)
        retried.current = 0
      }
    } catch (error) {
      const { id = '' } = confirmed.current ?? {}
      const later = mayWait(error)
      const newer = wanted.current
      wanted.current = undefined
      if (!later) pollWishes.drop(id, lastWish.current)
      else {
        // The last wish wins, under a number of its own: the failed one may have arrived with its reply lost.
        if (newer) lastWish.current += 1
        pollWishes.keep({ subject: id, wanted: newer ?? options, wish: lastWish.current })
      }
      // Closed since the page was opened: the result is to be seen now.
      over = error instanceof CallFailed && error.code === 'conflict'
      const held = `已记下，${waitWords(error) ?? '网络恢复'}后自动送出`
      const title = over ? '这个投票已经结束' : later ? held : wordsFor(error)
      if (!closed.current && !(later && quiet.current)) void Taro.showToast({ title, icon: 'none' })
      // A network that is away is heard of when it is back; a cloud that is busy says when to come again.
      const { code, retryAfter } = error instanceof CallFailed ? error : { code: '', retryAfter: undefined }
      if (
        !closed.current &&
        code === 'unavailable' &&
        retryAfter !== undefined &&
        retried.current < retries
      ) {
        const pause = Math.max(retryAfter, firstPause * 2 ** retried.current++)
        again.current = setTimeout(() => resumer.current(), pause * (1 + Math.random()) * 1000)
      }
    } finally {
      sending.current = false
      asked.current = undefined
      if (!closed.current && confirmed.current) {
        setPoll(asSeen(confirmed.current))
        setWaiting(pollWishes.waiting(confirmed.current.id) !== undefined)
      }
    }
    if (over) void read()
  }, [read])

  resumer.current = () => {
    const base = confirmed.current
    const left = base && pollWishes.waiting(base.id)
    if (!left || sending.current) return
    if (!base.canVote || left.wish <= base.wish) {
      // Closed meanwhile, or arrived after all.
      pollWishes.drop(left.subject, left.wish)
      setPoll(base)
      setWaiting(false)
      return
    }
    lastWish.current = Math.max(lastWish.current, left.wish)
    wanted.current = left.wanted
    quiet.current = true
    setWaiting(true)
    void send()
  }

  useEffect(() => {
    closed.current = false
    if (confirmed.current) resumer.current()
    else void read()
    const stop = onNetworkBack(() => resumer.current())
    const stopHearing = pollWishes.onSent(subject => {
      if (subject !== confirmed.current?.id || sending.current) return
      confirmed.current = pollWishes.newest(subject, confirmed.current)
      setPoll(asSeen(confirmed.current))
      setWaiting(pollWishes.waiting(subject) !== undefined)
    })
    return () => {
      closed.current = true
      clearTimeout(again.current)
      stop()
      stopHearing()
    }
  }, [read])

  const choose = useCallback(
    (option: string) => {
      const base = confirmed.current
      if (!base) return
      const before = wanted.current ?? asked.current ?? asSeen(base).own
      wanted.current = answerAfterTap(before, option, base.choices)
      setPoll(applyAnswer(base, wanted.current))
      quiet.current = false
      void send()
    },
    [send],
  )

  return { poll, waiting, choose }
}
