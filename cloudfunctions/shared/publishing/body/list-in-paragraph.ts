import { list } from 'micromark-core-commonmark'
import type { Construct, Extension, Tokenizer } from 'micromark-util-types'

/**
 * Lets a list begin directly below a line of text, whatever its first number. CommonMark allows this only for 1, and
 * would publish `还有：⏎3. 丙⏎4. 丁` as one line of text.
 */

const tokenize: Tokenizer = function (effects, ok, nok) {
  // The construct asks its context whether it interrupts a paragraph.
  return list.tokenize.call(Object.create(this, { interrupt: { value: false } }), effects, ok, nok)
}

const construct: Construct = { ...list, tokenize }

const digits = Array.from({ length: 10 }, (_, digit) => [48 + digit, construct] as const)

export const listInParagraph: Extension = {
  document: Object.fromEntries(digits),
}
