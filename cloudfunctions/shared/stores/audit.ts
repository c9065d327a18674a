import { command, db, type Transaction } from '../cloud'

/** The collection of all actions of the panel and the clock. Entries are only added. */
export interface AuditEntry {
  at: Date
  /** The name of the key, or `clock`. */
  key: string
  action: string
  /** Id of the draft or story that the action concerned. */
  subject: string
  result: string
}

/** Adds an entry, inside the transaction if one is given. */
export async function addAudit(entry: AuditEntry, transaction?: Transaction): Promise<void> {
  await (transaction ?? db).collection('audit').add({ data: entry })
}

/** Subjects and results of the entries of some actions, made from one time up to another; `count` at most. */
export async function listAudited(
  actions: readonly string[],
  from: Date,
  to: Date,
  count: number,
): Promise<{ subject: string; result: string }[]> {
  const { data } = await db
    .collection('audit')
    .where({ action: command.in(actions), at: command.and([command.gte(from), command.lt(to)]) })
    .limit(count)
    .field({ subject: true, result: true })
    .get()
  return data.map(({ subject, result }) => ({ subject: String(subject), result: String(result) }))
}
