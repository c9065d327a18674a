/**
 * Tokens for search. Publishing a story and reading a query use the same rules. Tokens are pairs and single characters,
 * not words: word segmentation would produce 射电望远镜 as one word, and 望远镜 would not find it.
 */

/** A normalized text, with the positions of its characters in the original. */
export interface Folded {
  /** NFKC, lower case; only letters, digits and Chinese characters. */
  text: string
  /** For each UTF-16 unit of `text`: from and to (exclusive) in the original, in UTF-16 units. */
  from: number[]
  to: number[]
}

/** A character with its combining marks, which must be normalized together. */
const characters = /\P{M}\p{M}*|\p{M}+/gu
const wordlike = /[\p{L}\p{N}]/u
const notWordlike = /[^\p{L}\p{N}\p{M}]/gu

/** `℃` becomes `c` and `½` becomes `12`, the same as `°C` and `1/2`. */
const foldCharacter = (character: string): string => {
  const known = character.normalize('NFKC').toLowerCase()
  return wordlike.test(known) ? known.replace(notWordlike, '') : ''
}

export function fold(original: string): Folded {
  const folded: Folded = { text: '', from: [], to: [] }
  for (const { 0: character, index } of original.matchAll(characters)) {
    const text = foldCharacter(character)
    folded.text += text
    for (let i = 0; i < text.length; i++) {
      folded.from.push(index)
      folded.to.push(index + character.length)
    }
  }
  return folded
}

/** A single sign between Latin letters or digits joins them: `COVID-19`, `1/2`, `3.8`, `1538°C`. */
const joinedLatin = /(?<=[0-9a-z])[^\p{L}\p{N}\s](?=[0-9a-z])/giu
const breaks = /[^\p{L}\p{N}\p{M}]+/u

/** The normalized words of a text in order, without duplicates. Punctuation and spaces separate words. */
export function wordsOf(text: string): string[] {
  const plain = [...text.matchAll(characters)].map(([one]) => {
    const folded = foldCharacter(one)
    return folded === '' ? one.normalize('NFKC') : folded
  })
  const words = plain.join('').replace(joinedLatin, '').split(breaks)
  return [...new Set(words.map(word => fold(word).text).filter(Boolean))]
}

/** The pairs of adjacent characters of a word, or its only character. */
export function pairsOf(word: string): string[] {
  const letters = [...word]
  return letters.length === 1 ? letters : letters.slice(1).map((letter, i) => `${letters[i] ?? ''}${letter}`)
}

/** Maximum tokens of title, tags and teaser. The longest ones have about 900; the end of such a teaser is not indexed. */
const headTokensAtMost = 600
/** Maximum tokens of a story. Each one is an index entry. */
export const tokensAtMost = 1_000

/**
 * The search tokens of a story, without duplicates: all pairs and single characters of title, tags and teaser, and all
 * pairs of the body's terms (see story-terms.ts).
 */
export function storyTokens(
  story: { title: string; teaser: string; tags: readonly string[] },
  terms: readonly string[] = [],
): string[] {
  const tokens = new Set<string>()
  const addAll = (text: string, more: Iterable<string>, most: number): void => {
    for (const token of [...pairsOf(text), ...more]) if (tokens.size < most) tokens.add(token)
  }
  for (const text of [story.title, ...story.tags, story.teaser]) {
    const { text: folded } = fold(text)
    if (folded) addAll(folded, folded, headTokensAtMost)
  }
  for (const term of terms) addAll(term, [], tokensAtMost)
  return [...tokens]
}
