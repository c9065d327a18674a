import * as v from 'valibot'
import { type Article, Block, Cover, Picture, type Teaser } from '#contract/article'
import { ArticleId, SectionKey, TopicId } from '#contract/ids'
import { type Command, command, type Document, db } from '../cloud'
import { log } from '../log'
import { fieldsOf, line, shownRowReader, When } from './rows'
import { readWithSalt } from './settings'
import { storySchema } from './story-schema'

/** The collection of published stories. */
const collection = 'articles'
const articles = () => db.collection(collection)

const readRows = shownRowReader('article')

/** The longest body that is shown. A reply may hold 1 MB [云函数限制], moods and 相关阅读 included. */
const blocksAtMost = 2_000
const bytesAtMost = 1_000_000

const teaserEntries = {
  _id: ArticleId,
  title: v.pipe(line(200), v.minLength(1)),
  teaser: v.optional(line(1_000), ''),
  channel: SectionKey,
  column: v.optional(v.union([SectionKey, v.literal('')]), ''),
  publishedAt: When,
  cover: v.optional(Cover),
  source: v.optional(v.string()),
}

/**
 * What readers see at a time (ms), now by default: published stories from `publishAt` until `offlineAt`, to the
 * millisecond. A story without these dates is always shown.
 */
function shown(at = Date.now()): { state: string; publishAt: Command; offlineAt: Command } {
  const now = new Date(at)
  return {
    state: 'published',
    publishAt: command.not(command.gt(now)),
    offlineAt: command.not(command.lte(now)),
  }
}

/** Whether readers see a row that was read by its id. */
function isShown({ state, publishAt, offlineAt }: Document): boolean {
  const now = new Date()
  const isAhead = publishAt instanceof Date && publishAt > now
  const isOffline = offlineAt instanceof Date && offlineAt <= now
  return state === 'published' && !isAhead && !isOffline
}

const shownFields = { state: true, publishAt: true, offlineAt: true }

/** A row of a list. */
const listEntries = {
  ...teaserEntries,
  corrected: v.fallback(v.optional(v.object({ at: When })), undefined),
}

/** A row as lists show it: with the time of its correction, without the reason. */
const listed = <Row extends { _id: string; corrected?: { at: number } | undefined }>({
  _id,
  corrected,
  ...rest
}: Row) => ({ id: _id, ...rest, ...(corrected ? { correctedAt: corrected.at } : {}) })

const TeaserRow = v.pipe(
  v.object(listEntries),
  v.transform((row): Teaser => listed(row)),
)

/** A story whose editor wrote 视觉焦点: in which place of it, if in one, and from when until when (ms). */
export interface PlacedStory {
  story: Teaser
  order: number | null
  from: number | null
  until: number | null
}

const placeEntries = {
  focusOrder: v.fallback(v.nullable(v.number()), null),
  focusFrom: v.fallback(v.nullable(When), null),
  focusUntil: v.fallback(v.nullable(When), null),
}

const PlacedRow = v.pipe(
  v.object({ ...listEntries, ...placeEntries }),
  v.transform(
    ({ focusOrder: order, focusFrom: from, focusUntil: until, ...row }): PlacedStory => ({
      story: listed(row),
      order,
      from,
      until,
    }),
  ),
)

const Tags = v.fallback(v.array(v.string()), [])

const SearchRow = v.pipe(
  v.object({ ...listEntries, tags: Tags, terms: Tags }),
  v.transform((row): SearchCandidate => listed(row)),
)

export type SearchCandidate = Teaser & { tags: string[]; terms: string[] }

/** How many candidates of 相关阅读 a row may hold. */
const relatedAtMost = 20

/** A story as stored: with the ids of its candidates for 相关阅读 and when (ms) it goes offline. */
export type StoredArticle = Article & { related: string[]; offlineAt?: number | undefined }

const Version = v.pipe(v.number(), v.integer(), v.minValue(1))

/** Fills a table's rows up to its widest one: columns line up only where every row has the same number of cells. */
function alignTable(block: Block): Block {
  if (block.type !== 'table') return block
  const { head, rows } = block
  const width = Math.max(head.length, ...rows.map(row => row.length))
  const filled = (row: string[]): string[] => [
    ...row,
    ...Array.from({ length: width - row.length }, () => ''),
  ]
  return { ...block, head: filled(head), rows: rows.map(filled) }
}

/** The topic that a story names, unless it is withdrawn. */
const TopicName = v.optional(
  v.pipe(
    v.object({ id: TopicId, title: v.string(), hidden: v.fallback(v.boolean(), false) }),
    v.transform(({ hidden, ...topic }) => (hidden ? undefined : topic)),
  ),
)

const ArticleRow = v.pipe(
  v.object({
    ...teaserEntries,
    // A story that newer code wrote is left out rather than misread.
    schema: v.optional(v.pipe(v.number(), v.maxValue(storySchema.newest)), 1),
    version: Version,
    source: v.optional(v.string(), ''),
    author: v.optional(v.string(), ''),
    editor: v.optional(v.string(), ''),
    tags: Tags,
    credit: v.optional(v.string()),
    shareCover: v.fallback(v.optional(Picture), undefined),
    corrected: v.optional(v.object({ at: When, reason: v.string() })),
    topic: TopicName,
    poll: v.optional(v.string()),
    blocks: v.pipe(v.array(v.pipe(Block, v.transform(alignTable))), v.maxLength(blocksAtMost)),
    /** Ids of the candidates for 相关阅读, best first, chosen when the story was published. */
    related: v.fallback(v.pipe(v.array(ArticleId), v.maxLength(relatedAtMost)), []),
    offlineAt: v.fallback(v.optional(When), undefined),
  }),
  v.transform(({ _id, schema: _, ...rest }): StoredArticle => ({ id: _id, ...rest })),
)

/**
 * A published story in full. Null when it does not exist or is withdrawn, or its row is broken or too large (logged).
 * `withSalt`: the caller's hash is needed as well, so a new instance reads its salt in the same operation.
 */
export async function findArticle(id: string, withSalt: boolean): Promise<StoredArticle | null> {
  const data = withSalt ? await readWithSalt(collection, id) : (await articles().doc(id).get()).data
  if (!data || !isShown(data)) return null
  const [article] = readRows(ArticleRow, [data])
  if (!article) return null
  const bytes = Buffer.byteLength(JSON.stringify(article))
  if (bytes <= bytesAtMost) return article
  log('error', 'article-too-large', { id, bytes, bytesAtMost, blocks: article.blocks.length })
  return null
}

const VersionRow = v.object({ version: Version })

/** The version of a published story, to check a cached one against. Null when readers may not see it. */
export async function findVersion(id: string): Promise<number | null> {
  const fields = { ...shownFields, version: true }
  const { data } = await articles().where({ _id: id }).field(fields).limit(1).get()
  const [row] = readRows(VersionRow, data.filter(isShown))
  return row?.version ?? null
}

/** How many stories readers see. */
export async function countPublished(): Promise<number> {
  return (await articles().where(shown()).count()).total
}

const WithdrawnRow = v.object({
  reason: v.fallback(v.pipe(v.string(), v.trim(), v.maxLength(500)), ''),
})

/** Why a story was withdrawn; empty if the editor gave no reason. Null for a story that was not withdrawn. */
export async function findWithdrawal(id: string): Promise<{ reason: string } | null> {
  const { data } = await articles().where({ _id: id }).field({ state: true, reason: true }).limit(1).get()
  const [row] = readRows(
    WithdrawnRow,
    data.filter(({ state }) => state === 'withdrawn'),
  )
  return row ?? null
}

export interface FeedPosition {
  publishedAt: number
  id: string
}

export interface FeedScope {
  channel?: string | undefined
  column?: string | undefined
  /** Only stories that name this topic. */
  topic?: string | undefined
}

/** A condition, restricted to rows after a position in the order newest first. */
function afterPosition(where: object, after: FeedPosition | null): object | Command {
  if (!after) return where
  const at = new Date(after.publishedAt)
  return command.and([
    where,
    command.or([{ publishedAt: command.lt(at) }, { publishedAt: at, _id: command.lt(after.id) }]),
  ])
}

/** The position at which a list of rows ends. A row without a date sorts after all dates and gives no position. */
function positionOf(rows: readonly Document[]): FeedPosition | null {
  const last = rows.filter(row => row.publishedAt instanceof Date).at(-1)
  return last ? { publishedAt: (last.publishedAt as Date).getTime(), id: last._id } : null
}

/** How many pages are read to find a readable story. More broken rows than that come from a broken import. */
const pagesTried = 5

/**
 * The newest published stories after a position, by time and then id. Page 500 costs as much as page 1, because the
 * position is a condition and not an offset. Returns at most `count`, fewer when rows are broken (left out and logged).
 * `last` is the position of the last story returned, never of a broken row, whose id or time may not fit a cursor. `at`:
 * the time (ms) at which readers see them.
 */
export async function listNewest(
  scope: FeedScope,
  after: FeedPosition | null,
  count: number,
  at = Date.now(),
): Promise<{ teasers: Teaser[]; last: FeedPosition | null; more: boolean }> {
  let from = after
  for (let page = 1; ; page++) {
    const rows = await newestRows(scope, from, count + 1, at)
    const teasers = readRows(TeaserRow, rows.slice(0, count))
    const last = teasers.at(-1) ?? null
    const more = rows.length > count
    if (last || !more || page >= pagesTried) return { teasers, last, more: more && last !== null }
    from = positionOf(rows)
    if (!from) return { teasers, last, more: false }
  }
}

async function newestRows(
  scope: FeedScope,
  after: FeedPosition | null,
  count: number,
  at: number,
): Promise<Document[]> {
  const where: Record<string, unknown> = shown(at)
  if (scope.channel !== undefined) where.channel = scope.channel
  if (scope.column !== undefined) where.column = scope.column
  if (scope.topic !== undefined) where['topic.id'] = scope.topic
  const { data } = await articles()
    .where(afterPosition(where, after))
    .orderBy('publishedAt', 'desc')
    .orderBy('_id', 'desc')
    .limit(count)
    .field(fieldsOf(listEntries))
    .get()
  return data
}

/**
 * How many stories home considers for 视觉焦点. Publishing lets 9 at most ask for one of its 6 places at a time, so the
 * newest of those without a place are always among them.
 */
const placedAtMost = 60

/**
 * The stories that readers see at a time (ms) and whose editors wrote 视觉焦点 for that time, or for a time that begins
 * within `ahead` ms: those with a place first, then the newest.
 */
export async function listPlaced(at: number, ahead: number): Promise<PlacedStory[]> {
  const { data } = await articles()
    .where({
      ...shown(at),
      focus: true,
      focusFrom: command.not(command.gt(new Date(at + ahead))),
      focusUntil: command.not(command.lte(new Date(at))),
    })
    .orderBy('focusOrder', 'desc')
    .orderBy('publishedAt', 'desc')
    .limit(placedAtMost)
    .field(fieldsOf({ ...listEntries, ...placeEntries }))
    .get()
  return readRows(PlacedRow, data)
}

/** Maximum number of stories of which the panel says that they wait for their place. */
const waitingAtMost = 20

/** The stories that readers see at a time (ms) and whose time in 视觉焦点 begins later, soonest first; 20 at most. */
export async function listPlacedAfter(at: number): Promise<PlacedStory[]> {
  const { data } = await articles()
    .where({ ...shown(at), focus: true, focusFrom: command.gt(new Date(at)) })
    .orderBy('focusFrom', 'asc')
    .limit(waitingAtMost)
    .field(fieldsOf({ ...listEntries, ...placeEntries }))
    .get()
  return readRows(PlacedRow, data)
}

/** Returns those of the given stories that are published, in the given order; at most 100. */
export async function listByIds(ids: readonly string[]): Promise<Teaser[]> {
  if (ids.length === 0) return []
  const { data } = await articles()
    .where({ _id: command.in(ids), ...shown() })
    .field(fieldsOf(listEntries))
    .get()
  const byId = new Map(readRows(TeaserRow, data).map(teaser => [teaser.id, teaser]))
  return ids.flatMap(id => byId.get(id) ?? [])
}

/**
 * The newest `count` published stories that hold a token (see publishing/tokens.ts). `withTerms`: also the terms of
 * their bodies, which are most of a row here.
 */
export async function listByToken(
  token: string,
  after: FeedPosition | null,
  count: number,
  withTerms: boolean,
): Promise<{ candidates: SearchCandidate[]; last: FeedPosition | null; more: boolean }> {
  const { data } = await articles()
    .where(afterPosition({ tokens: token, ...shown() }, after))
    .orderBy('publishedAt', 'desc')
    .orderBy('_id', 'desc')
    .limit(count)
    .field({ ...fieldsOf(listEntries), tags: true, ...(withTerms ? { terms: true } : {}) })
    .get()
  return {
    candidates: readRows(SearchRow, data),
    last: positionOf(data),
    more: data.length === count,
  }
}

const MappedRow = v.pipe(
  v.object({
    _id: ArticleId,
    publishedAt: When,
    corrected: v.fallback(v.optional(v.object({ at: When, reason: v.string() })), undefined),
  }),
  v.transform(({ _id, ...rest }) => ({ id: _id, ...rest })),
)
/** What the site map says of a story. */
export type MappedStory = v.InferOutput<typeof MappedRow>

/** A condition, restricted to rows after a position in the order oldest first. */
function laterThan(where: object, after: FeedPosition | null): object | Command {
  if (!after) return where
  const at = new Date(after.publishedAt)
  return command.and([
    where,
    command.or([{ publishedAt: command.gt(at) }, { publishedAt: at, _id: command.gt(after.id) }]),
  ])
}

/** A query returns 1,000 documents at most. */
const rowsAtOnce = 1_000

/** The published stories after a position, oldest first, `count` at most. One read per 1,000. */
export async function listOldest(after: FeedPosition | null, count: number): Promise<MappedStory[]> {
  const stories: MappedStory[] = []
  let from = after
  for (let left = count; left > 0; left -= rowsAtOnce) {
    const limit = Math.min(left, rowsAtOnce)
    const { data } = await articles()
      .where(laterThan(shown(), from))
      .orderBy('publishedAt', 'asc')
      .orderBy('_id', 'asc')
      .limit(limit)
      .field(fieldsOf({ _id: 0, publishedAt: 0, corrected: 0 }))
      .get()
    stories.push(...readRows(MappedRow, data))
    from = positionOf(data)
    if (data.length < limit || !from) break
  }
  return stories
}

/** Before every id that a story can have. */
const lowestId = '00000000'

/**
 * The position `count` published stories after another, oldest first. Null if no story follows it. Needs no document: the index
 * `feed` has every field of the query. So stories that are offline count as well.
 */
export async function findPositionAfter(
  after: FeedPosition | null,
  count: number,
): Promise<FeedPosition | null> {
  const where = { state: 'published', publishedAt: command.lte(new Date()) }
  const { data } = await articles()
    .where(laterThan(where, after))
    .orderBy('publishedAt', 'asc')
    .orderBy('_id', 'asc')
    .skip(count - 1)
    .limit(2)
    .field({ _id: true, publishedAt: true })
    .get()
  const found = data.length === 2 ? positionOf(data.slice(0, 1)) : null
  // A cursor holds only ids that stories can have.
  return found && { ...found, id: v.is(ArticleId, found.id) ? found.id : lowestId }
}

/** How many ids one query may hold: it returns 1,000 documents at most. */
const titlesAtOnce = 1000

const TitleRow = v.pipe(
  v.object({
    _id: ArticleId,
    title: v.pipe(v.string(), v.minLength(1)),
    publishedAt: When,
    version: v.fallback(v.nullable(Version), null),
    corrected: listEntries.corrected,
  }),
  v.transform(row => listed(row)),
)
export type Title = v.InferOutput<typeof TitleRow>

const titleFields = { title: true, publishedAt: true, version: true, corrected: true }

/** Titles of the stories that readers may see, by id. One operation per 1,000 ids. */
export async function findTitles(ids: readonly string[]): Promise<Map<string, Title>> {
  const found = new Map<string, Title>()
  for (let from = 0; from < ids.length; from += titlesAtOnce) {
    const { data } = await articles()
      .where({ _id: command.in(ids.slice(from, from + titlesAtOnce)), ...shown() })
      .field(titleFields)
      .limit(titlesAtOnce)
      .get()
    for (const row of readRows(TitleRow, data)) found.set(row.id, row)
  }
  return found
}

/** Whether readers see a story that names a topic. */
export async function hasStories(topicId: string): Promise<boolean> {
  const { data } = await articles()
    .where({ 'topic.id': topicId, ...shown() })
    .field({ _id: true })
    .limit(1)
    .get()
  return data.length > 0
}

/** The newest titles of a story's column, or of its channel when it has no column; `count` at most, by id. */
export async function listColumn(
  { channel, column }: Pick<Article, 'channel' | 'column'>,
  count: number,
): Promise<Map<string, Title>> {
  const { data } = await articles()
    .where({ ...shown(), channel, ...(column === '' ? {} : { column }) })
    .orderBy('publishedAt', 'desc')
    .limit(count)
    .field(titleFields)
    .get()
  return new Map(readRows(TitleRow, data).map(row => [row.id, row]))
}

/** The titles of the stories published since a time (ms), newest first, `count` at most. */
export async function listSince(since: number, count: number): Promise<Title[]> {
  const { data } = await articles()
    .where(command.and([shown(), { publishedAt: command.gte(new Date(since)) }]))
    .orderBy('publishedAt', 'desc')
    .orderBy('_id', 'desc')
    .limit(count)
    .field(titleFields)
    .get()
  return readRows(TitleRow, data)
}
