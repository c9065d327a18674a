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

/** What the clock saw when it checked a row last. No editor reads it. */
export interface Checked {
  /** Hash of its text, without the status. */
  hash: string
  at: Date
  /** Its 发布时间 (ms). */
  publishAt: number | null
  /** Its status after the check. */
  status: unknown
  /** When a form had saved it last. */
  saved: string
  /** Whether the row says what is wrong with its status. */
  misstated?: true
}

/** When a form saved a row last, to tell whether it was saved again. Empty for a row that no form wrote. */
export const savedMark = ({ updatedAt, _updateTime }: Readonly<Record<string, unknown>>): string => {
  const at = updatedAt ?? _updateTime
  return at === undefined || at === null ? '' : JSON.stringify(at)
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

/**
 * Writes a note into a row inside a transaction. Other fields stay; a row that is gone stays gone. `checked` null: the
 * clock looks at the row again as soon as it waits.
 */
export async function noteDraft(
  transaction: Transaction,
  id: string,
  { checked, ...note }: Partial<DraftNote> & { checked?: Checked | null },
): Promise<void> {
  const data: object = {
    ...note,
    ...(checked === undefined ? {} : { checked: checked ? command.set(checked) : command.remove() }),
  }
  await transaction.collection(collection).doc(id).update({ data })
}

/**
 * Tells of a row whose id is no text, outside a transaction: the database finds such a row only by a condition. The row
 * is not told again.
 */
export async function noteById(id: unknown, note: Partial<DraftNote>): Promise<void> {
  await db
    .collection(collection)
    .where({ _id: id })
    .update({ data: { ...note, checked: command.set({ misstated: true }) } })
}
