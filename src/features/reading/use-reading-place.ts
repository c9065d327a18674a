import Taro, { useDidHide } from '@tarojs/taro'
import { useCallback, useEffect, useRef } from 'react'
import { scrollPage } from '#platform/scroll-page'
import { scrolledTo, watchSight } from '#platform/sight'
import { tell } from '#platform/tell'
import { type Place, readPlace, writePlace } from './reading-place'

/** How often to read the scroll position while the reader scrolls (ms). */
const every = 1_000

/** How much of a story is on the page. */
export interface OnPage {
  /** Everything down to the fold is drawn, or down to the end if there is no fold. */
  drawn: boolean
  /** Nothing is behind a closed fold. */
  whole: boolean
  /** Number of batches drawn; it grows with each. */
  parts: number
  /** Every batch of the visible part is drawn. */
  complete: boolean
}

/**
 * Stores how far the reader read a story, and scrolls there when the story is opened again. `open` opens the fold. Does
 * nothing with an empty id.
 */
export function useReadingPlace(
  id: string,
  { drawn, whole, parts, complete }: OnPage,
  open: () => void,
): void {
  const last = useRef<{ top: number; whole: boolean } | null | undefined>(undefined)
  /** The place to go back to; null until it has been read from storage. */
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
    // In an effect, not during rendering: the web's first rendering must equal the server's, which has no storage.
    if (back.current === null) back.current = id === '' ? undefined : readPlace(id)
    const place = back.current
    if (!drawn || !place) return
    if (place.whole && !whole) {
      open()
      return
    }
    // Wait for all batches: until then the place may lie below the end of the page.
    if (!complete) return
    back.current = undefined
    Taro.nextTick(() => {
      void scrolledTo().then(top => {
        // Do not move a reader who has already scrolled.
        if (top > 50) return
        scrollPage({ scrollTop: place.top })
        tell('已回到上次读到的地方')
      })
    })
  }, [id, drawn, whole, complete, open])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of `parts` restarts the watching, to include new paragraphs
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
      // A rich text is many screens long, so watch it in steps.
      watchSight('.block-rich', look, { all: true, steps: 20 }),
      watchSight('.related', ({ seen }) => {
        // Read to the end: next time the story opens at its top. Not while batches of an opened fold are still missing.
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
