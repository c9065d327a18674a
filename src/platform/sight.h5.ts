import Taro from '@tarojs/taro'
import type { Sight, SightOptions } from './sight'
import { thresholdsOf } from './sight-steps'

/** The page shown. Taro would look through the whole document, where pages opened before lie hidden. */
function shownPage(): HTMLElement | null {
  return document.getElementById(Taro.getCurrentInstance().page?.path ?? '')
}

/** As in sight.ts. The page itself is what scrolls, so it is what an element is seen in. */
export function watchSight(
  selector: string,
  listener: (sight: Sight) => void,
  { below = 0, all = false, steps = 1 }: SightOptions = {},
): () => void {
  const page = shownPage()
  if (!page) return () => undefined
  const observer = new IntersectionObserver(
    entries => {
      for (const { intersectionRatio, boundingClientRect } of entries) {
        listener({ seen: intersectionRatio, top: boundingClientRect.top })
      }
    },
    { root: page, rootMargin: `0px 0px ${below}px 0px`, threshold: thresholdsOf(steps) },
  )
  const found = Array.from(page.querySelectorAll(selector))
  for (const element of all ? found : found.slice(0, 1)) observer.observe(element)
  return () => observer.disconnect()
}

/** How far the page is scrolled (px). */
export function scrolledTo(): Promise<number> {
  return Promise.resolve(shownPage()?.scrollTop ?? 0)
}
