import { command, type Document, db, type Transaction } from '../cloud'

/** Complete, unvalidated rows of the collections that editors write, because import and export use no schema. */

export const editorsCollections = ['drafts', 'topics', 'polls'] as const
export type EditorsCollection = (typeof editorsCollections)[number]

/** A row, inside a transaction where one is given. */
export async function findRow(
  collection: EditorsCollection,
  id: string,
  transaction?: Transaction,
): Promise<Document | null> {
  const { data } = await (transaction ?? db).collection(collection).doc(id).get()
  return data
}

/** Writes fields of a row inside a transaction. Other fields stay; a row that is gone stays gone. */
export async function noteRow(
  transaction: Transaction,
  collection: EditorsCollection,
  id: string,
  fields: object,
): Promise<void> {
  await transaction.collection(collection).doc(id).update({ data: fields })
}

/** The rows with these ids. */
export async function findRows(collection: EditorsCollection, ids: readonly string[]): Promise<Document[]> {
  const { data } = await db
    .collection(collection)
    .where({ _id: command.in(ids) })
    .limit(Math.max(1, ids.length))
    .get()
  return data
}

/** At most `count` rows after an id, in the order of their ids. '' comes before all ids. */
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

/** Adds a row. Throws the duplicate error (see isDuplicate) if its id exists. */
export async function addRow(collection: EditorsCollection, row: object): Promise<void> {
  await db.collection(collection).add({ data: row })
}

/** Replaces these fields of a row and leaves the others. Returns false if the row does not exist; it is not created. */
export async function setFields(
  collection: EditorsCollection,
  id: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const data = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, command.set(value)]))
  const { stats } = await db.collection(collection).doc(id).update({ data })
  return stats.updated > 0
}

/** The reminders of the rows of topics with these ids, as they are written. */
export async function listTopicReminders(ids: readonly string[]): Promise<Map<string, unknown>> {
  if (ids.length === 0) return new Map()
  const { data } = await db
    .collection('topics')
    .where({ _id: command.in([...ids]) })
    .field({ reminders: true })
    .limit(ids.length)
    .get()
  return new Map(data.map(({ _id, reminders }) => [_id, reminders]))
}

/** Changes the reminders of a topic's row inside a transaction, if it exists. */
export async function noteTopic(
  transaction: Transaction,
  id: string,
  change: (reminders: unknown) => string[],
): Promise<void> {
  const row = await findRow('topics', id, transaction)
  if (row) await noteRow(transaction, 'topics', id, { reminders: change(row.reminders) })
}
