import { useCallback, useEffect, useRef, useState } from 'react'

export type Query<T> =
  | { state: 'loading' }
  | { state: 'ready'; data: T }
  | { state: 'failed'; error: unknown }

/**
 * Loads something when the page opens and again when `key` changes or `reload` is called. A reply that arrives after
 * the key moved on, or after the page closed, is dropped.
 */
export function useQuery<T>(key: string, load: () => Promise<T>): Query<T> & { reload: () => void } {
  const [query, setQuery] = useState<Query<T>>({ state: 'loading' })
  const latest = useRef(0)
  const loader = useRef(load)
  loader.current = load

  const reload = useCallback(() => {
    const mine = ++latest.current
    setQuery(current => (current.state === 'loading' ? current : { state: 'loading' }))
    loader.current().then(
      data => {
        if (mine === latest.current) setQuery({ state: 'ready', data })
      },
      (error: unknown) => {
        if (mine === latest.current) setQuery({ state: 'failed', error })
      },
    )
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is what makes it another query
  useEffect(() => {
    reload()
    return () => {
      latest.current++
    }
  }, [key, reload])

  return { ...query, reload }
}
