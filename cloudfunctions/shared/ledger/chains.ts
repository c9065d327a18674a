import type { ShareRow } from '../stores/shares'

/** A phone may send any mark as the parent, so a chain may be a circle. */
const deepest = 100

/**
 * How deep each share is in its chain, by its mark: 1 for a share whose sharer came by none of the other shares. A parent
 * that is not among the rows, or that belongs to another story, begins a new chain.
 */
export function depthsOf(rows: readonly ShareRow[]): Map<string, number> {
  const byMark = new Map(rows.map(row => [row._id, row]))
  const depths = new Map<string, number>()
  for (const row of rows) {
    const seen = new Set<string>()
    for (
      let at: ShareRow | undefined = row;
      at && !seen.has(at._id) && at.articleId === row.articleId && seen.size < deepest;
      at = byMark.get(at.parent ?? '')
    ) {
      seen.add(at._id)
    }
    depths.set(row._id, seen.size)
  }
  return depths
}
