/**
 * How texts are made comparable. A story's tokens are made at publication, by the same rules a query is read by. Word
 * segmentation would keep 射电望远镜 whole, so that 望远镜 finds nothing: pairs and single characters do not.
 */

/** A text in comparable form, with the way back to the text as it stands. */
export interface Folded {
  /** NFKC, lower case, letters, digits and characters only: punctuation, spaces and width never matter. */
  text: string
  /** For each UTF-16 unit of `text`: from and to (exclusive) in the original, in UTF-16 units. */
  from: number[]
  to: number[]
}

/** A character with the marks combined onto it: what must be normalised together. */
const characters = /\P{M}\p{M}*|\p{M}+/gu
const wordlike = /[\p{L}\p{N}]/u
const notWordlike = /[^\p{L}\p{N}\p{M}]/gu

/** `℃` becomes `c`, `½` becomes `12`: as the same thing typed with several keys does. */
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

/** The words of a text, folded, each once, in order: what punctuation and spaces part. */
export function wordsOf(text: string): string[] {
  const plain = [...text.matchAll(characters)].map(([one]) => {
    const folded = foldCharacter(one)
    return folded === '' ? one.normalize('NFKC') : folded
  })
  const words = plain.join('').replace(joinedLatin, '').split(breaks)
  return [...new Set(words.map(word => fold(word).text).filter(Boolean))]
}

/** Pairs of neighbouring characters, or the character itself of a word that has only one. */
export function pairsOf(word: string): string[] {
  const letters = [...word]
  return letters.length === 1 ? letters : letters.slice(1).map((letter, i) => `${letters[i] ?? ''}${letter}`)
}

/** Title, tags and the longest teaser have some 900; the tail of such a teaser is not found by. */
const headTokensAtMost = 600
/** A story has this many tokens at most, and so many entries in the index. */
export const tokensAtMost = 1_000

/**
 * The tokens a story is found by: every pair and every single character of title, tags and teaser, and every pair of
 * its body's terms (see story-terms.ts); each once.
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
