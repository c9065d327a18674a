import { db, type Transaction } from '../cloud'
import { withRetry } from '../retry'
import { findDraft } from '../stores/drafts'
import { draftHash } from './read-draft'

/** Changes a row and what was made of it in one transaction, so that either both are written or neither is. */

/** Thrown to abort the transaction when an editor saved the row in the meantime. */
class SavedMeanwhile extends Error {}

export const inTransaction = <T>(run: (transaction: Transaction) => Promise<T>): Promise<T> =>
  withRetry(() => db.runTransaction(run, 0), { attempts: 5, budget: 8_000, onRetry: () => undefined })

/**
 * Reads the row's hash again and runs `change` in one transaction. Returns null and writes nothing if the row no longer
 * has this `hash`, because an editor saved it in the meantime.
 */
export async function changeIfSame<T>(
  hashNow: (transaction: Transaction) => Promise<string | null>,
  hash: string,
  change: (transaction: Transaction) => Promise<T>,
): Promise<T | null> {
  try {
    return await inTransaction(async transaction => {
      if ((await hashNow(transaction)) !== hash) throw new SavedMeanwhile()
      return change(transaction)
    })
  } catch (error) {
    if (error instanceof SavedMeanwhile) return null
    throw error
  }
}

/** The same for a draft. */
export const changeUnlessSaved = <T>(
  id: string,
  hash: string,
  change: (transaction: Transaction) => Promise<T>,
): Promise<T | null> =>
  changeIfSame(
    async transaction => {
      const row = await findDraft(id, transaction)
      return row && draftHash(row)
    },
    hash,
    change,
  )
