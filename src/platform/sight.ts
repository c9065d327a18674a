import Taro from '@tarojs/taro'

/** Where something stands in the window (px); `seen` is its visible part, 0 to 1. */
export interface Sight {
  seen: number
  top: number
}

/**
 * Watches whether what a selector finds on the page is in sight, without a message for every pixel scrolled. `below`
 * widens the window at its lower edge (px). Gives the function that stops it.
 */
export function watchSight(
  selector: string,
  listener: (sight: Sight) => void,
  { below = 0, all = false }: { below?: number; all?: boolean } = {},
): () => void {
  const page = Taro.getCurrentInstance().page
  if (!page) return () => undefined
  const observer = Taro.createIntersectionObserver(page, { observeAll: all })
  observer.relativeToViewport({ bottom: below }).observe(selector, result => {
    listener({ seen: result.intersectionRatio ?? 0, top: result.boundingClientRect?.top ?? 0 })
  })
  return () => observer.disconnect()
}

/** How far the page is scrolled (px), once it is known. */
export function scrolledTo(): Promise<number> {
  return new Promise(resolve => {
    Taro.createSelectorQuery()
      .selectViewport()
      .scrollOffset(result => resolve(result?.scrollTop ?? 0))
      .exec()
  })
}
