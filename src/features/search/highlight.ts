import type { Marks } from '#contract/search'

/** A part of a text, and whether it matches the query. */
export interface Stretch {
  text: string
  hit: boolean
}

/**
 * Cuts a text at its marks. Corrects marks outside the text, reversed or overlapping ones; never throws. Always returns
 * the whole text.
 */
export function stretches(text: string, marks: Marks): Stretch[] {
  const cut: Stretch[] = []
  let at = 0
  for (const [from, to] of [...marks].sort((a, b) => a[0] - b[0])) {
    const start = Math.max(at, Math.min(text.length, Math.floor(from)))
    const end = Math.min(text.length, Math.floor(to))
    if (!(end > start)) continue
    if (start > at) cut.push({ text: text.slice(at, start), hit: false })
    cut.push({ text: text.slice(start, end), hit: true })
    at = end
  }
  if (at < text.length) cut.push({ text: text.slice(at), hit: false })
  return cut
}
