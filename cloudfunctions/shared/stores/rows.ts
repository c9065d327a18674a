import * as v from 'valibot'
import { Instant } from '#contract/ids'
import type { Document } from '../cloud'
import { log } from '../log'

/** What the stores of console-edited collections share: editors see dates as dates, so the rows hold dates. */

/** A date in a row, as milliseconds since 1970. */
export const When = v.pipe(
  v.date(),
  v.transform(date => date.getTime()),
  // A date before 1970 is a slip of the keyboard, and one the contract does not let out.
  Instant,
)

/** A text of a row that goes into lists: bounded, since twenty of them make a page. */
export const line = (longest: number) => v.pipe(v.string(), v.maxLength(longest))

/**
 * Makes what reads a store's rows: it returns those that fit a schema, and leaves out the others and logs them as
 * `broken-<kind>`, since one broken row must not take a page down.
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

/** The projection that reads just these fields. */
export const fieldsOf = (entries: object): Record<string, boolean> =>
  Object.fromEntries(Object.keys(entries).map(key => [key, true]))
