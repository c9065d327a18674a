import { command, db } from '../cloud'
import { isDuplicate } from '../failures'

/**
 * The collection of quotas: how much of what guests and readers may make us store is used up. A document is the count
 * of one Beijing day; the function `clock` removes it when the day is over.
 */
const quotas = () => db.collection('quotas')

/** A field of a quota, at most one level deep (`all`, `stories.<id>`), and the most that a day may count there. */
export type Limits = Readonly<Record<string, number>>

/** `{ 'stories.a': 1 }` as it is stored: `{ stories: { a: 1 } }`. */
function nested(fields: readonly string[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (const field of fields) {
    const [first = '', second] = field.split('.')
    row[first] = second === undefined ? 1 : { [second]: 1 }
  }
  return row
}

/**
 * Counts one more in each field. Returns false, and counts nothing, when one of them has reached its limit. The check and
 * the change are one operation, so concurrent calls never exceed a limit.
 */
export async function takeQuota(kind: string, day: number, limits: Limits): Promise<boolean> {
  const _id = `${kind}:${day}`
  const fields = Object.keys(limits)
  const hasRoom = command.and([
    { _id },
    ...Object.entries(limits).map(([field, limit]) =>
      command.or([{ [field]: command.exists(false) }, { [field]: command.lt(limit) }]),
    ),
  ])
  const count = async (): Promise<boolean> => {
    const data = Object.fromEntries(fields.map(field => [field, command.inc(1)]))
    return (await quotas().where(hasRoom).update({ data })).stats.updated > 0
  }
  if (await count()) return true
  try {
    await quotas().add({ data: { _id, day, ...nested(fields) } })
    return true
  } catch (error) {
    if (!isDuplicate(error)) throw error
    return count()
  }
}

/** Removes the quotas of the days before a Beijing day. */
export async function removeQuotasBefore(day: number): Promise<void> {
  await quotas()
    .where({ day: command.lt(day) })
    .remove()
}
