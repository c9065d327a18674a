import { type PairCounts, rarity, type StoryText } from './story-terms'
import { pairsOf, wordsOf } from './tokens'

/** The fields of a story that choosing 相关阅读 needs. */
export interface Neighbour extends Omit<StoryText, 'blocks'> {
  id: string
  /** The search terms of its body (`termsOf`): sub-headings and the most telling parts of the text. */
  terms: readonly string[]
  channel: string
  column: string
  publishedAt: number
  topic?: { id: string } | undefined
}

/** How many ids a story stores: more than the five shown, so that others can replace a withdrawn story. */
export const relatedKept = 12

/** Weight of a pair by its place: highest for an editor's tag, then the title. */
const weights = { tag: 3, title: 2, teaser: 0.75, term: 0.5 }

/** Function words. A pair that contains one has no meaning of its own or spans two words. */
const grammar = new Set(
  '的了是在不有为和与也就都而及着或一这那个中上下来到能会可以什么怎从里把被让多少几哪样它们我你他她每过只还又很最更时候出去起',
)
const isGrammar = (pair: string): boolean => [...pair].some(character => grammar.has(character))

/** Ignores terms that occur in more than this share of the stories. */
const commonFrom = 1 / 5

/** Minimum score of the rare terms that two stories share: about a tag of two characters, or several lesser terms. */
const sharedAtLeast = 7

const latin = /([\p{Script=Latin}\p{Script=Greek}0-9]+)/u

/** The pairs and Latin words of a text. A shared number is no common subject: 20 is a year's part, a price, an age. */
function subjectsIn(text: string): string[] {
  const parts = wordsOf(text).flatMap(word => word.split(latin).filter(part => part.length > 1))
  // A Latin word is one term; pairs of its letters have no meaning.
  return parts.flatMap(part =>
    latin.test(part) ? (/^\d+$/.test(part) ? [] : [part]) : pairsOf(part).filter(pair => !isGrammar(pair)),
  )
}

function weightsOf(story: Neighbour): Map<string, number> {
  const found = new Map<string, number>()
  const add = (subjects: readonly string[], weight: number): void => {
    for (const one of subjects) found.set(one, Math.max(found.get(one) ?? 0, weight))
  }
  for (const tag of story.tags) {
    const subjects = subjectsIn(tag)
    // One pair of a long tag says little: 反应 does not relate 美拉德反应 to 反应堆.
    add(subjects, weights.tag / Math.sqrt(subjects.length))
  }
  add(subjectsIn(story.title), weights.title)
  add(subjectsIn(story.teaser), weights.teaser)
  for (const term of story.terms) add(subjectsIn(term), weights.term)
  return found
}

/** The weights of the candidates, which several stories in turn are compared with. */
const weighed = new WeakMap<Neighbour, Map<string, number>>()

function knownWeightsOf(story: Neighbour): Map<string, number> {
  const known = weighed.get(story) ?? weightsOf(story)
  weighed.set(story, known)
  return known
}

/** Counts the stories that contain each subject. */
function countSubjects(stories: readonly Neighbour[]): PairCounts {
  const pairs = new Map<string, number>()
  for (const story of stories)
    for (const subject of knownWeightsOf(story).keys()) pairs.set(subject, (pairs.get(subject) ?? 0) + 1)
  return { stories: stories.length, pairs }
}

/**
 * Returns the ids for 相关阅读, best first: stories that share rare terms of title, teaser, tags and body, then stories of
 * the same topic, column and channel. Newer stories come first in a tie. Omits the story itself and duplicates.
 */
export function chooseRelated(
  story: Neighbour,
  candidates: readonly Neighbour[],
  count = relatedKept,
): string[] {
  const unique = new Map(candidates.map(candidate => [candidate.id, candidate]))
  unique.delete(story.id)
  const own = knownWeightsOf(story)
  const counts = countSubjects([story, ...unique.values()])
  const common = Math.max(2, counts.stories * commonFrom)
  const shared = (other: Neighbour): number => {
    let sum = 0
    for (const [term, weight] of knownWeightsOf(other)) {
      const here = own.get(term)
      if (here === undefined || (counts.pairs.get(term) ?? 0) > common) continue
      sum += rarity(counts, term) * Math.sqrt(here * weight)
    }
    return sum
  }
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
      return { other, terms, place, near: other.channel === story.channel ? 1 : 0 }
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
