import type { Json } from '../protocol'

interface Asked {
  selector: string
  scope: 'one' | 'all' | 'viewport'
  fields: Record<string, boolean | string[]>
}

/** `>>>` reaches into components. Here all components share one document. */
const plainSelector = (selector: string) => selector.replaceAll('>>>', ' ')

/** The page's `data-…` values: the framework stores them beside the element, not as attributes. */
function datasetOf(element: Element): Json {
  const { __wxElement: own } = element as { __wxElement?: { dataset?: Record<string, Json> } }
  return { ...own?.dataset }
}

function rectOf(element: Element, frame: DOMRect) {
  const { left, top, right, bottom, width, height } = element.getBoundingClientRect()
  return {
    left: left - frame.left,
    right: right - frame.left,
    top: top - frame.top,
    bottom: bottom - frame.top,
    width,
    height,
  }
}

/** Answers a selector query. */
export function answerQuery(frame: HTMLElement, scroller: HTMLElement, asked: Asked[]): Json {
  const bounds = frame.getBoundingClientRect()
  const describe = (element: HTMLElement, fields: Asked['fields']): Json => {
    const found: Record<string, Json> = {}
    if (fields.id) found.id = element.id
    if (fields.dataset) found.dataset = datasetOf(element)
    const { width, height, ...sides } = rectOf(element, bounds)
    if (fields.rect) Object.assign(found, sides)
    if (fields.size) Object.assign(found, { width, height })
    if (fields.scrollOffset) {
      Object.assign(found, {
        scrollLeft: element.scrollLeft,
        scrollTop: element.scrollTop,
        scrollWidth: element.scrollWidth,
        scrollHeight: element.scrollHeight,
      })
    }
    if (Array.isArray(fields.computedStyle)) {
      const style = getComputedStyle(element)
      for (const name of fields.computedStyle) found[name] = style.getPropertyValue(name)
    }
    return found
  }
  return asked.map(({ selector, scope, fields }) => {
    if (scope === 'viewport') {
      const { width, height } = bounds
      return {
        ...(describe(scroller, { ...fields, rect: false, size: false }) as Record<string, Json>),
        ...{ id: '', dataset: {}, left: 0, top: 0, right: width, bottom: height, width, height },
      }
    }
    const elements = Array.from(scroller.querySelectorAll<HTMLElement>(plainSelector(selector)))
    if (scope === 'all') return elements.map(element => describe(element, fields))
    const [first] = elements
    return first ? describe(first, fields) : null
  })
}

interface Observed {
  selector: string
  relatives: { selector: string; margins: Record<string, number> }[]
  thresholds: number[]
  initialRatio: number
  all: boolean
}

/**
 * Observes as createIntersectionObserver does. The first report comes at once, but only if the ratio differs from
 * `initialRatio` (WeChat docs, wx.createIntersectionObserver). With the default 0, elements out of sight are not reported.
 */
export function observe(
  scroller: HTMLElement,
  { selector, relatives, thresholds, initialRatio, all }: Observed,
  report: (value: Json) => void,
): () => void {
  const [relative] = relatives
  const margins = relative?.margins ?? {}
  const side = (name: string) => `${margins[name] ?? 0}px`
  const root = relative?.selector ? scroller.querySelector(plainSelector(relative.selector)) : scroller
  const found = Array.from(scroller.querySelectorAll<HTMLElement>(plainSelector(selector)))
  const rect = ({ left, top, right, bottom, width, height }: DOMRectReadOnly) => ({
    left,
    top,
    right,
    bottom,
    width,
    height,
  })
  const known = new Set<Element>()
  const observer = new IntersectionObserver(
    entries => {
      for (const entry of entries) {
        const first = !known.has(entry.target)
        known.add(entry.target)
        if (first && entry.intersectionRatio === initialRatio) continue
        report({
          id: entry.target.id,
          dataset: datasetOf(entry.target),
          intersectionRatio: entry.intersectionRatio,
          intersectionRect: rect(entry.intersectionRect),
          boundingClientRect: rect(entry.boundingClientRect),
          relativeRect: entry.rootBounds ? rect(entry.rootBounds) : null,
          time: entry.time,
        })
      }
    },
    {
      root,
      rootMargin: ['top', 'right', 'bottom', 'left'].map(side).join(' '),
      threshold: thresholds,
    },
  )
  for (const element of all ? found : found.slice(0, 1)) observer.observe(element)
  return () => observer.disconnect()
}
