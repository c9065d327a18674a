import * as v from 'valibot'
import { ArticleId, SectionKey, TopicId } from '#contract/ids'
import type { Topic } from '#contract/topic'
import { command, type Document, db } from '../cloud'
import { findDraft } from './drafts'
import { claimsFrom, claimsStages, type FocusClaim } from './focus-claims'
import { type PublishedRow, publishedFields, publishedFrom } from './published'
import { rowReader, When } from './rows'
import { topicFrom } from './topics'

/** Published stories as choosing 相关阅读 and weighing search terms need them: without their bodies. */

const readRows = rowReader('neighbour')

const Texts = v.fallback(v.array(v.string()), [])

const Row = v.pipe(
  v.object({
    _id: ArticleId,
    draft: v.fallback(v.string(), ''),
    title: v.string(),
    teaser: v.fallback(v.string(), ''),
    tags: Texts,
    terms: Texts,
    channel: SectionKey,
    column: v.fallback(v.string(), ''),
    publishedAt: When,
    topic: v.fallback(v.optional(v.object({ id: TopicId })), undefined),
  }),
  v.transform(({ _id, ...rest }) => ({
    ...rest,
    id: _id,
    // The most telling parts of the body.
    blocks: [{ type: 'list' as const, ordered: false, items: rest.terms.map(term => [term]) }],
  })),
)
export type NeighbourRow = v.InferOutput<typeof Row>

/** The fields of a row that `readNeighbours` reads. */
export const neighbourFields = Object.fromEntries(
  ['draft', 'title', 'teaser', 'tags', 'terms', 'channel', 'column', 'publishedAt', 'topic'].map(field => [
    field,
    true,
  ]),
)

const projected = (fields: readonly string[]): Record<string, 1> =>
  Object.fromEntries(fields.map(field => [field, 1]))

/** How many stories each query reads; each is some 3 KB. */
const readAtMost = 100

/** Rows of `articles` as neighbours, each once. */
export const readNeighbours = (rows: readonly Document[]): NeighbourRow[] => [
  ...new Map(readRows(Row, rows).map(row => [row.id, row])).values(),
]

/** The newest published stories, and the newest that share a tag. Two requests at most. */
export async function listNeighbours(tags: readonly string[]): Promise<NeighbourRow[]> {
  const newest = async (where: object) => {
    const query = db.collection('articles').where({ state: 'published', ...where })
    return (await query.orderBy('publishedAt', 'desc').limit(readAtMost).field(neighbourFields).get()).data
  }
  const read = await Promise.all([newest({}), tags.length > 0 ? newest({ tags: command.in(tags) }) : []])
  return readNeighbours(read.flat())
}

/** What the caller knows of a row of `drafts`, to read in one request what publishing it needs. */
export interface Known {
  tags: readonly string[]
  /** The id of its topic; empty for none. */
  topic: string
  /** The place in 视觉焦点 that it asks for; null for none. */
  order: number | null
}

/** A row of `drafts` with what publishing it needs. Null stands for what was not read. */
export interface DraftRead {
  row: Document | null
  neighbours: NeighbourRow[] | null
  story: PublishedRow | null
  /** The published topic; `found` is null if there is none. */
  topic: { found: Topic | null } | null
  claims: FocusClaim[] | null
}

const rowsIn = (rows: unknown): Document[] => (Array.isArray(rows) ? rows : [])

/**
 * A row of `drafts`, and in the same request what `listNeighbours` returns, the story with an id, and the row's topic and
 * the stories in its place on the home page. If reading them failed, the row alone.
 */
export async function findDraftAndNeighbours(
  id: string,
  { tags, topic, order }: Known,
  storyId: string,
  now: number,
): Promise<DraftRead> {
  const newest = (where: object) =>
    command.aggregate
      .pipeline()
      .match({ state: 'published', ...where })
      .sort({ publishedAt: -1 })
      .limit(readAtMost)
      .project(projected(Object.keys(neighbourFields)))
      .done()
  const withId = (_id: string) => command.aggregate.pipeline().match({ _id }).limit(1)
  const own = withId(storyId).project(projected(publishedFields)).done()
  const lookups = [
    { from: 'articles', pipeline: own, as: 'ownStory' },
    { from: 'articles', pipeline: newest({}), as: 'neighbours' },
    ...(tags.length > 0
      ? [{ from: 'articles', pipeline: newest({ tags: command.in(tags) }), as: 'tagged' }]
      : []),
    ...(topic === '' ? [] : [{ from: 'publishedTopics', pipeline: withId(topic).done(), as: 'ownTopic' }]),
    ...(order === null ? [] : [{ from: 'articles', pipeline: claimsStages(order, now), as: 'claims' }]),
  ]
  try {
    const whole = db.collection('drafts').aggregate().match({ _id: id })
    const { list } = await lookups.reduce((query, lookup) => query.lookup(lookup), whole).end()
    const [found] = list
    if (!found) return { row: null, neighbours: [], story: null, topic: null, claims: null }
    const { neighbours, tagged, ownStory, ownTopic, claims, ...row } = found
    return {
      row,
      neighbours: readNeighbours([...rowsIn(neighbours), ...rowsIn(tagged)]),
      story: publishedFrom(rowsIn(ownStory)),
      topic: topic === '' ? null : { found: topicFrom(rowsIn(ownTopic)) },
      claims: order === null ? null : claimsFrom(rowsIn(claims)),
    }
  } catch {
    // Its errors do not say whether a retry helps; those of a plain read do.
    return { row: await findDraft(id), neighbours: null, story: null, topic: null, claims: null }
  }
}
