import { db } from '#shared/cloud'

/** One plain read. */
export async function main({ own }: { own: string }): Promise<{ ok: boolean }> {
  const { data } = await db.collection('bare').doc(own).get()
  return { ok: data !== null }
}
