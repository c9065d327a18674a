import Taro, { useDidHide } from '@tarojs/taro'
import { useEffect, useRef, useState } from 'react'
import { attempt } from './optional'

/**
 * Parts within this distance above and below the window stay drawn (px). More than a flick scrolls before the next
 * report.
 */
const margin = 2400

/**
 * Returns the height of a part of the page that is far outside the window, 0 while it is near. The page replaces a
 * distant part by an empty box of this height: a feed has no end, but WeChat pages become slow beyond 1,000 nodes
 * (性能与体验). Watches while `active`.
 */
export function useFarAway(id: string, active: boolean): number {
  const [height, setHeight] = useState(0)
  const page = useRef(Taro.getCurrentInstance().page)
  const hidden = useRef(false)
  useDidHide(() => {
    // A hidden page reports every part as out of sight.
    hidden.current = true
  })
  useEffect(() => {
    if (!active) return
    // With an initial ratio of 1, WeChat also reports a part that is already far away when watching begins.
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
