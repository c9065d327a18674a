/**
 * Puts an entry first and removes an older entry with the same key. Beyond `most` entries, the last ones are dropped.
 */
export function putFirst<T>(
  list: readonly T[],
  entry: T,
  most: number,
  keyOf: (entry: T) => unknown = same => same,
): T[] {
  const key = keyOf(entry)
  return [entry, ...list.filter(other => keyOf(other) !== key)].slice(0, most)
}

export const idOf = ({ id }: { id: string }): string => id
