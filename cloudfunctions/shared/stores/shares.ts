import type { ShareChannel } from '#contract/sharing'
import { db } from '../cloud'
import { isDuplicate } from '../failures'

/** The ledger of shares: what was shared, how and when. It does not store who shared. */
const shares = () => db.collection('shares')

export interface Share {
  mark: string
  articleId: string
  channel: ShareChannel
  at: Date
}

/** Adds a share under its mark. A repeat of the same mark changes nothing. */
export async function addShare({ mark, ...share }: Share): Promise<void> {
  try {
    await shares().add({ data: { _id: mark, ...share } })
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
}
