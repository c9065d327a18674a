import { pairsOf, wordsOf } from '../publishing/tokens'

/** A reader's query as the search works with it. */
export interface SearchQuery {
  /** Folded; a story must hold each of them. */
  words: string[]
  /** What the index is asked for, the rarest first as far as that can be told; empty where there is no word. */
  tokens: string[]
}

const tokensAtMost = 12

/** Characters nearly every Chinese sentence has: a pair with one of them selects little. */
const common = new Set('的了是在不有为和与也就都而及着或一这那个中上下来到能会可以什么怎')

function commonness(token: string): number {
  const letters = [...token]
  const isHan = /\p{Script=Han}/u.test(token)
  if (letters.length === 1) return 6
  return letters.filter(letter => common.has(letter)).length * 2 + (isHan ? 0 : 1)
}

/** Reads what was typed. Letters, digits and characters count; anything else only parts words. */
export function readQuery(text: string): SearchQuery {
  const words = wordsOf(text)
  const tokens = [...new Set(words.flatMap(pairsOf))]
  tokens.sort((a, b) => commonness(a) - commonness(b))
  return { words, tokens: tokens.slice(0, tokensAtMost) }
}
