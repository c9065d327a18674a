import * as v from 'valibot'
import { type Article, Block, Cover, type RelatedTitle, type Teaser } from '#contract/article'
import { ArticleId, SectionKey } from '#contract/ids'
import { type Command, command, type Document, db } from '../cloud'
import { log } from '../log'

/** The collection of published stories. Console editors see dates as dates, so the rows hold dates, not numbers. */
const articles = () => db.collection('articles')

const When = v.pipe(
  v.date(),
  v.transform(date => date.getTime()),
)

const teaserEntries = {
  _id: ArticleId,
  title: v.pipe(v.string(), v.minLength(1)),
  teaser: v.string(),
  channel: SectionKey,
  column: SectionKey,
  publishedAt: When,
  cover: v.optional(Cover),
}

const TeaserRow = v.pipe(
  v.object(teaserEntries),
  v.transform(({ _id, ...rest }): Teaser => ({ id: _id, ...rest })),
)

const Version = v.pipe(v.number(), v.integer(), v.minValue(1))

const ArticleRow = v.pipe(
  v.object({
    ...teaserEntries,
    version: Version,
    source: v.string(),
    author: v.string(),
    editor: v.string(),
    tags: v.array(v.string()),
    credit: v.optional(v.string()),
    corrected: v.optional(v.object({ at: When, reason: v.string() })),
    blocks: v.array(Block),
  }),
  v.transform(({ _id, ...rest }): Article => ({ id: _id, ...rest })),
)

const RelatedRow = v.pipe(
  v.object({
    _id: ArticleId,
    title: v.string(),
    publishedAt: When,
    column: SectionKey,
    tags: v.fallback(v.array(v.string()), []),
  }),
  v.transform(({ _id, ...rest }) => ({ id: _id, ...rest })),
)

export type RelatedCandidate = v.InferOutput<typeof RelatedRow> & RelatedTitle

/** Rows that fit; the others are left out and logged, since one broken row must not take a page down. */
function readable<Row>(schema: v.GenericSchema<unknown, Row>, rows: readonly Document[]): Row[] {
  return rows.flatMap(row => {
    const parsed = v.safeParse(schema, row)
    if (parsed.success) return [parsed.output]
    log('error', 'broken-article', { id: row._id, path: v.getDotPath(parsed.issues[0]) })
    return []
  })
}

const fieldsOf = (entries: object): Record<string, boolean> =>
  Object.fromEntries(Object.keys(entries).map(key => [key, true]))

/** A published story in full, or null where there is none, it is withdrawn, or its row is broken (logged). */
export async function findArticle(id: string): Promise<Article | null> {
  const { data } = await articles().doc(id).get()
  if (data?.state !== 'published') return null
  return readable(ArticleRow, [data])[0] ?? null
}

/** The version of a published story, or null where readers may not see it: what a cached story is checked against. */
export async function findVersion(id: string): Promise<number | null> {
  const { data } = await articles().where({ _id: id }).field({ state: true, version: true }).limit(1).get()
  const row = v.safeParse(v.object({ state: v.literal('published'), version: Version }), data[0])
  return row.success ? row.output.version : null
}

export interface FeedPosition {
  publishedAt: number
  id: string
}

export interface FeedScope {
  channel?: string | undefined
  column?: string | undefined
}

/**
 * The newest `count` published stories after a position, by time and then id: a keyset, so page 500 costs what page 1
 * does. Returns rows as they are, so that a broken one still moves the position on.
 */
export async function listNewest(
  scope: FeedScope,
  after: FeedPosition | null,
  count: number,
): Promise<{ teasers: Teaser[]; last: FeedPosition | null; more: boolean }> {
  const where: Record<string, unknown> = { state: 'published' }
  if (scope.channel !== undefined) where.channel = scope.channel
  if (scope.column !== undefined) where.column = scope.column
  let condition: object | Command = where
  if (after) {
    const at = new Date(after.publishedAt)
    condition = command.and([
      where,
      command.or([{ publishedAt: command.lt(at) }, { publishedAt: at, _id: command.lt(after.id) }]),
    ])
  }
  const { data } = await articles()
    .where(condition)
    .orderBy('publishedAt', 'desc')
    .orderBy('_id', 'desc')
    .limit(count + 1)
    .field(fieldsOf(teaserEntries))
    .get()
  const page = data.slice(0, count)
  const lastRow = page.findLast(row => row.publishedAt instanceof Date)
  return {
    teasers: readable(TeaserRow, page),
    // A row whose time is no date sorts behind all dates: it cannot name a position, the one before it can.
    last: lastRow ? { publishedAt: (lastRow.publishedAt as Date).getTime(), id: lastRow._id } : null,
    more: data.length > count,
  }
}

/** Stories that could be 相关阅读 of one: the newest of its channel, and of its tags, in one query. */
export async function listRelated(article: Article, count: number): Promise<RelatedCandidate[]> {
  const { data } = await articles()
    .where(
      command.or([
        { state: 'published', channel: article.channel },
        ...(article.tags.length > 0 ? [{ state: 'published', tags: command.in(article.tags) }] : []),
      ]),
    )
    .orderBy('publishedAt', 'desc')
    .limit(count)
    .field({ title: true, publishedAt: true, column: true, tags: true })
    .get()
  return readable(RelatedRow, data)
}
