import { useDidHide, useDidShow, useTabItemTap } from '@tarojs/taro'
import { useRef } from 'react'
import { scrollPage } from './scroll-page'

/**
 * WeChat reports the tap that opens a tab to the newly shown page too. The report comes within this time after the page
 * is shown (ms).
 */
const sameTap = 500

/**
 * A tap on the tab of the current page scrolls it to its top and calls `run`. Ignores the tap that activated the tab.
 */
export function useTabRetap(run: () => void): void {
  /** When the page was last shown (ms); 0 while it is hidden. */
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
