import Taro, { useDidHide } from '@tarojs/taro'
import { useCallback, useEffect, useRef } from 'react'
import { scrolledTo, watchSight } from '#platform/sight'
import { readPlace, writePlace } from './reading-place'

/** How often the place is asked for while the reader scrolls (ms). */
const every = 1_000

/**
 * Keeps where the reader is in a story and goes back there when it is opened again. `drawn` says that the story is
 * on the page (down to the fold, if it has one); `whole` that nothing is folded away; `open` opens the fold.
 */
export function useReadingPlace(id: string, drawn: boolean, whole: boolean, open: () => void): void {
  const last = useRef<{ top: number; whole: boolean } | null | undefined>(undefined)
  const back = useRef(id === '' ? undefined : readPlace(id))
  const state = useRef(whole)
  state.current = whole

  const keep = useCallback(() => {
    if (last.current !== undefined) writePlace(id, last.current)
    last.current = undefined
  }, [id])
  useDidHide(keep)

  useEffect(() => {
    const place = back.current
    if (!drawn || !place) return
    if (place.whole && !whole) {
      open()
      return
    }
    back.current = undefined
    Taro.nextTick(() => {
      void scrolledTo().then(top => {
        // A reader who is under way already is left alone.
        if (top > 50) return
        void Taro.pageScrollTo({ scrollTop: place.top, duration: 0 })
        void Taro.showToast({ title: '已回到上次读到的地方', icon: 'none' })
      })
    })
  }, [drawn, whole, open])

  useEffect(() => {
    if (!drawn) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      timer ??= setTimeout(() => {
        timer = undefined
        void scrolledTo().then(top => {
          if (last.current !== null) last.current = { top, whole: state.current }
        })
      }, every)
    }
    const stopText = watchSight('.p', look, { all: true })
    const stopEnd = watchSight('.related', ({ seen }) => {
      // Read to the end: next time it begins at the beginning.
      if (seen > 0 && state.current) last.current = null
    })
    return () => {
      stopText()
      stopEnd()
      if (timer !== undefined) clearTimeout(timer)
      keep()
    }
  }, [drawn, keep])
}
