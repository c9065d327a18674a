import * as v from 'valibot'
import { ArticleId, TopicId } from '#contract/ids'
import { command, type Document, db, type Transaction } from '../cloud'
import { isDuplicate } from '../failures'

/** The publishing code's side of the collection `articles`. What readers are given is in articles.ts. */
const collection = 'articles'

const Row = v.object({
  _id: ArticleId,
  state: v.fallback(v.string(), ''),
  title: v.fallback(v.string(), ''),
  version: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  /** Id of the draft from which the story was made; empty for an imported story. */
  draft: v.fallback(v.string(), ''),
  /** Digest of the published content, to find out whether a draft has changed it. */
  digest: v.fallback(v.string(), ''),
  /** Its place on the home page: see place-story.ts. */
  focus: v.fallback(v.boolean(), false),
  /** The topic that it shows. `listed`: the topic lists the story, the story's draft does not name the topic. */
  topic: v.fallback(
    v.nullable(
      v.object({
        id: TopicId,
        title: v.string(),
        listed: v.optional(v.boolean()),
        hidden: v.optional(v.boolean()),
      }),
    ),
    null,
  ),
  focusOrder: v.fallback(v.nullable(v.number()), null),
  focusFrom: v.fallback(v.nullable(v.date()), null),
  focusUntil: v.fallback(v.nullable(v.date()), null),
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

/** The fields of a row that a `PublishedRow` has. */
export const publishedFields = Object.keys(Row.entries)

export const publishedFrom = ([data]: readonly Document[]): PublishedRow | null => parsed(data ?? null)

/** Reads a story in any state, inside a transaction. */
export async function findPublished(
  transaction: Transaction | typeof db,
  id: string,
): Promise<PublishedRow | null> {
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

const State = v.object({ state: v.fallback(v.string(), ''), draft: v.fallback(v.string(), '') })

/** The states of the stories with these ids, and the drafts that they came from; 1,000 at most. */
export async function listStates(ids: readonly string[]): Promise<Map<string, v.InferOutput<typeof State>>> {
  const { data } = await db
    .collection(collection)
    .where({ _id: command.in(ids) })
    .field({ state: true, draft: true })
    .limit(Math.max(1, ids.length))
    .get()
  return new Map(data.map(row => [row._id, v.parse(State, row)]))
}

/** Leaves a transaction because a story that was to be new exists. */
export class StoryExists extends Error {
  override readonly name = 'StoryExists'
}

/** Writes a new story inside a transaction. The database checks that its id is free. @throws StoryExists */
export async function addPublished(transaction: Transaction, id: string, row: object): Promise<void> {
  try {
    await transaction.collection(collection).add({ data: { _id: id, ...row } })
  } catch (error) {
    throw isDuplicate(error) ? new StoryExists(id) : error
  }
}
