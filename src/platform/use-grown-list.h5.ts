import { useEffect, useRef } from 'react'
import { storedInHistory, storeInHistory } from './document-history'

/**
 * Restores a list that had grown when the reader comes back to it. The browser restores the scroll position only if the
 * document is as long as before, and a reloaded document has only the first page of its list, or none below a story. So
 * the history stores the number of entries and the position; the list loads that many again, then the page scrolls.
 */
let grown = 0
/** The reader has touched the page since it opened: it must not move any more. */
let touched = false

const restore = () => scrollTo(0, storedInHistory().top ?? 0)

/** Whether the reader comes back to a list that had grown, such as the one below a story. */
export const hadGrown = (): boolean => Boolean(storedInHistory().items)

/** Call once, before hydration. */
export function keepGrownList(): void {
  // The browser's own restoration would stop at the end of the short list.
  history.scrollRestoration = hadGrown() ? 'manual' : 'auto'
  // As far as the document goes by now: a reader who was in its first part need not wait for the list.
  if (hadGrown()) restore()
  for (const type of ['wheel', 'pointerdown', 'keydown']) {
    addEventListener(type, () => {
      touched = true
    })
  }
  addEventListener('pagehide', () => {
    if (grown > 0) storeInHistory({ items: grown, top: scrollY })
  })
}

/** Maximum number of entries to load again: ten more pages. */
const entriesAtMost = 220

/** For the list at the end of a page. It shows `count` entries and has the `state` of `Pages`. */
export function useGrownList(count: number, state: string, loadMore: () => Promise<void>): void {
  const before = useRef<number | undefined>(undefined)
  const brought = useRef(count)
  useEffect(() => {
    before.current ??= Math.min(entriesAtMost, storedInHistory().items ?? 0)
    if (count > brought.current) grown = count
    if (before.current === 0) return
    if (count < before.current && state === 'ready') void loadMore()
    else if (state !== 'more' && state !== 'loading') {
      before.current = 0
      if (!touched) restore()
    }
  }, [count, state, loadMore])
}
