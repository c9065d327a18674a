/**
 * What the real console's forms write into a row when they save it (ms since 1970). By `updatedAt` the clock sees that a
 * row was saved, and the list shows first what was saved last.
 */
export const savedMarks = (isNew: boolean, now: number): { updatedAt: number; createdAt?: number } => ({
  updatedAt: now,
  ...(isNew ? { createdAt: now } : {}),
})
