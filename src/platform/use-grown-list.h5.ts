import { useEffect, useRef } from 'react'
import { keepInHistory, keptInHistory } from './document-history'

/**
 * The browser goes back to where a document was scrolled by itself, as long as the document is as long as it was. A
 * list that had grown is not, where the document is made anew: its length and place are kept in the history, and the
 * list grows again before the page is scrolled.
 */
let grown = 0

/** Called once, before the page is taken over. */
export function keepGrownList(): void {
  // The browser itself would go as far as the short list reaches.
  history.scrollRestoration = keptInHistory().items ? 'manual' : 'auto'
  addEventListener('pagehide', () => {
    if (grown > 0) keepInHistory({ items: grown, top: scrollY })
  })
}

/** A list grows again to this many entries at most: ten more pages. */
const entriesAtMost = 220

/** For the list that fills a page: shows `count` entries now, in a state of `Pages`. */
export function useGrownList(count: number, state: string, loadMore: () => Promise<void>): void {
  const before = useRef<number | undefined>(undefined)
  const brought = useRef(count)
  useEffect(() => {
    before.current ??= Math.min(entriesAtMost, keptInHistory().items ?? 0)
    if (count > brought.current) grown = count
    if (before.current === 0) return
    if (count < before.current && state === 'ready') void loadMore()
    else if (state !== 'more' && state !== 'loading') {
      before.current = 0
      scrollTo(0, keptInHistory().top ?? 0)
    }
  }, [count, state, loadMore])
}
