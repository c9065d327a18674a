import * as v from 'valibot'
import { Cover } from '#contract/article'
import { ArticleId, TopicId } from '#contract/ids'
import type { Topic, TopicCard } from '#contract/topic'
import { command, type Document, db } from '../cloud'
import { isMissingCollection } from '../failures'
import { fieldsOf, line, orNothing, shownRowReader, When } from './rows'

/** The topics (独家策划) as readers see them. Publishing makes them of the editors' rows in `topics`. */
const topics = () => db.collection('publishedTopics')

const readRows = shownRowReader('topic')

/** How many stories a topic may list. */
const storiesAtMost = 500

const cardEntries = {
  _id: TopicId,
  title: v.pipe(line(120), v.minLength(1)),
  lead: orNothing(line(500)),
  cover: orNothing(Cover),
  publishedAt: When,
}

const topicEntries = {
  ...cardEntries,
  credit: orNothing(line(40)),
  editor: orNothing(line(40)),
  poll: orNothing(line(40)),
  /** Story ids in the editors' order. When empty: the stories that name this topic, newest first. */
  stories: orNothing(v.pipe(v.array(ArticleId), v.maxLength(storiesAtMost))),
  /** Stories that name this topic although it does not list them. Only a topic that lists stories needs it. */
  named: orNothing(v.array(ArticleId)),
}

/** Where an editor pinned a topic on the home page, and from when until when (ms); null where not said. */
const Pin = v.object({
  order: v.fallback(v.nullable(v.number()), null),
  from: v.fallback(v.nullable(When), null),
  until: v.fallback(v.nullable(When), null),
})
const Card = v.object(cardEntries)
const ListedRow = v.object({ ...cardEntries, ...Pin.entries })

function cardOf({ _id, title, lead = '', cover }: v.InferOutput<typeof Card>): TopicCard {
  return { id: _id, title, lead, ...(cover ? { cover } : {}) }
}

const TopicRow = v.pipe(
  v.object(topicEntries),
  v.transform(
    ({ credit, editor, poll, stories = [], named = [], ...row }): { topic: Topic; stories: string[] } => ({
      topic: {
        ...cardOf(row),
        publishedAt: row.publishedAt,
        ...(credit === undefined ? {} : { credit }),
        ...(editor === undefined ? {} : { editor }),
        ...(poll === undefined ? {} : { poll }),
      },
      stories: stories.length > 0 ? [...new Set([...stories, ...named])] : [],
    }),
  ),
)

/** A published topic and its stories' ids in order, also ahead of its time. Null when it is withdrawn or broken. */
export async function findPublishedTopic(id: string): Promise<{ topic: Topic; stories: string[] } | null> {
  const { data } = await topics().doc(id).get()
  if (data?.state !== 'published') return null
  return readRows(TopicRow, [data])[0] ?? null
}

/** The same, of a row that was read together with others. */
export const topicFrom = (rows: readonly Document[]): Topic | null =>
  readRows(
    TopicRow,
    rows.filter(({ state }) => state === 'published'),
  )[0]?.topic ?? null

/** The same, from its 发布时间. */
export async function findTopic(id: string): Promise<{ topic: Topic; stories: string[] } | null> {
  const found = await findPublishedTopic(id)
  return found && found.topic.publishedAt <= Date.now() ? found : null
}

/** A topic as a list needs it: when (ms) it was published, and where it is pinned. */
export type ListedTopic = v.InferOutput<typeof Pin> & { card: TopicCard; publishedAt: number }

/** How many topics a list reads. Editors make a few a month; a pinned one is found among so many. */
const listedAtMost = 60

/** The newest topics that readers see at a time (ms); `count` at most. */
export async function listTopics(now: number, count = listedAtMost): Promise<ListedTopic[]> {
  try {
    const { data } = await topics()
      .where({ state: 'published', publishedAt: command.lte(new Date(now)) })
      .orderBy('publishedAt', 'desc')
      .limit(count)
      .field(fieldsOf({ ...cardEntries, ...Pin.entries }))
      .get()
    return readRows(ListedRow, data).map(({ order, from, until, ...row }) => ({
      order,
      from,
      until,
      publishedAt: row.publishedAt,
      card: cardOf(row),
    }))
  } catch (error) {
    // An older environment without the collection: the home page works without topics.
    if (isMissingCollection(error)) return []
    throw error
  }
}
