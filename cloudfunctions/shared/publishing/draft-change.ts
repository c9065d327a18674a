import { db, type Transaction } from '../cloud'
import { withRetry } from '../retry'
import { findDraft } from '../stores/drafts'
import { draftHash } from './read-draft'

/** Changes of a draft and its story: each in one transaction, so that either all of it is written or nothing. */

/** Leaves a transaction because its editor saved the row meanwhile. */
class SavedMeanwhile extends Error {}

export const inTransaction = <T>(run: (transaction: Transaction) => Promise<T>): Promise<T> =>
  withRetry(() => db.runTransaction(run, 0), { attempts: 5, budget: 8_000, onRetry: () => undefined })

/**
 * Runs a change of a draft's story in a transaction that first reads the row again. Null, and nothing is written, where
 * an editor saved since `hash`.
 */
export async function changeUnlessSaved<T>(
  id: string,
  hash: string,
  change: (transaction: Transaction) => Promise<T>,
): Promise<T | null> {
  try {
    return await inTransaction(async transaction => {
      const row = await findDraft(id, transaction)
      if (!row || draftHash(row) !== hash) throw new SavedMeanwhile()
      return change(transaction)
    })
  } catch (error) {
    if (error instanceof SavedMeanwhile) return null
    throw error
  }
}
