/** Puts an entry first. The one of the same id moves up instead of standing twice; beyond `limit` the oldest leave. */
export function putFirst<T extends { id: string }>(list: readonly T[], entry: T, limit: number): T[] {
  return [entry, ...list.filter(other => other.id !== entry.id)].slice(0, limit)
}

/** Takes out the entry of an id. */
export function without<T extends { id: string }>(list: readonly T[], id: string): T[] {
  return list.filter(entry => entry.id !== id)
}
