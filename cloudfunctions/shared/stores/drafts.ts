import { command, type Document, db, type Transaction } from '../cloud'

/**
 * The collection of manuscripts, one row each, which editors write in the console. This store does not validate rows.
 * publishing/read-draft.ts does, because an error in a row must be reported to its editor, not logged.
 */
const collection = 'drafts'

/** The fields that the publishing code writes into a row. Only for display: a console may overwrite them. */
export interface DraftNote {
  status: string
  problems: readonly string[]
  reminders: readonly string[]
  /** The story's address; empty if readers do not see a story. */
  link: string
  version: number
  storyId: string
  /** What last happened to the row and when, in a sentence. */
  result: string
  /** The editors' field 撤回原因. The panel writes it when it withdraws. */
  reason: string
}

/** What the clock saw when it checked a row last. No editor reads it. */
export interface Checked {
  /** Hash of its text, without the status. */
  hash: string
  at: Date
  /** Its 发布时间 (ms). */
  publishAt: number | null
  /** Its status after the check; null if it is not a text. */
  status: string | null
  /** `savedMark` of the row at that time. */
  saved: string
  /** Whether the row has a problem for its status, and for which: see agenda.ts. */
  misstated?: Misstated
  /** Whether the row has problems and does not wait: its editor asked the panel, or let the problems stand for a day. */
  refused?: boolean
  /** The pictures whose addresses expire, and their copies in cloud storage. */
  copies?: readonly PictureCopy[]
}

/** A status that is unknown, or untrue: readers do not see, or still see, the story. */
export const misstatedKinds = ['unknown', 'unpublished', 'unwithdrawn'] as const
export type Misstated = (typeof misstatedKinds)[number]

export interface PictureCopy {
  from: string
  to: string
}

/** A mark of the time at which a form last saved a row. It changes when the row is saved again. Empty without a form. */
export const savedMark = ({ updatedAt, _updateTime }: Readonly<Record<string, unknown>>): string => {
  const at = updatedAt ?? _updateTime
  return at === undefined || at === null ? '' : JSON.stringify(at)
}

/** When a form saved a row (ms); 0 if that is unknown. */
export function savedAtOf({ updatedAt, _updateTime }: Readonly<Record<string, unknown>>): number {
  const at = updatedAt ?? _updateTime
  const instant = at instanceof Date ? at.getTime() : typeof at === 'number' ? at : Date.parse(String(at))
  return Number.isFinite(instant) ? instant : 0
}

export async function findDraft(id: string, transaction?: Transaction): Promise<Document | null> {
  const { data } = await (transaction ?? db).collection(collection).doc(id).get()
  return data
}

/** Counts the rows with one of these statuses. */
export async function countDrafts(statuses: readonly string[]): Promise<number> {
  const found = await db
    .collection(collection)
    .where({ status: command.in(statuses) })
    .count()
  return found.total
}

/** Maximum number of waiting rows that are read at once. */
const waitingAtMost = 100
const homeFields = [
  ...['title', 'cover', 'publishAt', 'offlineAt', 'placement', 'order', 'from', 'until', 'problems'],
  'storyId',
]

/** The fields of rows with one of these statuses from which the home page is computed; 100 rows at most. */
export async function listWaiting(statuses: readonly string[]): Promise<Document[]> {
  const { data } = await db
    .collection(collection)
    .where({ status: command.in(statuses) })
    .limit(waitingAtMost)
    .field(Object.fromEntries(homeFields.map(field => [field, true])))
    .get()
  return data
}

/**
 * Writes a note into a row inside a transaction and leaves the other fields. Does nothing if the row was deleted. With
 * `checked` null the clock checks the row again as soon as its status asks for it. `unreasoned`: it waits for a reason of
 * its withdrawal.
 */
export async function noteDraft(
  transaction: Transaction,
  id: string,
  { checked, ...note }: Partial<DraftNote> & { checked?: Checked | { unreasoned: true } | null },
): Promise<void> {
  const data: object = {
    ...note,
    ...(checked === undefined ? {} : { checked: checked ? command.set(checked) : command.remove() }),
  }
  await transaction.collection(collection).doc(id).update({ data })
}

/**
 * Writes a note into a row whose id is not a text. It works outside a transaction, because the database finds such a row
 * only by a condition. The clock does not report the row again.
 */
export async function noteById(id: unknown, note: Partial<DraftNote>): Promise<void> {
  await db
    .collection(collection)
    .where({ _id: id })
    .update({ data: { ...note, checked: command.set({ misstated: true }) } })
}

/** The statuses of the rows with these ids, as they are written. */
export async function listStatuses(ids: readonly string[]): Promise<Map<string, unknown>> {
  const { data } = await db
    .collection(collection)
    .where({ _id: command.in(ids) })
    .field({ status: true })
    .limit(Math.max(1, ids.length))
    .get()
  return new Map(data.map(({ _id, status }) => [_id, status ?? '']))
}

/** The reminders of the rows with these ids, as they are written. */
export async function listReminders(ids: readonly string[]): Promise<Map<string, unknown>> {
  if (ids.length === 0) return new Map()
  const { data } = await db
    .collection(collection)
    .where({ _id: command.in([...ids]) })
    .field({ reminders: true })
    .limit(ids.length)
    .get()
  return new Map(data.map(({ _id, reminders }) => [_id, reminders]))
}
