import Taro, { useDidHide } from '@tarojs/taro'
import { useEffect, useRef, useState } from 'react'
import { attempt } from './optional'

/** Screens above and below what is seen that stay drawn, in px: more than a flick travels before the next report. */
const margin = 2400

/**
 * The height of a part of the page that is far from what is seen, 0 while it is near: far parts are replaced by their
 * height, because a WeChat page holds 1000 nodes well (性能与体验) and a feed has no end. Watches while `active`.
 */
export function useFarAway(id: string, active: boolean): number {
  const [height, setHeight] = useState(0)
  const page = useRef(Taro.getCurrentInstance().page)
  const hidden = useRef(false)
  useDidHide(() => {
    // A hidden page reports everything as out of sight.
    hidden.current = true
  })
  useEffect(() => {
    if (!active) return
    // Without an initial ratio of 1 nothing is reported of what is far already when the watching begins.
    let observer: Taro.IntersectionObserver | undefined
    attempt(() => {
      observer = Taro.createIntersectionObserver(page.current ?? {}, { initialRatio: 1 })
      observer.relativeToViewport({ top: margin, bottom: margin }).observe(`#${id}`, result => {
        const seen = (result.intersectionRatio ?? 0) > 0
        if (hidden.current && !seen) return
        hidden.current = false
        setHeight(seen ? 0 : Math.round(result.boundingClientRect?.height ?? 0))
      })
    })
    return () => attempt(() => observer?.disconnect())
  }, [id, active])
  return active ? height : 0
}
