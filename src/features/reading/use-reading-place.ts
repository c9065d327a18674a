import Taro, { useDidHide } from '@tarojs/taro'
import { useCallback, useEffect, useRef } from 'react'
import { scrollPage } from '#platform/scroll-page'
import { scrolledTo, watchSight } from '#platform/sight'
import { tell } from '#platform/tell'
import { type Place, readPlace, writePlace } from './reading-place'

/** How often the place is asked for while the reader scrolls (ms). */
const every = 1_000

/** What of a story is on the page. */
export interface OnPage {
  /** Down to the fold, or to the end. */
  drawn: boolean
  /** Nothing is folded away. */
  whole: boolean
  /** Batches of it: the story grows with each. */
  parts: number
  /** No batch of what is open is still to come. */
  complete: boolean
}

/**
 * Stores how far a story was read and scrolls back there when it is opened again. `open` opens the fold. Does nothing
 * without an id.
 */
export function useReadingPlace(
  id: string,
  { drawn, whole, parts, complete }: OnPage,
  open: () => void,
): void {
  const last = useRef<{ top: number; whole: boolean } | null | undefined>(undefined)
  /** The place to go back to; null until it has been looked up. */
  const back = useRef<Place | undefined | null>(null)
  const state = useRef({ whole, complete })
  state.current = { whole, complete }
  const looking = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)

  const store = useCallback(() => {
    if (id !== '' && last.current !== undefined) writePlace(id, last.current)
    last.current = undefined
  }, [id])
  useDidHide(store)

  useEffect(() => {
    // Not while rendering: the web's first rendering is the server's, which knows no phone.
    if (back.current === null) back.current = id === '' ? undefined : readPlace(id)
    const place = back.current
    if (!drawn || !place) return
    if (place.whole && !whole) {
      open()
      return
    }
    // What is still to come would leave the place below the end of the page.
    if (!complete) return
    back.current = undefined
    Taro.nextTick(() => {
      void scrolledTo().then(top => {
        // A reader who is under way already is left alone.
        if (top > 50) return
        scrollPage({ scrollTop: place.top })
        tell('已回到上次读到的地方')
      })
    })
  }, [id, drawn, whole, complete, open])

  // biome-ignore lint/correctness/useExhaustiveDependencies: paragraphs are watched anew when more of them are there
  useEffect(() => {
    if (!drawn) return
    const look = () => {
      looking.current ??= setTimeout(() => {
        looking.current = undefined
        void scrolledTo().then(top => {
          if (last.current !== null) last.current = { top, whole: state.current.whole }
        })
      }, every)
    }
    const stops = [
      watchSight('.block-p', look, { all: true }),
      // A rich text is many screens long.
      watchSight('.block-rich', look, { all: true, steps: 20 }),
      watchSight('.related', ({ seen }) => {
        // Read to the end: next time it begins at the beginning. What has just been unfolded is still to come.
        if (seen > 0 && state.current.whole && state.current.complete) last.current = null
      }),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }, [drawn, parts])

  useEffect(
    () => () => {
      clearTimeout(looking.current)
      store()
    },
    [store],
  )
}
