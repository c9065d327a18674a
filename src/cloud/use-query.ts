import { useCallback, useEffect, useRef, useState } from 'react'
import { onNetworkBack } from '#platform/network'
import { CallFailed } from './call'
import { firstReply } from './first-data'

/**
 * `from` tells where the data came from: the `cloud`; the `cache`, while the request is in flight; or the cache because
 * the cloud does not answer (`offline`).
 */
export type Query<T> =
  | { state: 'loading' }
  | { state: 'ready'; data: T; from: 'cloud' | 'cache' | 'offline' }
  | { state: 'failed'; error: unknown }

export interface QueryOptions<T> {
  /** Returns the cached value, shown at once. */
  cached?: () => T | undefined
  /** Merges a fresh reply into the data shown, so that React does not redraw unchanged parts. */
  join?: (shown: T, fresh: T) => T
}

/** Error codes after which cached data stays on the page, because the cloud did not say that the data is wrong. */
const away = new Set(['unavailable', 'too-many', 'internal'])
const isAway = (error: unknown): boolean => error instanceof CallFailed && away.has(error.code)

/**
 * Loads data when the page opens, when `key` changes, when `reload` is called, and when the network is back after a
 * failure. Ignores a reply that arrives after the key has changed or the page has closed.
 */
export function useQuery<T>(
  key: string,
  load: () => Promise<T>,
  options: QueryOptions<T> = {},
): Query<T> & { reload: () => void } {
  const latest = useRef(0)
  const loader = useRef(load)
  loader.current = load
  const settings = useRef(options)
  settings.current = options

  const atStart = (): Query<T> => {
    const came = firstReply<T>(key)
    if (came) {
      return 'value' in came
        ? { state: 'ready', data: came.value, from: 'cloud' }
        : { state: 'failed', error: came.error }
    }
    const data = settings.current.cached?.()
    return data === undefined ? { state: 'loading' } : { state: 'ready', data, from: 'cache' }
  }
  const [query, setQuery] = useState(atStart)
  const drawn = useRef({ key, query })
  drawn.current.query = query

  const reload = useCallback(() => {
    const mine = ++latest.current
    setQuery(current => (current.state === 'failed' ? { state: 'loading' } : current))
    loader.current().then(
      fresh => {
        if (mine !== latest.current) return
        setQuery(current => {
          const { join } = settings.current
          const data = current.state === 'ready' && join ? join(current.data, fresh) : fresh
          return { state: 'ready', data, from: 'cloud' }
        })
      },
      (error: unknown) => {
        if (mine !== latest.current) return
        setQuery(current =>
          current.state === 'ready' && isAway(error)
            ? { ...current, from: current.from === 'cloud' ? 'cloud' : 'offline' }
            : { state: 'failed', error },
        )
      },
    )
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the cache is read when the key changes, not at every render
  useEffect(() => {
    if (drawn.current.key !== key) {
      drawn.current.key = key
      setQuery(atStart())
    }
    const came = firstReply<T>(key)
    if (!came || came.anyone) reload()
    const stop = onNetworkBack(() => {
      const { query: now } = drawn.current
      const waits = now.state === 'failed' ? isAway(now.error) : now.state === 'ready' && now.from !== 'cloud'
      if (waits) reload()
    })
    return () => {
      latest.current++
      stop()
    }
  }, [key, reload])

  return { ...query, reload }
}
