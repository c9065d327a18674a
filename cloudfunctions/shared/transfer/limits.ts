/** Limits of one file; each reader sets its own. */
export interface FileLimits {
  bytes: number
  rows: number
}

/** Characters of one row: a document may have 16 MB, and a body 4 million characters. */
export const rowLength = 5_000_000

/** Maximum number of rows of each kind that a report names. Its totals count all rows. */
export const namedAtMost = 50

/** A file that cannot be read at all. The message is for its editor. */
export class UnreadableFile extends Error {}
