import * as v from 'valibot'
import { ArticleId, SectionKey, TopicId } from '#contract/ids'
import { command, type Document, db } from '../cloud'
import { findDraft } from './drafts'
import { type PublishedRow, publishedFields, publishedFrom } from './published'
import { rowReader, When } from './rows'

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
  v.transform(({ _id, terms, ...rest }) => ({
    ...rest,
    id: _id,
    // The most telling parts of the body.
    blocks: [{ type: 'list' as const, ordered: false, items: terms.map(term => [term]) }],
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

/**
 * A row of `drafts`, and in the same request what `listNeighbours` returns and the story with an id. Neighbours are null if
 * that failed.
 */
export async function findDraftAndNeighbours(
  id: string,
  tags: readonly string[],
  storyId: string,
): Promise<{ row: Document | null; neighbours: NeighbourRow[] | null; story: PublishedRow | null }> {
  const newest = (where: object) =>
    command.aggregate
      .pipeline()
      .match({ state: 'published', ...where })
      .sort({ publishedAt: -1 })
      .limit(readAtMost)
      .project(projected(Object.keys(neighbourFields)))
      .done()
  const own = command.aggregate
    .pipeline()
    .match({ _id: storyId })
    .limit(1)
    .project(projected(publishedFields))
    .done()
  try {
    const whole = db.collection('drafts').aggregate().match({ _id: id })
    const first = whole
      .lookup({ from: 'articles', pipeline: own, as: 'ownStory' })
      .lookup({ from: 'articles', pipeline: newest({}), as: 'neighbours' })
    const tagged = { from: 'articles', pipeline: newest({ tags: command.in(tags) }), as: 'tagged' }
    const { list } = await (tags.length > 0 ? first.lookup(tagged) : first).end()
    const [found] = list
    if (!found) return { row: null, neighbours: [], story: null }
    const { neighbours, tagged: others = [], ownStory, ...row } = found
    return {
      row,
      neighbours: readNeighbours([neighbours, others].flat() as Document[]),
      story: publishedFrom(ownStory as Document[]),
    }
  } catch {
    // Its errors do not say whether a retry helps; those of a plain read do.
    return { row: await findDraft(id), neighbours: null, story: null }
  }
}
