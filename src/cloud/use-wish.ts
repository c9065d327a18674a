import Taro from '@tarojs/taro'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { onNetworkBack } from '#platform/network'
import { CallFailed } from './call'
import { nextWish } from './next-wish'
import { mayWait, type WishQueue } from './wish-queue'
import { type Votable, withWaiting } from './with-waiting'
import { waitWords, wordsFor } from './words'

/** A cloud that is busy is asked again by itself, so many times, each time after twice as long (s). */
const retries = 5
const firstPause = 2

/** What is particular to one kind of vote. One object a kind, not made anew at each drawing. */
export interface WishKind<State extends Votable, Wanted, Own = Wanted> {
  queue: WishQueue<Wanted, State>
  /** What the reader sees at the tap, before the cloud has answered. */
  apply(state: State, wanted: Wanted): State
  /** The reader's own choice in a state. */
  ownOf(state: State): Own
  /** Whether nothing need be sent, since the cloud agrees already. */
  agrees?(state: State, wanted: Wanted): boolean
  /** Whether nobody may vote here any more: a wish that waits is then given up. */
  isOver?(state: State): boolean
  /** Words for a refusal that means something particular here. */
  wordsFor?(error: unknown): string | undefined
  /** A reply that comes sooner (ms) needs no sign of waiting; without it only a wish that is kept has one. */
  patience?: number
}

/**
 * What a reader wants of one subject: a story's mood, a poll. `read` is the subject's state as the page has it, undefined
 * until there is one. Shown at once; one request in flight; the last wish wins, so five quick taps are one state; a
 * refusal puts the confirmed state back, says why and calls `onRefused`. A wish that finds no network, or a cloud that
 * asks to wait, stays shown (`waiting`) and goes out later.
 */
export function useWish<State extends Votable, Wanted, Own = Wanted>(
  kind: WishKind<State, Wanted, Own>,
  subject: string | undefined,
  read: State | undefined,
  onRefused?: (error: unknown) => void,
) {
  const { queue } = kind
  const opened = useMemo(
    () => (read && subject !== undefined ? queue.newest(subject, read) : undefined),
    [queue, subject, read],
  )
  const kept = useCallback(
    () => (subject === undefined ? undefined : queue.waiting(subject)),
    [queue, subject],
  )
  const asSeen = useCallback((state: State) => withWaiting(state, kept(), kind.apply), [kind, kept])
  const [shown, setShown] = useState(() => opened && asSeen(opened))
  const [waiting, setWaiting] = useState(() => opened?.canVote === true && kept() !== undefined)
  const confirmed = useRef(opened)
  const lastWish = useRef(opened?.wish ?? 0)
  /** What the reader wants now; undefined when the cloud already agrees. */
  const wanted = useRef<{ value: Wanted }>()
  /** What the call under way asks for: the next tap is on what the reader sees. */
  const asked = useRef<{ value: Wanted }>()
  const sending = useRef(false)
  /** The call under way was not asked for by a tap: that it has to wait further is no news. */
  const quiet = useRef(false)
  const again = useRef<ReturnType<typeof setTimeout>>()
  const retried = useRef(0)
  const resumer = useRef<() => void>(() => undefined)
  const refused = useRef(onRefused)
  refused.current = onRefused
  const closed = useRef(false)

  const adopt = useCallback(
    (state: State) => {
      confirmed.current = state
      lastWish.current = Math.max(lastWish.current, state.wish)
      setShown(asSeen(state))
    },
    [asSeen],
  )

  const send = useCallback(async () => {
    if (sending.current || subject === undefined) return
    sending.current = true
    clearTimeout(again.current)
    const slow =
      kind.patience === undefined
        ? undefined
        : setTimeout(() => {
            if (!closed.current) setWaiting(true)
          }, kind.patience)
    let value: Wanted | undefined
    let wish = 0
    let failure: { error: unknown } | undefined
    try {
      while (wanted.current && confirmed.current) {
        value = wanted.current.value
        wanted.current = undefined
        // A wish that waits must be overtaken by a newer one even when the cloud already agrees with that.
        if (kind.agrees?.(confirmed.current, value) && !kept()) continue
        wish = nextWish(lastWish.current, Date.now())
        lastWish.current = wish
        asked.current = { value }
        confirmed.current = await queue.send({ subject, wanted: value, wish })
        lastWish.current = Math.max(lastWish.current, confirmed.current.wish)
        queue.drop(subject, wish)
        retried.current = 0
      }
    } catch (error) {
      failure = { error }
      const newer = wanted.current
      wanted.current = undefined
      if (!mayWait(error)) queue.drop(subject, wish)
      else if (newer === undefined) queue.keep({ subject, wanted: value as Wanted, wish })
      else {
        // The last wish wins, under a number of its own: the failed one may have arrived with its reply lost.
        lastWish.current = nextWish(lastWish.current, Date.now())
        queue.keep({ subject, wanted: newer.value, wish: lastWish.current })
      }
    } finally {
      clearTimeout(slow)
      sending.current = false
      asked.current = undefined
    }
    if (closed.current) return
    if (confirmed.current) setShown(asSeen(confirmed.current))
    const later = failure !== undefined && mayWait(failure.error)
    setWaiting(later)
    if (!failure) return
    const { error } = failure
    const held = `已记下，${waitWords(error) ?? '网络恢复'}后自动送出`
    const title = later ? held : (kind.wordsFor?.(error) ?? wordsFor(error))
    if (!(later && quiet.current)) void Taro.showToast({ title, icon: 'none' })
    // A network that is away is heard of when it is back; a cloud that is busy says when to come again.
    const { code, retryAfter } = error instanceof CallFailed ? error : { code: '', retryAfter: undefined }
    if (code === 'unavailable' && retryAfter !== undefined && retried.current < retries) {
      const pause = Math.max(retryAfter, firstPause * 2 ** retried.current++)
      again.current = setTimeout(() => resumer.current(), pause * (1 + Math.random()) * 1000)
    }
    if (!later) refused.current?.(error)
  }, [kind, queue, subject, kept, asSeen])

  const resume = useCallback(() => {
    const left = kept()
    const base = confirmed.current
    if (!left || !base || sending.current) return
    // Closed meanwhile, or arrived after all.
    if (kind.isOver?.(base) || (base.canVote && left.wish <= base.wish)) {
      queue.drop(left.subject, left.wish)
      setShown(base)
      setWaiting(false)
      return
    }
    if (!base.canVote) return
    lastWish.current = Math.max(lastWish.current, left.wish)
    wanted.current = { value: left.wanted }
    quiet.current = true
    setWaiting(true)
    void send()
  }, [kind, queue, kept, send])
  resumer.current = resume

  useEffect(() => {
    closed.current = false
    resume()
    const stops = [
      onNetworkBack(resume),
      queue.onSent(sent => {
        if (sent !== subject || !confirmed.current || sending.current) return
        adopt(queue.newest(sent, confirmed.current))
        setWaiting(kept() !== undefined)
      }),
    ]
    return () => {
      closed.current = true
      clearTimeout(again.current)
      for (const stop of stops) stop()
    }
  }, [queue, subject, kept, adopt, resume])

  // A story is shown as the phone kept it, then as the cloud has it: a vote under way is not disturbed by that.
  const first = useRef(true)
  useEffect(() => {
    if (!first.current && opened && !sending.current) {
      adopt(opened)
      resume()
    }
    first.current = false
  }, [opened, adopt, resume])

  /** A tap: `next` gives what the reader wants after it, from what they see now. */
  const want = useCallback(
    (next: (before: Wanted | Own) => Wanted) => {
      const base = confirmed.current
      if (!base) return
      const before = wanted.current ?? asked.current
      wanted.current = { value: next(before ? before.value : kind.ownOf(asSeen(base))) }
      setShown(kind.apply(base, wanted.current.value))
      quiet.current = false
      void send()
    },
    [kind, asSeen, send],
  )

  return { shown, waiting, want }
}
