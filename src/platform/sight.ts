import Taro from '@tarojs/taro'
import { ask, attempt } from './optional'
import { thresholdsOf } from './sight-steps'

/** Position of an element in the window (px); `seen` is its visible part, 0 to 1. */
export interface Sight {
  seen: number
  top: number
}

export interface SightOptions {
  /** Extends the window downwards by this length (px). */
  below?: number
  /** Watches every element that the selector matches, not only the first. */
  all?: boolean
  /** Number of reports while an element scrolls through the window. */
  steps?: number
  /**
   * The initial visible part that WeChat assumes, 0 by default. WeChat sends no first report if this is correct
   * (wx.createIntersectionObserver, initialRatio).
   */
  initially?: number
}

/**
 * Watches how much of the matched elements is visible, without a message for every scrolled pixel. Returns a function
 * that stops it.
 */
export function watchSight(
  selector: string,
  listener: (sight: Sight) => void,
  { below = 0, all = false, steps = 1, initially = 0 }: SightOptions = {},
): () => void {
  const page = Taro.getCurrentInstance().page
  if (!page) return () => undefined
  let observer: Taro.IntersectionObserver | undefined
  let stopped = false
  const watch = () => {
    observer = Taro.createIntersectionObserver(page, {
      observeAll: all,
      thresholds: thresholdsOf(steps),
      initialRatio: initially,
    })
    observer.relativeToViewport({ bottom: below }).observe(selector, result => {
      listener({ seen: result.intersectionRatio ?? 0, top: result.boundingClientRect?.top ?? 0 })
    })
  }
  // The elements may belong to an update that is not yet on the screen.
  Taro.nextTick(() => {
    if (!stopped) attempt(watch)
  })
  return () => {
    stopped = true
    attempt(() => observer?.disconnect())
  }
}

/** Resolves with the scroll position of the page (px); 0 if the phone does not tell. */
export async function scrolledTo(): Promise<number> {
  const measure = () =>
    new Promise<number>(resolve => {
      Taro.createSelectorQuery()
        .selectViewport()
        .scrollOffset(result => resolve(result?.scrollTop ?? 0))
        .exec()
    })
  return (await ask(measure)) ?? 0
}
