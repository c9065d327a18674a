/** What the gallery asserts of every screen (look.md's floor for every theme and text size). */
export type Rule = 'overflow' | 'clipped' | 'target' | 'contrast'

export interface Flaw {
  rule: Rule
  /** The element by its classes, with those of what it stands in. */
  where: string
  /** The beginning of its text. */
  words: string
  /** Measured against wanted. */
  detail: string
}

/** An exception, named and explained: `selector` matches the element whose doing it is. */
export interface Allowance {
  name: string
  rule: Rule
  selector: string
  /** Of cut text: the way in which alone it may be cut, after some lines (`down`) or at a line's end (`across`). */
  cut?: 'down' | 'across'
  because: string
}

/** What was looked at, too: a check that saw nothing proves nothing. */
export interface Report {
  flaws: Flaw[]
  /** Names of the allowances that were needed. */
  allowed: string[]
  texts: number
  targets: number
}
