import { attention } from 'micromark-core-commonmark'
import type { Code, Construct, Extension, State, Token, Tokenizer } from 'micromark-util-types'

/**
 * Emphasis rules for Chinese text. CommonMark uses spaces and punctuation to decide which asterisks open and close
 * emphasis, so it leaves `约**70%**的` and `**注意：**水` as plain asterisks. Here asterisks pair in the order of the
 * text. A single asterisk between two factors (`2*3*4`) is a multiplication sign. Underscores mark emphasis except
 * inside a Latin word.
 */

const asterisk = 42

const isSpace = (code: Code): boolean => code === null || code < 0 || /\s/.test(String.fromCharCode(code))

const isWord = (code: Code): boolean =>
  code !== null && code >= 0 && /[0-9A-Za-z]/.test(String.fromCharCode(code))

const matches = (code: Code, pattern: RegExp): boolean =>
  code !== null && code >= 0 && pattern.test(String.fromCharCode(code))

const isTimes = (previous: Code, next: Code): boolean =>
  matches(previous, /[0-9A-Za-z)）\]］%％°℃²³]/) && matches(next, /[0-9A-Za-z(（[［√]/)

const tokenize: Tokenizer = function (effects, ok): State {
  const previous = this.previous
  let marker: Code = null
  let length = 0

  const mark = (token: Token, next: Code): void => {
    const times = marker === asterisk && length === 1 && isTimes(previous, next)
    const underscore = marker !== asterisk
    token._open = !times && !isSpace(next) && !(underscore && isWord(previous))
    token._close = !times && !isSpace(previous) && !(underscore && isWord(next))
  }
  const inside: State = code => {
    if (code === marker) {
      effects.consume(code)
      length += 1
      return inside
    }
    mark(effects.exit('attentionSequence'), code)
    return ok(code)
  }
  return code => {
    marker = code
    effects.enter('attentionSequence')
    return inside(code)
  }
}

// The name differs from that of the construct it replaces: constructs are disabled by name.
const construct: Construct = { ...attention, name: 'chineseAttention', tokenize }

export const chineseAttention: Extension = {
  text: { 42: construct, 95: construct },
  disable: { null: ['attention'] },
}
