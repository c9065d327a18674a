import { useDidHide, useDidShow, useTabItemTap } from '@tarojs/taro'
import { useRef } from 'react'
import { scrollPage } from './scroll-page'

/** WeChat reports the tap that shows a tab's page to that page too, right after it is shown (ms). */
const sameTap = 500

/** A tap on the tab of the page shown scrolls it to its top and runs `run`. Ignores the tap that activated the tab. */
export function useTabRetap(run: () => void): void {
  /** When the page came into sight (ms), 0 while it is out of it. */
  const shownAt = useRef(0)
  useDidShow(() => {
    shownAt.current = Date.now()
  })
  useDidHide(() => {
    shownAt.current = 0
  })
  useTabItemTap(() => {
    if (!shownAt.current || Date.now() - shownAt.current < sameTap) return
    scrollPage({ scrollTop: 0 })
    run()
  })
}
