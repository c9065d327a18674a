import Taro from '@tarojs/taro'
import { ask, attempt } from './optional'
import { thresholdsOf } from './sight-steps'

/** Where something stands in the window (px); `seen` is its visible part, 0 to 1. */
export interface Sight {
  seen: number
  top: number
}

export interface SightOptions {
  /** Widens the window at its lower edge (px). */
  below?: number
  /** Everything the selector finds, not the first alone. */
  all?: boolean
  /** How often a thing is reported while it goes by. */
  steps?: number
  /**
   * The visible part taken for granted, 0 by default: WeChat says nothing at first of what is just so
   * (wx.createIntersectionObserver, initialRatio).
   */
  initially?: number
}

/**
 * Watches whether what a selector finds on the page is in sight, without a message for every pixel scrolled. Gives the
 * function that stops it.
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
  // What is watched may be part of an update that is still on its way to the screen.
  Taro.nextTick(() => {
    if (!stopped) attempt(watch)
  })
  return () => {
    stopped = true
    attempt(() => observer?.disconnect())
  }
}

/** How far the page is scrolled (px), once it is known; 0 where the phone does not say. */
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
