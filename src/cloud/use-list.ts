import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { createList, type ListSource } from './list'

/** The list of a source. Another key creates another list; replies to the old one are ignored. */
export function useList<T extends { id: string }, First>(source: ListSource<T, First>) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names everything that a source depends on
  const list = useMemo(() => createList(source), [source.key])
  const pages = useSyncExternalStore(list.subscribe, list.now, list.now)
  useEffect(() => list.open(), [list])
  return { pages, refresh: list.refresh, loadMore: list.loadMore, retry: list.retry }
}
