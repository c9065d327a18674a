import { onNetworkBack } from '#platform/network'
import { firstReply } from './first-data'
import { countNew, mergePages } from './merge-pages'

export interface Page<T> {
  items: T[]
  next: string | null
}

/**
 * Where a list comes from. The `key` identifies the list and everything that it depends on: another key means another
 * list.
 */
export interface ListSource<T, First> {
  key: string
  /** Loads the first reply, which may contain more than a page: a headline, a time, a poll. */
  first(): Promise<First>
  /** Returns the page within the first reply. */
  pageOf(first: First): Page<T>
  more(cursor: string): Promise<Page<T>>
  /** The cached first reply, shown while the cloud is slow or unavailable; `at` in ms. */
  cached?(): { value: First; at: number } | undefined
}

export interface Pages<T, First = unknown> {
  items: T[]
  /** The first reply, with which `items` begin; undefined until there is one. */
  first: First | undefined
  /** `loading` the first page, loading `more`, the last attempt `failed`, or all entries loaded (`ended`). */
  state: 'loading' | 'ready' | 'more' | 'failed' | 'ended'
  error: unknown
  /** The cursor of the next page; null at the end, and before the first page. */
  next: string | null
  /** When the first page arrived (ms). Times such as 「3小时前」 are relative to it, so that a redraw changes no text. */
  at: number
  /** When the cached reply on the page was written (ms); absent after the cloud has answered. */
  cachedAt?: number
}

/** The result of a refresh: the number of new entries, or the error. Null if another request was in flight. */
export type Refreshed = { fresh: number } | { error: unknown } | null

/** How long the skeleton stays before the cached list replaces it (ms). */
const cachedAfter = 1500

export interface List<T, First> {
  /** The current state of the list. A new object after every change. */
  now(): Pages<T, First>
  /** Calls the listener after every change. Returns a function that unsubscribes it. */
  subscribe(listener: () => void): () => void
  /** Loads the first page. Returns a function that closes the list: replies that arrive later are ignored. */
  open(): () => void
  refresh(): Promise<Refreshed>
  loadMore(): Promise<void>
  /** Repeats what failed: the first page if the cloud has sent none, else the next one. */
  retry(): void
}

/**
 * A list that loads page by page, with one request at a time: a second pull or a double tap sends nothing. A reply to a
 * closed list changes nothing.
 */
export function createList<T extends { id: string }, First>(source: ListSource<T, First>): List<T, First> {
  const listeners = new Set<() => void>()
  /** Number of the request in flight, whose reply counts; 0 if there is none. */
  let asked = 0
  let requests = 0
  let pages: Pages<T, First> = {
    items: [],
    first: undefined,
    state: 'loading',
    error: undefined,
    next: null,
    at: Date.now(),
  }

  const show = (change: Partial<Pages<T, First>>) => {
    pages = { ...pages, ...change }
    for (const listener of listeners) listener()
  }

  const begin = (first: First, at: number) => {
    const { items, next } = source.pageOf(first)
    pages = {
      items: mergePages([], items),
      first,
      state: next === null ? 'ended' : 'ready',
      error: undefined,
      next,
      at,
    }
    show({})
  }

  const showCached = () => {
    const { state, items } = pages
    if (items.length > 0 || (state !== 'loading' && state !== 'failed')) return
    const cached = source.cached?.()
    if (cached) show({ items: source.pageOf(cached.value).items, first: cached.value, cachedAt: cached.at })
  }

  async function refresh(): Promise<Refreshed> {
    if (asked) return null
    asked = ++requests
    const mine = asked
    if (pages.items.length === 0 || pages.cachedAt !== undefined) show({ state: 'loading', error: undefined })
    try {
      const first = await source.first()
      if (asked !== mine) return null
      const page = source.pageOf(first)
      const { items, cachedAt } = pages
      const fresh = countNew(items, page.items)
      const same = cachedAt === undefined && page.items.every((item, index) => items[index]?.id === item.id)
      if (same && items.length > 0) {
        // Nothing new: keep the entries that the reader scrolled to, and their cursor.
        show({ items: [...page.items, ...items.slice(page.items.length)], first })
      } else begin(first, Date.now())
      return { fresh }
    } catch (error) {
      if (asked !== mine) return null
      // A failed refresh leaves the cloud's list unchanged. Only an empty or a cached list, which says that it loads, shows
      // the failure.
      if (pages.state === 'loading') {
        show({ state: 'failed', error })
        showCached()
      }
      return { error }
    } finally {
      if (asked === mine) asked = 0
    }
  }

  async function loadMore(): Promise<void> {
    const { next } = pages
    if (asked || next === null) return
    asked = ++requests
    const mine = asked
    show({ state: 'more' })
    try {
      const page = await source.more(next)
      if (asked !== mine) return
      show({
        items: mergePages(pages.items, page.items),
        state: page.next === null ? 'ended' : 'ready',
        error: undefined,
        next: page.next,
      })
    } catch (error) {
      if (asked === mine) show({ state: 'failed', error })
    } finally {
      if (asked === mine) asked = 0
    }
  }

  const retry = () => {
    void (pages.next === null ? refresh() : loadMore())
  }

  const came = firstReply<First>(source.key)
  if (came) {
    if ('value' in came) begin(came.value, came.at)
    else pages = { ...pages, state: 'failed', error: came.error, at: came.at }
  }

  return {
    now: () => pages,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    open() {
      if (!came) void refresh()
      const timer = setTimeout(showCached, cachedAfter)
      const stop = onNetworkBack(() => {
        if (pages.state === 'failed') retry()
      })
      return () => {
        clearTimeout(timer)
        stop()
        asked = 0
      }
    },
    refresh,
    loadMore,
    retry,
  }
}
