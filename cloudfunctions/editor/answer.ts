/** What the panel shows: whether it went well, and Chinese lines to read. */
export interface Answer {
  ok: boolean
  lines: string[]
}
