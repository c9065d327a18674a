import { pairsOf, wordsOf } from '../publishing/tokens'

/** A reader's query, prepared for the search. */
export interface SearchQuery {
  /** Folded words. A story must hold each of them. */
  words: string[]
  /** The tokens to ask the index for, the probably rarest first. Empty when the query has no word. */
  tokens: string[]
  /**
   * The pair with which the longest Chinese part begins. Wherever that part is cut into pieces of two characters or more,
   * the first piece contains it.
   */
  opening?: string
}

const tokensAtMost = 12

/** Characters that occur in nearly every Chinese text. A pair that contains one matches many stories. */
const common = new Set('的了是在不有为和与也就都而及着或一这那个中上下来到能会可以什么怎')

/**
 * A word cut where Chinese, letters and digits meet: `gps定位` becomes `gps` and `定位`. A body may write `GPS 定位`, and
 * its terms are cut at spaces.
 */
export function partsOf(word: string): string[] {
  return word.match(/\p{Script=Han}+|\p{N}+|[^\p{Script=Han}\p{N}]+/gu) ?? []
}

function commonness(token: string): number {
  const letters = [...token]
  const isHan = /\p{Script=Han}/u.test(token)
  if (letters.length === 1) return 6
  // The index lacks this token for a body that writes a space between the parts (`GPS 定位`).
  if (partsOf(token).length > 1) return 7
  return letters.filter(letter => common.has(letter)).length * 2 + (isHan ? 0 : 1)
}

/** Reads what was typed. Letters, digits and Chinese characters form words; everything else separates them. */
export function readQuery(text: string): SearchQuery {
  const words = wordsOf(text)
  const tokens = [...new Set(words.flatMap(pairsOf))]
  tokens.sort((a, b) => commonness(a) - commonness(b))
  const runs = words.flatMap(partsOf).filter(part => /^\p{Script=Han}{2}/u.test(part))
  const [longest] = runs.sort((a, b) => b.length - a.length)
  const [opening] = longest ? pairsOf(longest) : []
  return { words, tokens: tokens.slice(0, tokensAtMost), ...(opening ? { opening } : {}) }
}
