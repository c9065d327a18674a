import {
  type FreshStory,
  listOlder,
  listTopicsOf,
  markJoined,
  setNamed,
  setRelated,
} from '../stores/fresh-stories'
import { listNeighbours } from '../stores/neighbours'
import { chooseRelated, relatedKept } from './choose-related'

/** How many older stories a new one may enter: about as many as show it among their five. */
const olderAtMost = 6

/**
 * Chooses the 相关阅读 of a new story and of the stories nearest to it again: the new one may have been published before
 * others that are nearer to it, and the older ones now offer it. The stories that an editor chose stay in front. At most
 * four reads, and a write for each story that changes.
 */
async function enterRelated({ id, related }: FreshStory): Promise<void> {
  const near = await listOlder([id, ...related.slice(0, olderAtMost)])
  const changing = near.filter(story => !story.related.includes(id))
  if (changing.length === 0) return
  const known = [...new Set([id, ...changing.flatMap(story => story.related)])]
  const tags = near.find(story => story.id === id)?.tags ?? []
  const [candidates, newest] = await Promise.all([listOlder(known), listNeighbours(tags)])
  const all = [...new Map([...newest, ...candidates, ...near].map(row => [row.id, row])).values()]
  for (const story of changing) {
    const computed = chooseRelated(story, all)
    const chosen = [...new Set([...story.relatedChosen, ...computed])].slice(0, relatedKept)
    const isNews = story.id === id ? chosen.join() !== story.related.join() : chosen.includes(id)
    if (isNews) await setRelated(story, chosen)
  }
}

/**
 * Makes a story and its topics agree, whichever of them names the other: a topic that lists stories also gets those that
 * only name it, and a story without a topic gets the one that lists it. Returns the change of the story's topic.
 */
async function joinTopics(story: FreshStory): Promise<{ id: string; title: string } | null | undefined> {
  const { id, topic } = story
  const topics = await listTopicsOf(story)
  for (const row of topics) {
    const names = topic?.id === row.id && !topic.listed
    const isNamed = names && row.stories.length > 0 && !row.stories.includes(id)
    if (isNamed && !row.named.includes(id)) await setNamed(row.id, [...row.named, id])
    if (!isNamed && row.named.includes(id))
      await setNamed(
        row.id,
        row.named.filter(one => one !== id),
      )
  }
  if (topic && !topic.listed) return undefined
  const listing = topics.filter(row => row.state === 'published' && row.stories.includes(id))
  if (topic && topics.some(row => row.id === topic.id && row.stories.includes(id))) return undefined
  const [first] = listing
  return first ? { id: first.id, title: first.title } : topic ? null : undefined
}

/** Joins a story that was published to the older stories and to the topics. Repeating it changes nothing. */
export async function joinStory(story: FreshStory): Promise<void> {
  await enterRelated(story)
  await markJoined(story, await joinTopics(story))
}
