import * as v from 'valibot'

/**
 * State stored in the browser's history with a document, for when the reader comes back and the document is loaded
 * again.
 */
const Stored = v.object({
  /** The reader had opened the story's fold; the head script reads it too (web/head.ts). */
  unfolded: v.optional(v.boolean()),
  /** Number of list entries shown, and the scroll position of the document (px). */
  items: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  top: v.optional(v.number()),
})
export type Stored = v.InferOutput<typeof Stored>

export function storedInHistory(): Stored {
  const parsed = v.safeParse(Stored, history.state)
  return parsed.success ? parsed.output : {}
}

export function storeInHistory(change: Stored): void {
  try {
    history.replaceState({ ...storedInHistory(), ...change }, '')
  } catch {
    // Safari rejects more than a hundred calls in half a minute.
  }
}
