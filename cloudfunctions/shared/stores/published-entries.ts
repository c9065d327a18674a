import * as v from 'valibot'
import type { db, Transaction } from '../cloud'

/**
 * The publishing code's side of the collections `publishedTopics` and `publishedPolls`: what it made of the editors' rows
 * in `topics` and `polls`. What readers are given is in topics.ts and polls.ts.
 */

const collections = { topics: 'publishedTopics', polls: 'publishedPolls' } as const
/** The editors' collections whose rows are published as they are, unlike drafts. */
export type EntryKind = keyof typeof collections

const When = v.fallback(v.nullable(v.date()), null)

const Row = v.object({
  state: v.fallback(v.string(), ''),
  version: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  /** The row that it came from. */
  row: v.fallback(v.string(), ''),
  /** Digest of what was published, to tell whether the row holds anything new. */
  digest: v.fallback(v.string(), ''),
  /** When this version was published. */
  at: When,
  /** A topic's 发布时间. */
  publishedAt: When,
  /** The id of a topic's poll; empty where it has none. */
  poll: v.fallback(v.string(), ''),
  title: v.fallback(v.string(), ''),
  /** Where a poll stands. */
  articleId: v.fallback(v.string(), ''),
  topicId: v.fallback(v.string(), ''),
  /** Whether a reader has answered a poll. */
  answered: v.fallback(v.boolean(), false),
})
export type PublishedEntry = v.InferOutput<typeof Row>

/** A published topic or poll whatever its state, inside a transaction. */
export async function findPublishedEntry(
  transaction: Transaction | typeof db,
  kind: EntryKind,
  id: string,
): Promise<PublishedEntry | null> {
  const { data } = await transaction.collection(collections[kind]).doc(id).get()
  return data ? v.parse(Row, data) : null
}

/** Writes a whole published topic or poll inside a transaction. */
export async function putPublishedEntry(
  transaction: Transaction,
  kind: EntryKind,
  id: string,
  row: object,
): Promise<void> {
  await transaction.collection(collections[kind]).doc(id).set({ data: row })
}

/** Takes a topic or poll from readers, inside a transaction. */
export async function markEntryWithdrawn(
  transaction: Transaction,
  kind: EntryKind,
  id: string,
): Promise<void> {
  await transaction
    .collection(collections[kind])
    .doc(id)
    .update({ data: { state: 'withdrawn' } })
}
