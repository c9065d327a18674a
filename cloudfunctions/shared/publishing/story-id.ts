import type { db, Transaction } from '../cloud'
import { findPublished, type PublishedRow } from '../stores/published'
import { storyIdOf } from './story-id-of'

const candidates = 5

/**
 * Finds the story of a draft: its id, and its row if it was published before. The id is derived from the draft's id, so
 * two concurrent publications cannot create two stories. If another story has the id, the next candidate is used.
 */
export async function findStoryOf(
  transaction: Transaction | typeof db,
  draft: string,
): Promise<{ id: string; before: PublishedRow | null }> {
  for (let nth = 0; nth < candidates; nth++) {
    const id = storyIdOf(draft, nth)
    const row = await findPublished(transaction, id)
    if (!row || row.draft === draft) return { id, before: row }
  }
  throw new Error(`no free id for the draft ${draft}`)
}
