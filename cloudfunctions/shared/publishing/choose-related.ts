import { headingsOf, type PairCounts, rarity, type StoryText } from './story-terms'
import { pairsOf, wordsOf } from './tokens'

/** A story as the choice of 相关阅读 sees it. */
export interface Neighbour extends StoryText {
  id: string
  channel: string
  column: string
  publishedAt: number
  topic?: { id: string } | undefined
}

/** Ids kept with a story: more than are shown (five), so that one that is withdrawn leaves no gap. */
export const relatedKept = 12

/** How much a term tells by where it stands: an editor's tag most, then the title. */
const weights = { tag: 3, title: 2, heading: 0.75, teaser: 0.75 }

/** Characters of no matter of their own: a pair with one of them is grammar, or the seam between two words. */
const grammar = new Set(
  '的了是在不有为和与也就都而及着或一这那个中上下来到能会可以什么怎从里把被让多少几哪样它们我你他她每过只还又很最更时候出去起',
)
const isGrammar = (pair: string): boolean => [...pair].some(character => grammar.has(character))

/** Terms that more than this part of the stories hold tell nothing. */
const commonFrom = 1 / 5

/** Worth of the rare terms two stories must share to be called related by them: about one tag, or two title words. */
const sharedAtLeast = 5

function weightsOf(story: StoryText): Map<string, number> {
  const found = new Map<string, number>()
  const add = (text: string, weight: number): void => {
    for (const word of wordsOf(text)) {
      // A Latin word tells as a whole; pairs of its letters tell nothing.
      const terms = word.split(/([\p{Script=Latin}\p{Script=Greek}0-9]+)/u).filter(part => part.length > 1)
      for (const part of terms) {
        const isLatin = /^[\p{Script=Latin}\p{Script=Greek}0-9]/u.test(part)
        for (const term of isLatin ? [part] : pairsOf(part).filter(pair => !isGrammar(pair))) {
          found.set(term, Math.max(found.get(term) ?? 0, weight))
        }
      }
    }
  }
  for (const tag of story.tags) add(tag, weights.tag)
  add(story.title, weights.title)
  for (const heading of headingsOf(story.blocks)) add(heading, weights.heading)
  add(story.teaser, weights.teaser)
  return found
}

/**
 * Ids of the stories to offer as 相关阅读, best first: those that share rare terms of title, teaser, sub-headings and
 * tags, then those of the same topic, then those of the column, then of the channel; ties go to the newer. Never the
 * story itself, none twice.
 */
export function chooseRelated(
  story: Neighbour,
  candidates: readonly Neighbour[],
  counts: PairCounts,
  count = relatedKept,
): string[] {
  const own = weightsOf(story)
  const common = Math.max(2, counts.stories * commonFrom)
  const shared = (other: Neighbour): number => {
    let sum = 0
    for (const [term, weight] of weightsOf(other)) {
      const here = own.get(term)
      if (here === undefined || (counts.pairs.get(term) ?? 0) > common) continue
      sum += rarity(counts, term) * Math.sqrt(here * weight)
    }
    return sum
  }
  const unique = new Map(candidates.map(candidate => [candidate.id, candidate]))
  unique.delete(story.id)
  return [...unique.values()]
    .map(other => {
      const terms = shared(other)
      const place =
        terms >= sharedAtLeast
          ? 3
          : other.topic && other.topic.id === story.topic?.id
            ? 2
            : other.channel === story.channel && other.column !== '' && other.column === story.column
              ? 1
              : 0
      return { other, terms, place: place === 3 ? 3 : place, near: other.channel === story.channel ? 1 : 0 }
    })
    .sort(
      (a, b) =>
        b.place - a.place ||
        b.terms - a.terms ||
        b.near - a.near ||
        b.other.publishedAt - a.other.publishedAt ||
        (a.other.id < b.other.id ? -1 : 1),
    )
    .slice(0, count)
    .map(({ other }) => other.id)
}
