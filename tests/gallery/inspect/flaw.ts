/** The rules that the gallery checks on every screen (look.md's minimum for every theme and text size). */
export type Rule = 'overflow' | 'clipped' | 'target' | 'contrast'

export interface Flaw {
  rule: Rule
  /** The classes of the element and of its containers. */
  where: string
  /** The beginning of its text. */
  words: string
  /** The measured value and the required one. */
  detail: string
}

/** A named exception with its reason: `selector` matches the element that causes the flaw. */
export interface Allowance {
  name: string
  rule: Rule
  selector: string
  /** Only for cut text, the allowed direction: after some lines (`down`) or at the end of a line (`across`). */
  cut?: 'down' | 'across'
  because: string
}

/** Includes how much was inspected, because a check that saw nothing proves nothing. */
export interface Report {
  flaws: Flaw[]
  /** Names of the allowances that applied. */
  allowed: string[]
  texts: number
  targets: number
}
