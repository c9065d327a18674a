import { pairsOf, wordsOf } from '../publishing/tokens'

/** A reader's query, prepared for the search. */
export interface SearchQuery {
  /** Folded words. A story must hold each of them. */
  words: string[]
  /** The tokens to ask the index for, the probably rarest first. Empty when the query has no word. */
  tokens: string[]
}

const tokensAtMost = 12

/** Characters of nearly every Chinese sentence. A pair with one of them selects little. */
const common = new Set('的了是在不有为和与也就都而及着或一这那个中上下来到能会可以什么怎')

function commonness(token: string): number {
  const letters = [...token]
  const isHan = /\p{Script=Han}/u.test(token)
  if (letters.length === 1) return 6
  return letters.filter(letter => common.has(letter)).length * 2 + (isHan ? 0 : 1)
}

/** Reads what was typed. Letters, digits and Chinese characters form words; everything else separates them. */
export function readQuery(text: string): SearchQuery {
  const words = wordsOf(text)
  const tokens = [...new Set(words.flatMap(pairsOf))]
  tokens.sort((a, b) => commonness(a) - commonness(b))
  return { words, tokens: tokens.slice(0, tokensAtMost) }
}
