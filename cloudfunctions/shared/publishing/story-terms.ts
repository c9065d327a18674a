import type { Block, Span } from '#contract/article'
import { fold, pairsOf, wordsOf } from './tokens'

/** The parts of a story from which terms are taken. */
export interface StoryText {
  title: string
  teaser: string
  tags: readonly string[]
  blocks: readonly Block[]
}

/** Number of stories that contain each pair of characters. */
export interface PairCounts {
  stories: number
  pairs: ReadonlyMap<string, number>
}

/** How many of a body's most distinctive pairs are used. */
const rarestPairs = 60
/** Maximum length of all terms of a story together, in characters. */
const termLettersAtMost = 700
/** Maximum length of the terms taken from code, which may consist of nothing but Latin words. */
const codeLettersAtMost = 150
/** Maximum length of one term in characters. A heading may be a sentence, but nobody searches for more than this. */
const longestTerm = 40

const textOf = (spans: readonly Span[]): string =>
  spans.map(span => (typeof span === 'string' ? span : span.text)).join('')

/** The texts of a body but code: one per paragraph, list item, cell or caption. */
function textsOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap(block => {
    switch (block.type) {
      case 'paragraph':
      case 'quote':
        return [textOf(block.spans)]
      case 'list':
        return block.items.map(textOf)
      case 'heading':
        return [block.text]
      case 'table':
        return [...block.head, ...block.rows.flat()]
      case 'picture':
        return block.caption === undefined ? [] : [block.caption]
      default:
        return []
    }
  })
}

const boldOf = (spans: readonly Span[]): string[] =>
  spans.flatMap(span => (typeof span !== 'string' && span.bold ? [span.text] : []))

/** Sub-headings and bold terms, unchanged. */
export function headingsOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap(block => {
    if (block.type === 'heading') return [block.text]
    if (block.type === 'paragraph' || block.type === 'quote') return boldOf(block.spans)
    return block.type === 'list' ? block.items.flatMap(boldOf) : []
  })
}

const latin = /[\p{Script=Latin}\p{Script=Greek}0-9]+/gu
const han = /\p{Script=Han}{2,}/gu

/** Quotation marks and middle dots may be part of a name: 阿尔伯特·爱因斯坦, “墨子号”卫星. */
const insideNames = /[“”‘’「」『』《》〈〉·•・]/gu
const phrasesOf = (text: string): string[] => wordsOf(text.replace(insideNames, ''))

const latinIn = (word: string): string[] => [...word.matchAll(latin)].map(([one]) => one)

/** Latin words and numbers of code, which in our stories holds formulas and calculations. */
function latinOfCode(blocks: readonly Block[]): string[] {
  const found = new Set<string>()
  let letters = 0
  for (const block of blocks) {
    if (block.type !== 'code') continue
    for (const term of block.text
      .split(/[，。；：！？、\s]+/u)
      .flatMap(phrasesOf)
      .flatMap(latinIn)) {
      if (found.has(term) || letters + term.length > codeLettersAtMost) continue
      found.add(term)
      letters += term.length
    }
  }
  return [...found]
}

const hanRuns = (words: readonly string[]): string[] =>
  words.flatMap(word => [...word.matchAll(han)].map(([run]) => run))

/** All pairs of Chinese characters in a story, without duplicates. */
function pairsIn(story: StoryText): Set<string> {
  const texts = [story.title, story.teaser, ...story.tags, ...textsOf(story.blocks)]
  return new Set(hanRuns(texts.flatMap(phrasesOf)).flatMap(pairsOf))
}

/** Counts the stories that contain each pair. */
export function countPairs(stories: Iterable<StoryText>): PairCounts {
  const pairs = new Map<string, number>()
  let count = 0
  for (const story of stories) {
    count++
    for (const pair of pairsIn(story)) pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
  }
  return { stories: count, pairs }
}

/** How distinctive a pair is: 0 if every story contains it. */
export function rarity({ stories, pairs }: PairCounts, pair: string): number {
  return Math.log((stories + 1) / ((pairs.get(pair) ?? 0) + 1)) + (stories === 0 ? 1 : 0)
}

/**
 * The search terms of a story's body, folded and without duplicates: sub-headings, bold terms, Latin words, numbers
 * (those of code too), and the parts of the text that consist of its sixty most distinctive pairs (frequent here, rare
 * elsewhere). Each term is an unchanged part of the text, so a search can distinguish 望远镜 from separate 望远 and 远镜.
 */
export function termsOf(story: StoryText, counts: PairCounts): string[] {
  const words = textsOf(story.blocks).flatMap(text => {
    // Counts every occurrence, because a pair that is frequent in this story is more distinctive.
    return text.split(/[，。；：！？、\s]+/u).flatMap(phrasesOf)
  })
  const runs = hanRuns(words)
  const times = new Map<string, number>()
  for (const pair of runs.flatMap(pairsOf)) times.set(pair, (times.get(pair) ?? 0) + 1)
  const telling = [...times]
    .map(([pair, often]) => ({ pair, worth: often * rarity(counts, pair) }))
    .sort((a, b) => b.worth - a.worth || (a.pair < b.pair ? -1 : 1))
    .slice(0, rarestPairs)
  const worth = new Map(telling.map(({ pair, worth: much }) => [pair, much]))

  const stretches = new Map<string, number>()
  const keep = (stretch: string): void => {
    if ([...stretch].length < 2) return
    const pairs = pairsOf(stretch)
    stretches.set(stretch, Math.max(...pairs.map(pair => worth.get(pair) ?? 0)))
  }
  for (const run of runs) {
    let stretch = ''
    for (const pair of pairsOf(run)) {
      if (!worth.has(pair)) {
        keep(stretch)
        stretch = ''
      } else stretch = stretch === '' ? pair : stretch + [...pair].slice(1).join('')
    }
    keep(stretch)
  }

  const candidates = [
    ...headingsOf(story.blocks).map(text => fold(text).text),
    ...words.flatMap(latinIn),
    ...latinOfCode(story.blocks),
    ...[...stretches].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([stretch]) => stretch),
  ]
  const terms = new Set<string>()
  let letters = 0
  for (const candidate of candidates) {
    const term = [...candidate].slice(0, longestTerm).join('')
    if (!term || terms.has(term) || letters + term.length > termLettersAtMost) continue
    terms.add(term)
    letters += term.length
  }
  return [...terms]
}
