import * as v from 'valibot'
import { Cover } from '#contract/article'
import { ArticleId, TopicId } from '#contract/ids'
import type { Topic, TopicCard } from '#contract/topic'
import { db } from '../cloud'
import { isMissingCollection } from '../failures'
import { fieldsOf, line, rowReader, When } from './rows'

/** The collection of topics (独家策划), which editors compose in the console. */
const topics = () => db.collection('topics')

const readRows = rowReader('topic')

/** How many stories a topic may list. */
const storiesAtMost = 500

const cardEntries = {
  _id: TopicId,
  title: v.pipe(line(120), v.minLength(1)),
  lead: v.optional(line(500), ''),
  cover: v.optional(Cover),
}

const CardRow = v.pipe(
  v.object(cardEntries),
  v.transform(({ _id, ...rest }): TopicCard => ({ id: _id, ...rest })),
)

const TopicRow = v.pipe(
  v.object({
    ...cardEntries,
    credit: v.optional(v.string()),
    editor: v.optional(v.string()),
    publishedAt: When,
    poll: v.optional(v.string()),
    /** Story ids in the editors' order. When empty: the stories that name this topic, newest first. */
    stories: v.optional(v.pipe(v.array(ArticleId), v.maxLength(storiesAtMost)), []),
  }),
  v.transform(({ _id, stories, ...rest }): { topic: Topic; stories: string[] } => ({
    topic: { id: _id, ...rest },
    stories: [...new Set(stories)],
  })),
)

/** A published topic and its stories' ids in order. Null when readers may not see it or its row is broken. */
export async function findTopic(id: string): Promise<{ topic: Topic; stories: string[] } | null> {
  const { data } = await topics().doc(id).get()
  if (data?.state !== 'published') return null
  return readRows(TopicRow, [data])[0] ?? null
}

/** How many more rows are read than shown, so that a few broken ones leave no gap. */
const spare = 4

/** The newest published topics, `count` at most. */
export async function listTopics(count: number): Promise<TopicCard[]> {
  try {
    const { data } = await topics()
      .where({ state: 'published' })
      .orderBy('publishedAt', 'desc')
      .limit(count + spare)
      .field(fieldsOf(cardEntries))
      .get()
    return readRows(CardRow, data).slice(0, count)
  } catch (error) {
    // An older environment without the collection: the home page works without topics.
    if (isMissingCollection(error)) return []
    throw error
  }
}
