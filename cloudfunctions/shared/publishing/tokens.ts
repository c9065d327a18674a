/**
 * How texts become comparable. A story gets its tokens at publication, by the rules that also read a query. Tokens are
 * pairs and single characters, not words: word segmentation keeps 射电望远镜 whole, so that 望远镜 would not find it.
 */

/** A text in comparable form, with the positions of its characters in the original. */
export interface Folded {
  /** NFKC and lower case. Holds letters, digits and Chinese characters; punctuation, spaces and width do not matter. */
  text: string
  /** For each UTF-16 unit of `text`: from and to (exclusive) in the original, in UTF-16 units. */
  from: number[]
  to: number[]
}

/** A character with its combining marks, which must be normalised together. */
const characters = /\P{M}\p{M}*|\p{M}+/gu
const wordlike = /[\p{L}\p{N}]/u
const notWordlike = /[^\p{L}\p{N}\p{M}]/gu

/** `℃` becomes `c`, `½` becomes `12`: the same as when they are typed with several keys. */
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

/** The folded words of a text in order, each once. Punctuation and spaces separate words. */
export function wordsOf(text: string): string[] {
  const plain = [...text.matchAll(characters)].map(([one]) => {
    const folded = foldCharacter(one)
    return folded === '' ? one.normalize('NFKC') : folded
  })
  const words = plain.join('').replace(joinedLatin, '').split(breaks)
  return [...new Set(words.map(word => fold(word).text).filter(Boolean))]
}

/** The pairs of neighbouring characters of a word, or its only character. */
export function pairsOf(word: string): string[] {
  const letters = [...word]
  return letters.length === 1 ? letters : letters.slice(1).map((letter, i) => `${letters[i] ?? ''}${letter}`)
}

/** The most tokens of title, tags and teaser. The longest have some 900: the end of such a teaser is not searchable. */
const headTokensAtMost = 600
/** The most tokens of a story, each an entry in the index. */
export const tokensAtMost = 1_000

/**
 * The tokens by which a search finds a story, each once: every pair and every single character of title, tags and
 * teaser, and every pair of its body's terms (see story-terms.ts).
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
