import { useCallback, useEffect, useRef, useState } from 'react'
import { onNetworkBack } from '#platform/network'
import { countNew, mergePages } from './merge-pages'

export interface Page<T> {
  items: T[]
  next: string | null
}

export interface Pages<T> {
  items: T[]
  /** `loading` the first page, `more` a further one, `failed` the last attempt, `ended` nothing left. */
  state: 'loading' | 'ready' | 'more' | 'failed' | 'ended'
  error: unknown
  /** When the first page came (ms): what 「3小时前」 is counted from, so that a redraw changes no text. */
  at: number
  /** Since when the phone has kept what is shown (ms); absent once the cloud has answered. */
  keptAt?: number
}

/** How a pull to refresh ended: how many entries are new, or why it failed. Null where another load was under way. */
export type Refreshed = { fresh: number } | { error: unknown } | null

/** What the phone still has of a first page, and since when. */
export type Kept<T> = () => { items: T[]; at: number } | undefined

/** So long a reader looks at a skeleton before seeing what the phone still has. */
const keptAfter = 1500

/**
 * A list read page by page. One request at a time: a second pull or a double tap asks nothing new; a reply to an
 * older `key` (another channel, another query) is dropped. `kept` fills the list while the cloud is slow or away.
 */
export function usePages<T extends { id: string }>(
  key: string,
  load: (cursor: string | undefined) => Promise<Page<T>>,
  kept?: Kept<T>,
) {
  const [pages, setPages] = useState<Pages<T>>(() => ({
    items: [],
    state: 'loading',
    error: undefined,
    at: Date.now(),
  }))
  const shown = useRef(pages)
  const loader = useRef(load)
  loader.current = load
  const keeper = useRef(kept)
  keeper.current = kept
  const next = useRef<string | null>(null)
  /** Number of the request whose reply counts; 0 while none is under way. */
  const asked = useRef(0)
  const requests = useRef(0)

  const show = useCallback((change: (current: Pages<T>) => Pages<T>) => {
    shown.current = change(shown.current)
    setPages(shown.current)
  }, [])

  const showKept = useCallback(() => {
    const { state, items } = shown.current
    if (items.length > 0 || (state !== 'loading' && state !== 'failed')) return
    const found = keeper.current?.()
    if (found) show(current => ({ ...current, items: found.items, keptAt: found.at }))
  }, [show])

  const loadFirst = useCallback(async (): Promise<Refreshed> => {
    if (asked.current) return null
    const mine = ++requests.current
    asked.current = mine
    if (shown.current.items.length === 0 || shown.current.keptAt !== undefined)
      show(current => ({ ...current, state: 'loading', error: undefined }))
    try {
      const page = await loader.current(undefined)
      if (asked.current !== mine) return null
      const { items, keptAt } = shown.current
      const fresh = countNew(items, page.items)
      const same = keptAt === undefined && page.items.every((item, index) => items[index]?.id === item.id)
      if (same && items.length > 0) {
        // Nothing new: what the reader scrolled to stays, with its own continuation.
        show(current => ({
          ...current,
          items: [...page.items, ...current.items.slice(page.items.length)],
        }))
      } else {
        next.current = page.next
        show(() => ({
          items: mergePages([], page.items),
          state: page.next === null ? 'ended' : 'ready',
          error: undefined,
          at: Date.now(),
        }))
      }
      return { fresh }
    } catch (error) {
      if (asked.current !== mine) return null
      const { items, state, keptAt } = shown.current
      // A pull that failed leaves the list as it was; only an empty or a kept one has to say so.
      if (items.length === 0 || keptAt !== undefined || state === 'loading') {
        show(current => ({ ...current, state: 'failed', error }))
        showKept()
      }
      return { error }
    } finally {
      if (asked.current === mine) asked.current = 0
    }
  }, [show, showKept])

  const loadMore = useCallback(async (): Promise<void> => {
    if (asked.current || next.current === null) return
    const mine = ++requests.current
    asked.current = mine
    show(current => ({ ...current, state: 'more' }))
    try {
      const page = await loader.current(next.current)
      if (asked.current !== mine) return
      next.current = page.next
      show(current => ({
        ...current,
        items: mergePages(current.items, page.items),
        state: page.next === null ? 'ended' : 'ready',
        error: undefined,
      }))
    } catch (error) {
      if (asked.current === mine) show(current => ({ ...current, state: 'failed', error }))
    } finally {
      if (asked.current === mine) asked.current = 0
    }
  }, [show])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is what makes it another list
  useEffect(() => {
    asked.current = 0
    next.current = null
    show(() => ({ items: [], state: 'loading', error: undefined, at: Date.now() }))
    void loadFirst()
    const timer = setTimeout(showKept, keptAfter)
    return () => {
      clearTimeout(timer)
      asked.current = 0
    }
  }, [key, loadFirst, show, showKept])

  /** The tap on 加载更多 or on a failure: the first page where there is none of the cloud's, else the next one. */
  const retry = useCallback(() => {
    void (next.current === null ? loadFirst() : loadMore())
  }, [loadFirst, loadMore])

  // A network that came back is asked by itself what it failed to bring.
  useEffect(
    () =>
      onNetworkBack(() => {
        if (shown.current.state === 'failed') retry()
      }),
    [retry],
  )

  return { pages, refresh: loadFirst, loadMore, retry }
}
