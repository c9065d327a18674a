/**
 * Appends a page to a list. An entry that is already there keeps its place. So no story appears twice after a
 * publication between two pages, or after a second reply to the same request.
 */
export function mergePages<T extends { id: string }>(shown: readonly T[], page: readonly T[]): T[] {
  const known = new Set(shown.map(item => item.id))
  const merged = [...shown]
  for (const item of page) {
    if (known.has(item.id)) continue
    known.add(item.id)
    merged.push(item)
  }
  return merged
}

/** Number of entries of a page that are not shown yet: the N of 「有 N 篇新文章」. */
export function countNew(shown: readonly { id: string }[], page: readonly { id: string }[]): number {
  return mergePages(shown, page).length - mergePages([], shown).length
}
