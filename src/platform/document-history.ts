import * as v from 'valibot'

/** What the browser's history keeps of a document beside its place: for the way back, where the document is made anew. */
const Kept = v.object({
  /** The story's fold was open; the head script reads it too (web/head.ts). */
  unfolded: v.optional(v.boolean()),
  /** Entries of the list that were shown, and how far the document was scrolled (px). */
  items: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  top: v.optional(v.number()),
})
export type Kept = v.InferOutput<typeof Kept>

export function keptInHistory(): Kept {
  const parsed = v.safeParse(Kept, history.state)
  return parsed.success ? parsed.output : {}
}

export function keepInHistory(change: Kept): void {
  try {
    history.replaceState({ ...keptInHistory(), ...change }, '')
  } catch {
    // Safari refuses more than a hundred in half a minute.
  }
}
