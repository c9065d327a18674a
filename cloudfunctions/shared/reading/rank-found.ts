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

/** Whether the body has every part of a word such as `gps定位`. Letters and digits must be whole terms. */
function hasParts(word: string, terms: readonly string[]): boolean {
  const parts = partsOf(word)
  const has = (part: string) =>
    terms.some(term => (/\p{Script=Han}/u.test(part) ? term.includes(part) : term === part))
  return parts.length > 1 && parts.every(has)
}

function rank({ tags, terms, ...teaser }: SearchCandidate, words: readonly string[]): Ranked | null {
  const title = fold(teaser.title)
  const text = fold(teaser.teaser)
  const tag = tags.map(one => fold(one).text)
  let score = 0
  for (const word of words) {
    const here =
      (title.text.includes(word) ? weight.title : 0) +
      (tag.some(one => one.includes(word)) ? weight.tags : 0) +
      (text.text.includes(word) ? weight.teaser : 0) +
      (terms.some(term => term.includes(word)) || hasParts(word, terms) ? weight.body : 0)
    if (here === 0) return null
    score += here
  }
  return {
    found: { ...teaser, marks: { title: marksOf(words, title), teaser: marksOf(words, text) } },
    score,
  }
}

/**
 * Returns the candidates that contain every word, best first: matches in the title, then tags, then teaser, then body;
 * equal matches by time, newest first. The index cannot decide this, because it contains pairs of characters, not words.
 */
export function rankFound(candidates: readonly SearchCandidate[], words: readonly string[]): Found[] {
  const byId = new Map(candidates.map(candidate => [candidate.id, candidate]))
  return [...byId.values()]
    .flatMap(candidate => rank(candidate, words) ?? [])
    .sort(
      (a, b) =>
        b.score - a.score || b.found.publishedAt - a.found.publishedAt || (a.found.id < b.found.id ? 1 : -1),
    )
    .map(({ found }) => found)
}
