import Taro from '@tarojs/taro'
import { useCallback, useEffect, useRef, useState } from 'react'
import { call } from '#cloud/call'
import { wordsFor } from '#cloud/words'
import { type Mood, type MoodState, setMood } from '#contract/mood'
import { applyMood } from './apply-mood'
import { nextWish } from './next-wish'

/**
 * One story's moods and the reader's tap on them. Shown at once; one request in flight; the last wish wins, so five
 * quick taps are one state and at most two calls; a refusal puts the confirmed state back and says why.
 */
export function useMood(articleId: string, opened: MoodState) {
  const [shown, setShown] = useState(opened)
  const [waiting, setWaiting] = useState(false)
  const confirmed = useRef(opened)
  const lastWish = useRef(opened.wish)
  /** What the reader wants now; undefined when the cloud already agrees. */
  const wanted = useRef<Mood | null | undefined>(undefined)
  const sending = useRef(false)
  const closed = useRef(false)

  useEffect(() => {
    closed.current = false
    return () => {
      closed.current = true
    }
  }, [])

  const send = useCallback(async () => {
    if (sending.current) return
    sending.current = true
    try {
      while (wanted.current !== undefined) {
        const mood = wanted.current
        wanted.current = undefined
        if (mood === confirmed.current.own) continue
        const wish = nextWish(lastWish.current, Date.now())
        lastWish.current = wish
        confirmed.current = await call(setMood, { articleId, mood, wish })
        lastWish.current = Math.max(lastWish.current, confirmed.current.wish)
      }
      if (!closed.current) setShown(confirmed.current)
    } catch (error) {
      wanted.current = undefined
      if (!closed.current) {
        setShown(confirmed.current)
        void Taro.showToast({ title: wordsFor(error), icon: 'none' })
      }
    } finally {
      sending.current = false
      if (!closed.current) setWaiting(false)
    }
  }, [articleId])

  const choose = useCallback(
    (mood: Mood) => {
      const wish = wanted.current === undefined ? confirmed.current.own : wanted.current
      wanted.current = wish === mood ? null : mood
      setShown(applyMood(confirmed.current, wanted.current))
      setWaiting(true)
      void send()
    },
    [send],
  )

  return { mood: shown, waiting, choose }
}
