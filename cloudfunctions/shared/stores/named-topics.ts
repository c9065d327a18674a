import * as v from 'valibot'
import { command, db } from '../cloud'
import { rowReader, When } from './rows'

/** The topic that stories name in their rows of `articles`. Publishing keeps it equal to the topic. */
const articles = () => db.collection('articles')

/**
 * Gives the stories of a topic its present title, and shows it in them. Each gets a new version, because readers' copies
 * of one version are equal. Repeating it changes nothing.
 */
export async function nameTopic(topicId: string, title: string): Promise<void> {
  await articles()
    .where(
      command.and([
        { 'topic.id': topicId },
        command.or([{ 'topic.title': command.neq(title) }, { 'topic.hidden': true }]),
      ]),
    )
    .update({ data: { 'topic.title': title, 'topic.hidden': command.remove(), version: command.inc(1) } })
}

/** How many stories that name a topic are added to those that it lists. */
const namedAtMost = 100

/**
 * Shows a topic in the stories that it lists, unless they name one themselves, and takes it from those that it listed
 * before. A topic that lists stories also gets those that only name it. Repeating it changes nothing.
 */
export async function listStories(
  topic: { id: string; title: string },
  stories: readonly string[],
): Promise<void> {
  const version = command.inc(1)
  await articles()
    .where({ 'topic.id': topic.id, 'topic.listed': true, _id: command.nin(stories) })
    .update({ data: { topic: command.remove(), version } })
  if (stories.length === 0) return
  await articles()
    .where({ _id: command.in(stories), topic: command.in([null]) })
    .update({ data: { topic: command.set({ ...topic, listed: true }), version } })
  const { data } = await articles()
    .where({ ...{ state: 'published', 'topic.id': topic.id }, _id: command.nin(stories) })
    .orderBy('publishedAt', 'desc')
    .limit(namedAtMost)
    .field({ _id: true })
    .get()
  await db
    .collection('publishedTopics')
    .doc(topic.id)
    .update({ data: { named: command.set(data.map(({ _id }) => _id)) } })
}

const readOthers = rowReader('story of another topic')
const Other = v.pipe(
  v.object({
    title: v.fallback(v.string(), ''),
    topic: v.fallback(v.object({ title: v.fallback(v.string(), '') }), { title: '' }),
  }),
  v.transform(({ title, topic }) => ({ story: title, topic: topic.title })),
)

/** The titles of the topics that some stories show instead of this one, with those stories' titles. Five at most. */
export async function findOtherTopics(
  topicId: string,
  stories: readonly string[],
): Promise<{ story: string; topic: string }[]> {
  if (stories.length === 0) return []
  const { data } = await articles()
    .where({ _id: command.in(stories), 'topic.id': command.nin([topicId, null]) })
    .limit(5)
    .field({ title: true, topic: true })
    .get()
  return readOthers(Other, data)
}

/** Hides a withdrawn topic in its stories. */
export async function hideTopic(topicId: string): Promise<void> {
  await articles()
    .where({ ...{ 'topic.id': topicId }, 'topic.hidden': command.neq(true) })
    .update({ data: { 'topic.hidden': true, version: command.inc(1) } })
}

const readPinned = rowReader('pinned topic')

const Pinned = v.pipe(
  v.object({
    _id: v.string(),
    row: v.fallback(v.string(), ''),
    title: v.fallback(v.string(), ''),
    publishedAt: When,
    order: v.number(),
    from: v.fallback(v.nullable(When), null),
    until: v.fallback(v.nullable(When), null),
  }),
  v.transform(({ _id, ...rest }) => ({ id: _id, ...rest })),
)
/** A published topic with a place on the home page, from when until when (ms; null: no limit), and its editor's row. */
export type PinnedTopic = v.InferOutput<typeof Pinned>

/** The published topics that have a place on the home page now or later; the newest 100. */
export async function listPinned(now: number): Promise<PinnedTopic[]> {
  const { data } = await db
    .collection('publishedTopics')
    .where({ state: 'published', order: command.gt(0), until: command.not(command.lte(new Date(now))) })
    .orderBy('publishedAt', 'desc')
    .limit(100)
    .field({ row: true, title: true, publishedAt: true, order: true, from: true, until: true })
    .get()
  return readPinned(Pinned, data)
}
