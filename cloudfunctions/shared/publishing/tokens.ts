/**
 * How words are made comparable: what a story is found by is made at publication, by the same rules a query is read
 * by. Word segmentation would keep 射电望远镜 whole, so that 望远镜 finds nothing: pairs and single characters do not.
 */

/** A text in comparable form, with the way back to the text as it stands. */
export interface Folded {
  /** NFKC, lower case; every run of what is neither letter, digit nor character has become one space. */
  text: string
  /** For each UTF-16 unit of `text`: from and to (exclusive) in the original, in UTF-16 units. */
  from: number[]
  to: number[]
}

/** A character with the marks combined onto it: what must be normalised together. */
const characters = /\P{M}\p{M}*|\p{M}+/gu
const wordlike = /[\p{L}\p{N}]/u

export function fold(original: string): Folded {
  const folded: Folded = { text: '', from: [], to: [] }
  for (const { 0: character, index } of original.matchAll(characters)) {
    const known = character.normalize('NFKC').toLowerCase()
    const text = wordlike.test(known) ? known.replace(/\s/g, '') : ' '
    if (text === ' ' && (folded.text === '' || folded.text.endsWith(' '))) continue
    folded.text += text
    for (let i = 0; i < text.length; i++) {
      folded.from.push(index)
      folded.to.push(index + character.length)
    }
  }
  return folded
}

/** The words of a text, folded, each once, in order. */
export function wordsOf(text: string): string[] {
  return [...new Set(fold(text).text.split(' ').filter(Boolean))]
}

/** Pairs of neighbouring characters, or the character itself of a word that has only one. */
export function pairsOf(word: string): string[] {
  const letters = [...word]
  return letters.length === 1 ? letters : letters.slice(1).map((letter, i) => `${letters[i] ?? ''}${letter}`)
}

/** A story of the longest title, teaser and tags has some 900; the tail of such a teaser is not found by. */
const tokensAtMost = 600

/** What a story is found by: every pair and every single character of title, tags and teaser, each once. */
export function storyTokens(story: { title: string; teaser: string; tags: readonly string[] }): string[] {
  const tokens = new Set<string>()
  for (const text of [story.title, ...story.tags, story.teaser]) {
    for (const word of wordsOf(text)) {
      for (const token of [...pairsOf(word), ...word]) {
        if (tokens.size >= tokensAtMost) return [...tokens]
        tokens.add(token)
      }
    }
  }
  return [...tokens]
}
