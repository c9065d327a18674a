import { createHash } from 'node:crypto'
import type { Transaction } from '../cloud'
import { findPublished, type PublishedRow } from '../stores/published'

const length = 10
const candidates = 5

/** The nth id that a draft's story may have: ten of `[0-9a-z]`. */
export function storyIdOf(draft: string, nth = 0): string {
  const name = `story:${draft}${nth === 0 ? '' : `\u0000${nth}`}`
  const digest = createHash('sha256').update(name).digest('hex')
  return BigInt(`0x${digest}`).toString(36).slice(0, length)
}

/**
 * The story of a draft: its id, and its row where it was published before. The id follows from the draft's, so two
 * publications at once cannot give one draft two stories; where another story has the id, the next candidate is taken.
 */
export async function findStoryOf(
  transaction: Transaction,
  draft: string,
): Promise<{ id: string; before: PublishedRow | null }> {
  for (let nth = 0; nth < candidates; nth++) {
    const id = storyIdOf(draft, nth)
    const row = await findPublished(transaction, id)
    if (!row || row.draft === draft) return { id, before: row }
  }
  throw new Error(`no free id for the draft ${draft}`)
}
