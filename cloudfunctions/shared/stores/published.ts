import * as v from 'valibot'
import { ArticleId } from '#contract/ids'
import { command, type Document, type Transaction } from '../cloud'

/** The publishing code's side of the collection `articles`. What readers are given is in articles.ts. */
const collection = 'articles'

const Row = v.object({
  _id: ArticleId,
  state: v.fallback(v.string(), ''),
  version: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  /** Id of the draft from which the story was made; empty for an imported story. */
  draft: v.fallback(v.string(), ''),
  /** Digest of the published content, to find out whether a draft has changed it. */
  digest: v.fallback(v.string(), ''),
  focus: v.fallback(v.boolean(), false),
  /** The id of its poll; empty without one. */
  poll: v.fallback(v.string(), ''),
  publishedAt: v.fallback(v.nullable(v.date()), null),
  /** When a later version went out at a set time. */
  revisedAt: v.fallback(v.nullable(v.date()), null),
  /** The time from which readers see a story that was stored before. Removed when a tick has found the story public. */
  publishAt: v.fallback(v.nullable(v.date()), null),
  /** The time from which readers no longer see it. */
  offlineAt: v.fallback(v.nullable(v.date()), null),
  corrected: v.fallback(v.nullable(v.object({ at: v.date(), reason: v.string() })), null),
  editor: v.fallback(v.string(), ''),
  /** Why it was withdrawn; empty if it was not. */
  reason: v.fallback(v.string(), ''),
  /** The editor's reminders about the version that this one replaced. */
  told: v.fallback(v.array(v.string()), []),
})
export type PublishedRow = v.InferOutput<typeof Row>

const parsed = (data: Document | null): PublishedRow | null => (data ? v.parse(Row, data) : null)

/** Reads a story in any state, inside a transaction. */
export async function findPublished(transaction: Transaction, id: string): Promise<PublishedRow | null> {
  return parsed((await transaction.collection(collection).doc(id).get()).data)
}

/** Writes a whole story inside a transaction. */
export async function putPublished(transaction: Transaction, id: string, row: object): Promise<void> {
  await transaction.collection(collection).doc(id).set({ data: row })
}

/** Withdraws a story inside a transaction. Readers see the reason. */
export async function markWithdrawn(transaction: Transaction, id: string, reason: string): Promise<void> {
  await transaction
    .collection(collection)
    .doc(id)
    .update({ data: { state: 'withdrawn', reason } })
}

/** Cancels a story that was stored before its time and that no reader has seen, inside a transaction. */
export async function markCancelled(transaction: Transaction, id: string): Promise<void> {
  await transaction
    .collection(collection)
    .doc(id)
    .update({ data: { state: 'cancelled' } })
}

/** Notes that a story that was stored before its time is public now, inside a transaction. */
export async function markOut(transaction: Transaction, id: string): Promise<void> {
  await transaction
    .collection(collection)
    .doc(id)
    .update({ data: { publishAt: command.remove() } })
}
