import { db, type Transaction } from '../cloud'

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
