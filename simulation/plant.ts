/** A fault planted on purpose, to prove that the checkers find it. */
export interface Plant {
  name: string
  /** Replacements in the text of built functions. Each pattern must occur exactly once in each function named. */
  edits?: readonly { functions: readonly string[]; find: RegExp; put: string }[]
  /** The journal acknowledges a write before it is on disk. */
  acknowledgesEarly?: boolean
}

/** The text of a function with the fault in it. @throws Error if the code is not there any more */
export function planted({ name, edits = [] }: Plant, functionName: string, text: string): string {
  let changed = text
  for (const { functions, find, put } of edits) {
    if (!functions.includes(functionName)) continue
    const all = new RegExp(find.source, `${find.flags}g`)
    const found = [...changed.matchAll(all)].length
    if (found !== 1) throw new Error(`${name}: ${find} occurs ${found} times in ${functionName}`)
    changed = changed.replace(find, put)
  }
  return changed
}
