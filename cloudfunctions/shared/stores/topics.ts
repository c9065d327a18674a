import * as v from 'valibot'
import { Cover } from '#contract/article'
import { ArticleId, TopicId } from '#contract/ids'
import type { Topic, TopicCard } from '#contract/topic'
import { command, db } from '../cloud'
import { isMissingCollection } from '../failures'
import { EditorsTime, fieldsOf, line, orNothing, rowReader } from './rows'

/** The collection of topics (独家策划), which editors compose in the console. */
const topics = () => db.collection('topics')

const readRows = rowReader('topic')

/** How many stories a topic may list. */
const storiesAtMost = 500

/** What an editor writes as the state of a topic that readers may see. */
const shown = ['published', '已发布']

/** A cover's size where only its address is written, as a form does: pages cut a topic's cover to their own frame. */
const usualSize = { width: 1200, height: 900 }

const cardEntries = {
  _id: TopicId,
  title: v.pipe(line(120), v.minLength(1)),
  lead: orNothing(line(500)),
  cover: orNothing(v.union([Cover, v.pipe(v.string(), v.trim(), v.regex(/^(?:cloud|https):\/\/\S+$/))])),
  /** Only where `cover` is an address: a cover object has its own text. */
  coverAlt: orNothing(line(200)),
  publishedAt: EditorsTime,
}

/** Also the fields of the form that the console draws (rules/models/topics.json). */
export const topicEntries = {
  ...cardEntries,
  state: v.picklist(shown),
  credit: orNothing(line(40)),
  editor: orNothing(line(40)),
  poll: orNothing(line(40)),
  /** Story ids in the editors' order. When empty: the stories that name this topic, newest first. */
  stories: orNothing(v.pipe(v.array(ArticleId), v.maxLength(storiesAtMost))),
}

const Card = v.object(cardEntries)

function cardOf({ _id, title, lead = '', cover, coverAlt = '' }: v.InferOutput<typeof Card>): TopicCard {
  const picture = typeof cover === 'string' ? { src: cover, ...usualSize, alt: coverAlt } : cover
  return { id: _id, title, lead, ...(picture ? { cover: picture } : {}) }
}

const TopicRow = v.pipe(
  v.object(topicEntries),
  v.transform(({ credit, editor, poll, stories = [], ...row }): { topic: Topic; stories: string[] } => ({
    topic: {
      ...cardOf(row),
      publishedAt: row.publishedAt,
      ...(credit === undefined ? {} : { credit }),
      ...(editor === undefined ? {} : { editor }),
      ...(poll === undefined ? {} : { poll }),
    },
    stories: [...new Set(stories)],
  })),
)

/** A published topic and its stories' ids in order. Null when readers may not see it or its row is broken. */
export async function findTopic(id: string): Promise<{ topic: Topic; stories: string[] } | null> {
  const { data } = await topics().doc(id).get()
  if (!data || !shown.includes(String(data.state))) return null
  return readRows(TopicRow, [data])[0] ?? null
}

/**
 * How many rows are read at least. The database sorts dates before numbers, and a topic's time may be either; so a
 * list is sorted here. A few broken rows then leave no gap, too.
 */
const readAtLeast = 60

/** The newest published topics, `count` at most. */
export async function listTopics(count: number): Promise<TopicCard[]> {
  try {
    const { data } = await topics()
      .where({ state: command.in(shown) })
      .orderBy('publishedAt', 'desc')
      .limit(Math.max(count, readAtLeast))
      .field(fieldsOf(cardEntries))
      .get()
    const rows = readRows(Card, data).sort((a, b) => b.publishedAt - a.publishedAt)
    return rows.slice(0, count).map(cardOf)
  } catch (error) {
    // An older environment without the collection: the home page works without topics.
    if (isMissingCollection(error)) return []
    throw error
  }
}
