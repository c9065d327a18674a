import type { Found, Marks } from '#contract/search'
import { type Folded, fold } from '../publishing/tokens'
import type { SearchCandidate } from '../stores/articles'
import { partsOf } from './search-query'

interface Ranked {
  found: Found
  score: number
}

/** The ranges of a text where a word occurs: ascending; ranges that touch or overlap are joined. */
export function marksOf(words: readonly string[], { text, from, to }: Folded): Marks {
  const spans: Marks = []
  for (const word of words) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
      spans.push([from[at] ?? 0, to[at + word.length - 1] ?? 0])
    }
  }
  spans.sort((a, b) => a[0] - b[0])
  const joined: Marks = []
  for (const [start, end] of spans) {
    const last = joined.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else joined.push([start, end])
  }
  return joined
}

/** A word in the title counts more than in all other places together, one in the tags more than in teaser and body. */
const weight = { title: 8, tags: 4, teaser: 2, body: 1 }

const isHan = (text: string): boolean => /^\p{Script=Han}/u.test(text)
const latinAt = (text: string | undefined): boolean => text !== undefined && /[^\p{Script=Han}\s]/u.test(text)

/** Whether a text contains a piece. Letters and digits must stand alone: `87` is not in `1987`. */
function standsIn(text: string, piece: string): boolean {
  for (let at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, at + 1)) {
    const continuesBefore = latinAt(piece[0]) && latinAt(text[at - 1])
    const continuesAfter = latinAt(piece.at(-1)) && latinAt(text[at + piece.length])
    if (!continuesBefore && !continuesAfter) return true
  }
  return false
}

/**
 * Cuts a word into the fewest pieces that a text contains: `m87黑洞` into `m87` and `黑洞`. Null if there is no such cut.
 * It cuts where Chinese, letters and digits meet. `anywhere`: also between Chinese characters, into pieces of two or more
 * (`章鱼蓝血` into `章鱼` and `蓝血`).
 */
function piecesOf(word: string, text: string, anywhere: boolean): string[] | null {
  const units = partsOf(word).flatMap(part => (anywhere && isHan(part) ? [...part] : [part]))
  const fewest = new Map<number, string[]>([[0, []]])
  for (let start = 0; start < units.length; start++) {
    const before = fewest.get(start)
    if (!before) continue
    for (let end = start + 1; end <= units.length; end++) {
      const piece = units.slice(start, end).join('')
      if (!text.includes(piece)) break
      const isTooShort = anywhere && end === start + 1 && units.length > 1 && isHan(piece)
      const known = fewest.get(end)
      if (isTooShort || (known && known.length <= before.length + 1) || !standsIn(text, piece)) continue
      fewest.set(end, [...before, piece])
    }
  }
  return fewest.get(units.length) ?? null
}

function rank(
  { tags, terms, ...teaser }: SearchCandidate,
  words: readonly string[],
  anywhere: boolean,
): Ranked | null {
  const title = fold(teaser.title)
  const text = fold(teaser.teaser)
  const tag = tags.map(one => fold(one).text)
  // A space never occurs in a folded text, so no piece spans two of them.
  const all = [title.text, ...tag, text.text, ...terms].join(' ')
  const marked: string[] = []
  let score = 0
  for (const word of words) {
    const here =
      (title.text.includes(word) ? weight.title : 0) +
      (tag.some(one => one.includes(word)) ? weight.tags : 0) +
      (text.text.includes(word) ? weight.teaser : 0) +
      (terms.some(term => term.includes(word)) ? weight.body : 0)
    const pieces = here > 0 ? [word] : piecesOf(word, all, anywhere)
    if (!pieces) return null
    marked.push(...pieces)
    score += here || weight.body
  }
  return {
    found: { ...teaser, marks: { title: marksOf(marked, title), teaser: marksOf(marked, text) } },
    score,
  }
}

/**
 * Returns the candidates that contain every word, best first: matches in the title, then tags, then teaser, then body;
 * equal matches by time, newest first. The index cannot decide this, because it contains pairs of characters, not words.
 * `anywhere`: a word may be cut between Chinese characters, for a query whose words nobody separated.
 */
export function rankFound(
  candidates: readonly SearchCandidate[],
  words: readonly string[],
  anywhere = false,
): Found[] {
  const byId = new Map(candidates.map(candidate => [candidate.id, candidate]))
  return [...byId.values()]
    .flatMap(candidate => rank(candidate, words, anywhere) ?? [])
    .sort(
      (a, b) =>
        b.score - a.score || b.found.publishedAt - a.found.publishedAt || (a.found.id < b.found.id ? 1 : -1),
    )
    .map(({ found }) => found)
}
