import { db } from '#shared/cloud'

interface Event {
  own: string
  other: string
}

/** The least that a vote needs: one read and two writes in a transaction, on documents that no other call uses. */
export async function main({ own, other }: Event): Promise<{ ok: true }> {
  await db.runTransaction(async transaction => {
    const rows = transaction.collection('bare')
    await rows.doc(own).get()
    await rows.doc(own).update({ data: { n: db.command.inc(1) } })
    await rows.doc(other).update({ data: { n: db.command.inc(1) } })
  }, 0)
  return { ok: true }
}
