import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { TopicId } from '#contract/ids'
import type { db, Transaction } from '../cloud'
import { type EntryKind, findPublishedEntry, type PublishedEntry } from '../stores/published-entries'

const length = 10
const candidates = 5

/** The nth candidate for the id of a topic: the row's own id where readers can have it, else ten of `[0-9a-z]`. */
export function topicIdOf(row: string, nth = 0): string {
  if (nth === 0 && v.is(TopicId, row)) return row
  const digest = createHash('sha256')
    .update(`topic:${row}${nth === 0 ? '' : `\u0000${nth}`}`)
    .digest('hex')
  return BigInt(`0x${digest}`).toString(36).slice(0, length)
}

/**
 * Finds the published topic or poll of a row: its id, and what was published before. The id is derived from the row's
 * id. A console gives rows ids that are too long for a topic's address; a poll has none, so it keeps its row's id.
 */
export async function findEntryOf(
  transaction: Transaction | typeof db,
  kind: EntryKind,
  row: string,
): Promise<{ id: string; before: PublishedEntry | null }> {
  if (kind === 'polls') return { id: row, before: await findPublishedEntry(transaction, kind, row) }
  for (let nth = 0; nth < candidates; nth++) {
    const id = topicIdOf(row, nth)
    const before = await findPublishedEntry(transaction, kind, id)
    if (!before || before.row === row) return { id, before }
  }
  throw new Error(`no free id for the topic ${row}`)
}
