import { command, type Document, db, type Transaction } from '../cloud'

/**
 * The collection of manuscripts, one row each, which editors write in the console. Rows are handed on as they are:
 * publishing/read-draft.ts reads them, because a fault in one is an answer to its editor and not a broken row.
 */
const collection = 'drafts'

/** What the publishing code writes into a row. For display alone: a console may save an old row over it. */
export interface DraftNote {
  status: string
  problems: readonly string[]
  reminders: readonly string[]
  /** Where the story is, empty where readers do not see one. */
  link: string
  version: number
  storyId: string
  /** What last happened to the row and when, in a sentence. */
  result: string
}

/** Which text of a row was checked last: its hash without the status, and when. No editor reads it. */
export interface Checked {
  checked: { hash: string; at: Date }
}

export async function findDraft(id: string, transaction?: Transaction): Promise<Document | null> {
  const { data } = await (transaction ?? db).collection(collection).doc(id).get()
  return data
}

/** How many rows have one of some statuses. */
export async function countDrafts(statuses: readonly string[]): Promise<number> {
  const found = await db
    .collection(collection)
    .where({ status: command.in(statuses) })
    .count()
  return found.total
}

/** Writes a note into a row inside a transaction. Other fields stay; a row that is gone stays gone. */
export async function noteDraft(
  transaction: Transaction,
  id: string,
  note: Partial<DraftNote & Checked>,
): Promise<void> {
  await transaction.collection(collection).doc(id).update({ data: note })
}
