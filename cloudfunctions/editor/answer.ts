/** The panel's reply: whether the action succeeded, and lines of Chinese text for the editor. */
export interface Answer {
  ok: boolean
  lines: string[]
}
