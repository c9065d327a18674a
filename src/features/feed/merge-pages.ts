import type { Teaser } from '#contract/article'

/**
 * Appends a page to a feed. A story that is already there keeps its place: a publication between two pages, or a
 * second reply to the same request, must not show a story twice.
 */
export function mergePages(shown: readonly Teaser[], page: readonly Teaser[]): Teaser[] {
  const known = new Set(shown.map(item => item.id))
  const merged = [...shown]
  for (const item of page) {
    if (known.has(item.id)) continue
    known.add(item.id)
    merged.push(item)
  }
  return merged
}
