import { command, type Document, db } from '../cloud'

/** Rows of the collections that editors write, whole and whatever is in them: an import and an export know no schema. */

export const editorsCollections = ['drafts', 'topics', 'polls'] as const
export type EditorsCollection = (typeof editorsCollections)[number]

/** The rows with these ids. */
export async function findRows(collection: EditorsCollection, ids: readonly string[]): Promise<Document[]> {
  const { data } = await db
    .collection(collection)
    .where({ _id: command.in(ids) })
    .limit(Math.max(1, ids.length))
    .get()
  return data
}

/** The rows after an id, in the order of their ids; `count` at most. '' stands before all. */
export async function listRowsAfter(
  collection: EditorsCollection,
  id: string,
  count: number,
): Promise<Document[]> {
  const { data } = await db
    .collection(collection)
    .where({ _id: command.gt(id) })
    .orderBy('_id', 'asc')
    .limit(count)
    .get()
  return data
}

/** Adds a row. Throws the duplicate error (see isDuplicate) where its id exists. */
export async function addRow(collection: EditorsCollection, row: object): Promise<void> {
  await db.collection(collection).add({ data: row })
}

/** Sets fields of a row as wholes, and keeps its others. Returns false where the row is gone; it stays gone. */
export async function setFields(
  collection: EditorsCollection,
  id: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const data = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, command.set(value)]))
  const { stats } = await db.collection(collection).doc(id).update({ data })
  return stats.updated > 0
}
