import type { Sight, SightOptions } from './sight'
import { thresholdsOf } from './sight-steps'

/** Web version of sight.ts. */
export function watchSight(
  selector: string,
  listener: (sight: Sight) => void,
  { below = 0, all = false, steps = 1 }: SightOptions = {},
): () => void {
  const observer = new IntersectionObserver(
    entries => {
      for (const { intersectionRatio, boundingClientRect } of entries) {
        listener({ seen: intersectionRatio, top: boundingClientRect.top })
      }
    },
    { rootMargin: `0px 0px ${below}px 0px`, threshold: thresholdsOf(steps) },
  )
  const found = Array.from(document.querySelectorAll(selector))
  for (const element of all ? found : found.slice(0, 1)) observer.observe(element)
  return () => observer.disconnect()
}

/** The scroll position of the page (px). */
export function scrolledTo(): Promise<number> {
  return Promise.resolve(scrollY)
}
