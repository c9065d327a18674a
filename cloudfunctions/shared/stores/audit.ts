import { db, type Transaction } from '../cloud'

/** The collection of what was done through the panel and the clock. It is only added to. */
export interface AuditEntry {
  at: Date
  /** The name of the key, or `clock`. */
  key: string
  action: string
  /** The draft or story that it was about. */
  subject: string
  result: string
}

/** Adds an entry, inside a transaction where one is given. */
export async function addAudit(entry: AuditEntry, transaction?: Transaction): Promise<void> {
  await (transaction ?? db).collection('audit').add({ data: entry })
}
