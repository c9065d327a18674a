/** Bounds of one file, for whoever reads it. */
export interface FileLimits {
  bytes: number
  rows: number
}

/** Characters of one row: a document may have 16 MB, and a body 4 million characters. */
export const rowLength = 5_000_000

/** How many lines of a report name rows; the numbers count all of them. */
export const namedAtMost = 50

/** A file that cannot be read at all. The message is for its editor. */
export class UnreadableFile extends Error {}
