import { useCallback, useEffect, useRef, useState } from 'react'
import { call } from '#cloud/call'
import type { Teaser } from '#contract/article'
import { readFeed } from '#contract/feed'
import { mergePages } from './merge-pages'

export interface Feed {
  items: Teaser[]
  /** `loading` the first page, `more` a further one, `failed` the last attempt, `ended` nothing left. */
  state: 'loading' | 'ready' | 'more' | 'failed' | 'ended'
  error: unknown
}

/** The newest stories, page by page. One request at a time: a second pull or a double tap asks nothing new. */
export function useFeed() {
  const [feed, setFeed] = useState<Feed>({ items: [], state: 'loading', error: undefined })
  const next = useRef<string | null | undefined>(undefined)
  const loading = useRef(false)
  const closed = useRef(false)

  const load = useCallback(async (fromStart: boolean) => {
    if (loading.current || (!fromStart && next.current === null)) return
    loading.current = true
    setFeed(current => ({
      ...current,
      state:
        current.items.length > 0 && !fromStart
          ? 'more'
          : current.items.length > 0
            ? current.state
            : 'loading',
    }))
    try {
      const cursor = fromStart ? undefined : (next.current ?? undefined)
      const page = await call(readFeed, cursor === undefined ? {} : { cursor })
      next.current = page.next
      if (closed.current) return
      setFeed(current => ({
        items: mergePages(fromStart ? [] : current.items, page.items),
        state: page.next === null ? 'ended' : 'ready',
        error: undefined,
      }))
    } catch (error) {
      if (!closed.current) setFeed(current => ({ ...current, state: 'failed', error }))
    } finally {
      loading.current = false
    }
  }, [])

  useEffect(() => {
    closed.current = false
    void load(true)
    return () => {
      closed.current = true
    }
  }, [load])

  return {
    feed,
    refresh: useCallback(() => load(true), [load]),
    loadMore: useCallback(() => load(false), [load]),
  }
}
