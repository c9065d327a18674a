import Taro from '@tarojs/taro'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { CallFailed, call } from '#cloud/call'
import { mayWait } from '#cloud/wish-queue'
import { waitWords, wordsFor } from '#cloud/words'
import { type Mood, type MoodState, setMood } from '#contract/mood'
import { onNetworkBack } from '#platform/network'
import { applyMood } from './apply-mood'
import { moodWishes } from './mood-wishes'
import { nextWish } from './next-wish'

/** A reply that comes sooner needs no sign of waiting: the faces would only flicker (ms). */
const patience = 400

/** A cloud that is busy is asked again by itself, so many times, each time after twice as long (s). */
const retries = 5
const firstPause = 2

/** The state with the wish that waits on this phone, which the reader takes for granted. */
function withWaiting(articleId: string, state: MoodState): MoodState {
  const waiting = state.canVote ? moodWishes.waiting(articleId) : undefined
  return waiting && waiting.wish > state.wish ? applyMood(state, waiting.wanted) : state
}

/**
 * One story's moods and the reader's tap on them. Shown at once; one request in flight; the last wish wins, so five
 * quick taps are one state and at most two calls; a refusal puts the confirmed state back and says why. A wish that
 * finds no network, or a cloud that asks to wait, stays shown and goes out later.
 */
export function useMood(articleId: string, read: MoodState) {
  const opened = useMemo(() => moodWishes.newest(articleId, read), [articleId, read])
  const [shown, setShown] = useState(() => withWaiting(articleId, opened))
  const [waiting, setWaiting] = useState(() => opened.canVote && moodWishes.waiting(articleId) !== undefined)
  const confirmed = useRef(opened)
  const lastWish = useRef(opened.wish)
  /** What the reader wants now; undefined when the cloud already agrees. */
  const wanted = useRef<Mood | null | undefined>(undefined)
  const sending = useRef(false)
  /** What the call under way asks for: the next tap is on what the reader sees. */
  const asked = useRef<Mood | null>()
  /** The call under way was not asked for by a tap: that it has to wait further is no news. */
  const quiet = useRef(false)
  const again = useRef<ReturnType<typeof setTimeout>>()
  const retried = useRef(0)
  const resumer = useRef<() => void>(() => undefined)
  const closed = useRef(false)

  const send = useCallback(async () => {
    if (sending.current) return
    sending.current = true
    clearTimeout(again.current)
    const slow = setTimeout(() => {
      if (!closed.current) setWaiting(true)
    }, patience)
    let mood: Mood | null = null
    let wish = 0
    try {
      while (wanted.current !== undefined) {
        mood = wanted.current
        wanted.current = undefined
        // A wish that waits must be overtaken by a newer one even when the cloud already agrees with that.
        if (mood === confirmed.current.own && !moodWishes.waiting(articleId)) continue
        wish = nextWish(lastWish.current, Date.now())
        lastWish.current = wish
        asked.current = mood
        confirmed.current = await call(setMood, { articleId, mood, wish })
        lastWish.current = Math.max(lastWish.current, confirmed.current.wish)
        moodWishes.drop(articleId, wish)
        retried.current = 0
      }
      if (!closed.current) {
        setShown(confirmed.current)
        setWaiting(false)
      }
    } catch (error) {
      const later = mayWait(error)
      const newer = wanted.current
      wanted.current = undefined
      if (!later) moodWishes.drop(articleId, wish)
      else if (newer === undefined) moodWishes.keep({ subject: articleId, wanted: mood, wish })
      else {
        // The last wish wins, under a number of its own: the failed one may have arrived with its reply lost.
        lastWish.current = nextWish(lastWish.current, Date.now())
        moodWishes.keep({ subject: articleId, wanted: newer, wish: lastWish.current })
      }
      if (!closed.current) {
        setShown(withWaiting(articleId, confirmed.current))
        setWaiting(later)
        const title = later ? `已记下，${waitWords(error) ?? '网络恢复'}后自动送出` : wordsFor(error)
        if (!(later && quiet.current)) void Taro.showToast({ title, icon: 'none' })
        // A network that is away is heard of when it is back; a cloud that is busy says when to come again.
        const { code, retryAfter } = error instanceof CallFailed ? error : { code: '', retryAfter: undefined }
        if (code === 'unavailable' && retryAfter !== undefined && retried.current < retries) {
          const pause = Math.max(retryAfter, firstPause * 2 ** retried.current++)
          again.current = setTimeout(() => resumer.current(), pause * (1 + Math.random()) * 1000)
        }
      }
    } finally {
      clearTimeout(slow)
      sending.current = false
      asked.current = undefined
    }
  }, [articleId])

  const resume = useCallback(() => {
    const left = moodWishes.waiting(articleId)
    if (!left || sending.current || !confirmed.current.canVote) return
    if (left.wish <= confirmed.current.wish) {
      moodWishes.drop(articleId, left.wish)
      return
    }
    lastWish.current = Math.max(lastWish.current, left.wish)
    wanted.current = left.wanted
    quiet.current = true
    void send()
  }, [articleId, send])
  resumer.current = resume

  useEffect(() => {
    closed.current = false
    resume()
    const stop = onNetworkBack(resume)
    const stopHearing = moodWishes.onSent(subject => {
      if (subject !== articleId || sending.current) return
      confirmed.current = moodWishes.newest(articleId, confirmed.current)
      lastWish.current = Math.max(lastWish.current, confirmed.current.wish)
      setShown(withWaiting(articleId, confirmed.current))
      setWaiting(moodWishes.waiting(articleId) !== undefined)
    })
    return () => {
      closed.current = true
      clearTimeout(again.current)
      stop()
      stopHearing()
    }
  }, [articleId, resume])

  // The story is shown as the phone kept it, then as the cloud has it: a vote under way is not disturbed by that.
  const first = useRef(true)
  useEffect(() => {
    if (!first.current && !sending.current) {
      confirmed.current = opened
      lastWish.current = Math.max(lastWish.current, opened.wish)
      setShown(withWaiting(articleId, opened))
      resume()
    }
    first.current = false
  }, [articleId, opened, resume])

  const choose = useCallback(
    (mood: Mood) => {
      const left = moodWishes.waiting(articleId)
      const before = left && left.wish > confirmed.current.wish ? left.wanted : confirmed.current.own
      const wish = [wanted.current, asked.current, before].find(mood => mood !== undefined)
      wanted.current = wish === mood ? null : mood
      setShown(applyMood(confirmed.current, wanted.current))
      quiet.current = false
      void send()
    },
    [articleId, send],
  )

  return { mood: shown, waiting, choose }
}
