import * as v from 'valibot'
import { Instant } from '#contract/ids'
import type { Document } from '../cloud'
import { log } from '../log'
import { allWithoutUnseen } from '../unseen-characters'

/** What stores share to read rows. Rows hold dates as dates, because editors see them in the console. */

/** A date in a row, as milliseconds since 1970. */
export const When = v.pipe(
  v.date(),
  v.transform(date => date.getTime()),
  // A date before 1970 is a typing error, and the contract does not allow it.
  Instant,
)

/** A field that an editor may leave out, and that a form may write as empty. */
export const orNothing = <Output>(schema: v.GenericSchema<unknown, Output>) =>
  v.optional(
    v.union([
      v.pipe(
        v.nullable(v.literal('')),
        v.transform(() => undefined),
      ),
      schema,
    ]),
  )

/** A text that appears in lists. It has a limit, because a page holds twenty of them. */
export const line = (longest: number) => v.pipe(v.string(), v.maxLength(longest))

/**
 * Makes a reader of a collection's rows. It returns the rows that fit a schema. It logs the others as `broken-<kind>`
 * and leaves them out, because one broken row must not break a page.
 */
export const rowReader =
  (kind: string) =>
  <Row>(schema: v.GenericSchema<unknown, Row>, rows: readonly Document[]): Row[] =>
    rows.flatMap(row => {
      const parsed = v.safeParse(schema, row)
      if (parsed.success) return [parsed.output]
      const [issue] = parsed.issues
      log('error', `broken-${kind}`, { id: row._id, path: v.getDotPath(issue), problem: issue.message })
      return []
    })

/**
 * The same for rows that readers see: without characters that nobody sees, which may hide text, reverse it, or break a
 * document or a feed. Publishing removes them, but somebody may change a published row by hand.
 */
export const shownRowReader = (kind: string) => {
  const readRows = rowReader(kind)
  return <Row>(schema: v.GenericSchema<unknown, Row>, rows: readonly Document[]): Row[] =>
    readRows(
      schema,
      rows.map(row => allWithoutUnseen(row) as Document),
    )
}

/** The projection that reads only these fields. */
export const fieldsOf = (entries: object): Record<string, boolean> =>
  Object.fromEntries(Object.keys(entries).map(key => [key, true]))
