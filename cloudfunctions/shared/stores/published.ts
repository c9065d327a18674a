import * as v from 'valibot'
import { ArticleId } from '#contract/ids'
import { command, type Document, type Transaction } from '../cloud'

/** The publishing code's side of the collection `articles`. What readers are given is in articles.ts. */
const collection = 'articles'

const Row = v.object({
  _id: ArticleId,
  state: v.fallback(v.string(), ''),
  version: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  /** The draft that the story came from; empty for one that was imported. */
  draft: v.fallback(v.string(), ''),
  /** Digest of what was published, to tell whether a draft holds anything new. */
  digest: v.fallback(v.string(), ''),
  focus: v.fallback(v.boolean(), false),
  /** The id of its poll; empty where it has none. */
  poll: v.fallback(v.string(), ''),
  publishedAt: v.fallback(v.nullable(v.date()), null),
  /** When a later version went out at a set time. */
  revisedAt: v.fallback(v.nullable(v.date()), null),
  /** From when readers see it, where it was stored ahead of that time. Gone once a tick has seen it public. */
  publishAt: v.fallback(v.nullable(v.date()), null),
  /** Until when readers see it. */
  offlineAt: v.fallback(v.nullable(v.date()), null),
  corrected: v.fallback(v.nullable(v.object({ at: v.date(), reason: v.string() })), null),
  editor: v.fallback(v.string(), ''),
  /** Why it was withdrawn; empty where it was not. */
  reason: v.fallback(v.string(), ''),
  /** What its editor was reminded of about the version that it replaced. */
  told: v.fallback(v.array(v.string()), []),
})
export type PublishedRow = v.InferOutput<typeof Row>

const parsed = (data: Document | null): PublishedRow | null => (data ? v.parse(Row, data) : null)

/** A story whatever its state, inside a transaction. */
export async function findPublished(transaction: Transaction, id: string): Promise<PublishedRow | null> {
  return parsed((await transaction.collection(collection).doc(id).get()).data)
}

/** Writes a whole story inside a transaction. */
export async function putPublished(transaction: Transaction, id: string, row: object): Promise<void> {
  await transaction.collection(collection).doc(id).set({ data: row })
}

/** Takes a story from readers, inside a transaction. They read the reason. */
export async function markWithdrawn(transaction: Transaction, id: string, reason: string): Promise<void> {
  await transaction
    .collection(collection)
    .doc(id)
    .update({ data: { state: 'withdrawn', reason } })
}

/** Cancels a story that was stored ahead and that no reader has seen, inside a transaction. */
export async function markCancelled(transaction: Transaction, id: string): Promise<void> {
  await transaction
    .collection(collection)
    .doc(id)
    .update({ data: { state: 'cancelled' } })
}

/** Notes that a story that was stored ahead is public, inside a transaction. */
export async function markOut(transaction: Transaction, id: string): Promise<void> {
  await transaction
    .collection(collection)
    .doc(id)
    .update({ data: { publishAt: command.remove() } })
}
