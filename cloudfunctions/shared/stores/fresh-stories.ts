import * as v from 'valibot'
import { ArticleId, TopicId } from '#contract/ids'
import { command, type Document, db } from '../cloud'
import { type NeighbourRow, neighbourFields, readNeighbours } from './neighbours'
import { rowReader } from './rows'

/** What publishing does to stories and topics after a publication, in later ticks of the clock. */
const articles = () => db.collection('articles')
const topics = () => db.collection('publishedTopics')

const readRows = rowReader('fresh')

const Ids = v.fallback(v.array(ArticleId), [])
const Version = v.fallback(v.number(), 0)

const Fresh = v.pipe(
  v.object({
    _id: ArticleId,
    version: Version,
    related: Ids,
    topic: v.fallback(v.nullable(v.object({ id: TopicId, listed: v.fallback(v.boolean(), false) })), null),
  }),
  v.transform(({ _id, ...rest }) => ({ id: _id, ...rest })),
)
/** A story, the stories that are related to it, and its topic. `listed`: only the topic names the story. */
export type FreshStory = v.InferOutput<typeof Fresh>

const fields = ['version', 'related', 'topic']

/** The fields of a `FreshStory`, as a projection. */
export const freshFields: Record<string, 1> = Object.fromEntries(fields.map(field => [field, 1]))

/** Stories that are not joined yet and that readers can see. */
export const isFresh = { state: 'published', fresh: true, publishAt: command.in([null]) }

export const freshFrom = (rows: readonly Document[]): FreshStory | null => readRows(Fresh, rows)[0] ?? null

/** A story that is not joined yet. One request. */
export async function findFresh(): Promise<FreshStory | null> {
  const shown = Object.fromEntries(fields.map(field => [field, true]))
  return freshFrom((await articles().where(isFresh).field(shown).limit(1).get()).data)
}

const Older = v.pipe(
  v.object({ _id: ArticleId, version: Version, related: Ids, relatedChosen: Ids }),
  v.transform(({ _id, ...rest }) => ({ id: _id, ...rest })),
)
/** A story with its 相关阅读, and the part of it that its editor chose. */
export type OlderStory = NeighbourRow & v.InferOutput<typeof Older>

/** The public stories with these ids and their 相关阅读. One request. */
export async function listOlder(ids: readonly string[]): Promise<OlderStory[]> {
  const { data } = await articles()
    .where({ _id: command.in(ids), state: 'published' })
    .field({ ...neighbourFields, version: true, related: true, relatedChosen: true })
    .limit(Math.max(1, ids.length))
    .get()
  const kept = new Map(readRows(Older, data).map(row => [row.id, row]))
  return readNeighbours(data).flatMap(row => {
    const more = kept.get(row.id)
    return more ? [{ ...row, ...more }] : []
  })
}

/** Changes the 相关阅读 of a story, unless it was published again since it was read. */
export async function setRelated({ id, version }: OlderStory, related: readonly string[]): Promise<void> {
  await articles()
    .where({ _id: id, version })
    .update({ data: { related: command.set(related) } })
}

const TopicRow = v.pipe(
  v.object({
    _id: TopicId,
    state: v.fallback(v.string(), ''),
    title: v.fallback(v.string(), ''),
    stories: Ids,
    named: Ids,
  }),
  v.transform(({ _id, ...rest }) => ({ id: _id, ...rest })),
)
/** A topic, the stories that it lists, and those besides that name it. */
export type JoinedTopic = v.InferOutput<typeof TopicRow>

const joinedAtMost = 20

/** The topics that a story names, or that list it. One request. */
export async function listTopicsOf({ id, topic }: FreshStory): Promise<JoinedTopic[]> {
  const { data } = await topics()
    .where(command.or([{ stories: id }, { named: id }, ...(topic ? [{ _id: topic.id }] : [])]))
    .field({ state: true, title: true, stories: true, named: true })
    .limit(joinedAtMost)
    .get()
  return readRows(TopicRow, data)
}

/** Keeps which stories name a topic besides those that it lists. */
export async function setNamed(topicId: string, named: readonly string[]): Promise<void> {
  await topics()
    .doc(topicId)
    .update({ data: { named: command.set(named) } })
}

/**
 * Notes that a story is joined, unless it was published again since it was read. `topic` gives it the topic that lists
 * it, null takes such a topic away; either makes a new version, because readers' copies of one version are equal.
 */
export async function markJoined(
  { id, version }: FreshStory,
  topic?: { id: string; title: string } | null,
): Promise<void> {
  const change =
    topic === undefined
      ? {}
      : {
          version: command.inc(1),
          topic: topic === null ? command.remove() : command.set({ ...topic, listed: true }),
        }
  await articles()
    .where({ _id: id, version })
    .update({ data: { fresh: command.remove(), ...change } })
}
