import { headingsOf, type PairCounts, rarity, type StoryText } from './story-terms'
import { pairsOf, wordsOf } from './tokens'

/** The fields of a story that choosing 相关阅读 needs. */
export interface Neighbour extends StoryText {
  id: string
  channel: string
  column: string
  publishedAt: number
  topic?: { id: string } | undefined
}

/** How many ids a story stores: more than the five shown, so that others can replace a withdrawn story. */
export const relatedKept = 12

/** Weight of a term by its place: highest for an editor's tag, then the title. */
const weights = { tag: 3, title: 2, heading: 0.75, teaser: 0.75 }

/** Function words. A pair that contains one has no meaning of its own or spans two words. */
const grammar = new Set(
  '的了是在不有为和与也就都而及着或一这那个中上下来到能会可以什么怎从里把被让多少几哪样它们我你他她每过只还又很最更时候出去起',
)
const isGrammar = (pair: string): boolean => [...pair].some(character => grammar.has(character))

/** Ignores terms that occur in more than this share of the stories. */
const commonFrom = 1 / 5

/** Minimum score of the rare terms that two stories share: about one tag, or two words of a title. */
const sharedAtLeast = 5

function weightsOf(story: StoryText): Map<string, number> {
  const found = new Map<string, number>()
  const add = (text: string, weight: number): void => {
    for (const word of wordsOf(text)) {
      // A Latin word is one term; pairs of its letters have no meaning.
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
 * Returns the ids for 相关阅读, best first: stories that share rare terms of title, teaser, sub-headings and tags, then
 * stories of the same topic, column and channel. Newer stories come first in a tie. Omits the story itself and
 * duplicates.
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
