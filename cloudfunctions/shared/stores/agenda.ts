import * as v from 'valibot'
import { ArticleId } from '#contract/ids'
import { command, type Document, db } from '../cloud'
import { savedMark } from './drafts'
import { type ClockState, clockStateId, clockStateOf, createClockState } from './rankings'
import { rowReader, When } from './rows'

/**
 * What a tick of the clock may have to do. It spans several collections, because an idle tick must be cheap: one
 * request reads the clock's state together with the rows that wait.
 */
export interface Agenda {
  state: ClockState
  drafts: WaitingRow[]
  /** Whether more rows wait than `drafts` holds. */
  more: boolean
  /** Rows whose status nobody reads, or that only the clock may write and did not. Without those that say so already. */
  misstated: unknown[]
  /** Stories that were stored ahead of their time (ms) and that no tick has seen public yet. */
  ahead: { id: string; draft: string; publishAt: number }[]
  /** Ids of stories whose 下线时间 has come. */
  offline: string[]
}

/** A row of an editor that waits for the clock. Fields that an editor writes are handed on as they are. */
export interface WaitingRow {
  /** A console's own ids are text. An import may write others, which no story can come from. */
  id: unknown
  status: unknown
  publishAt: unknown
  /** Whether the clock has told its editor of problems. */
  isRefused: boolean
  /** What the clock saw when it checked the row last. Null if it never did. */
  checked: { at: number; publishAt: number | null; status: unknown } | null
  /** Whether a form saved the row since then. */
  isSaved: boolean
}

/** How many rows of a kind are read. Each is small. */
const rowsAtMost = 1_000

const Waiting = v.pipe(
  v.object({
    _id: v.unknown(),
    status: v.unknown(),
    publishAt: v.optional(v.unknown()),
    updatedAt: v.optional(v.unknown()),
    _updateTime: v.optional(v.unknown()),
    problems: v.fallback(v.array(v.unknown()), []),
    checked: v.fallback(
      v.nullable(
        v.object({
          at: When,
          publishAt: v.fallback(v.nullable(v.number()), null),
          saved: v.fallback(v.string(), ''),
          status: v.unknown(),
        }),
      ),
      null,
    ),
  }),
  v.transform(
    ({ _id, problems, checked, status, publishAt, ...row }): WaitingRow => ({
      id: _id,
      status,
      publishAt,
      isRefused: problems.length > 0,
      checked,
      isSaved: checked !== null && checked.saved !== savedMark(row),
    }),
  ),
)
const Ahead = v.pipe(
  v.object({ _id: ArticleId, draft: v.fallback(v.string(), ''), publishAt: When }),
  v.transform(({ _id, ...rest }) => ({ id: _id, ...rest })),
)
const Offline = v.pipe(
  v.object({ _id: ArticleId }),
  v.transform(({ _id }) => _id),
)

const readDrafts = rowReader('draft')
const readArticles = rowReader('article')

/** What a lookup attached. */
const attached = (rows: unknown): Document[] => (Array.isArray(rows) ? rows : [])

const stages = () => command.aggregate.pipeline()

/** The spellings of statuses, by what they mean for the clock. */
export interface Spellings {
  /** The row waits for the clock. */
  waiting: readonly string[]
  /** The clock writes it when readers see the story, or do not see it any more. */
  published: readonly string[]
  withdrawn: readonly string[]
  /** All that can be read. */
  known: readonly string[]
}

/** What a form writes where an editor wrote no status. */
const emptyStatuses = ['', null, 0]
const misstatedAtMost = 100

/** Reads the agenda in one request. */
export async function readAgenda(spellings: Spellings, now: Date): Promise<Agenda> {
  for (;;) {
    const row = await readOnce(spellings, now)
    if (row) {
      const rows = attached(row.drafts)
      return {
        state: clockStateOf(row),
        drafts: readDrafts(Waiting, rows),
        more: rows.length === rowsAtMost,
        misstated: ['unknown', 'unpublished', 'unwithdrawn'].flatMap(kind =>
          attached(row[kind]).map(({ _id }) => _id as unknown),
        ),
        ahead: readArticles(Ahead, attached(row.ahead)),
        offline: readArticles(Offline, attached(row.offline)),
      }
    }
    // The first tick of an environment: a lookup needs a row that it can be attached to.
    await createClockState()
  }
}

async function readOnce(
  { waiting, published, withdrawn, known }: Spellings,
  now: Date,
): Promise<Document | undefined> {
  // A row that says what is wrong with its status is not read again until that changes.
  const untold = { 'checked.misstated': command.neq(true) }
  const misstated = (where: object) =>
    stages()
      .match({ ...where, ...untold })
      .limit(misstatedAtMost)
      .project({ _id: 1 })
      .done()
  const { list } = await db
    .collection('rankings')
    .aggregate()
    .match({ _id: clockStateId })
    .lookup({
      from: 'drafts',
      pipeline: stages()
        .match({ status: command.in(waiting) })
        .limit(rowsAtMost)
        .project({
          ...{ status: 1, publishAt: 1, problems: 1, updatedAt: 1, _updateTime: 1 },
          ...{ 'checked.at': 1, 'checked.publishAt': 1, 'checked.saved': 1, 'checked.status': 1 },
        })
        .done(),
      as: 'drafts',
    })
    .lookup({
      from: 'drafts',
      pipeline: misstated({ status: command.nin([...known, ...emptyStatuses]) }),
      as: 'unknown',
    })
    .lookup({
      from: 'drafts',
      pipeline: misstated({ status: command.in(published), link: command.in(['', null]) }),
      as: 'unpublished',
    })
    .lookup({
      from: 'drafts',
      pipeline: misstated({ status: command.in(withdrawn), link: command.gt('') }),
      as: 'unwithdrawn',
    })
    .lookup({
      from: 'articles',
      pipeline: stages()
        .match({ state: 'published', publishAt: command.gt(new Date(0)) })
        .limit(rowsAtMost)
        .project({ draft: 1, publishAt: 1 })
        .done(),
      as: 'ahead',
    })
    .lookup({
      from: 'articles',
      pipeline: stages()
        .match({ state: 'published', offlineAt: command.lte(now) })
        .limit(rowsAtMost)
        .project({ _id: 1 })
        .done(),
      as: 'offline',
    })
    .end()
  return list[0]
}
