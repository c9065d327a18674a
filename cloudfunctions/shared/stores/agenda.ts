import * as v from 'valibot'
import { ArticleId } from '#contract/ids'
import { command, type Document, db } from '../cloud'
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
  /** Stories that are stored ahead of their time (ms). */
  ahead: { id: string; draft: string; publishAt: number }[]
  /** Ids of stories whose 下线时间 has come. */
  offline: string[]
}

/** A row of an editor that waits for the clock. Fields that an editor writes are handed on as they are. */
export interface WaitingRow {
  id: string
  status: unknown
  publishAt: unknown
  /** Whether the clock has told its editor of problems. */
  isRefused: boolean
  /** When (ms) it was checked last. */
  checkedAt: number | null
}

/** How many rows of a kind are read. Each is small. */
const rowsAtMost = 1_000

const Waiting = v.pipe(
  v.object({
    _id: v.string(),
    status: v.unknown(),
    publishAt: v.optional(v.unknown()),
    problems: v.fallback(v.array(v.unknown()), []),
    checked: v.fallback(v.nullable(v.object({ at: When })), null),
  }),
  v.transform(
    ({ _id, problems, checked, status, publishAt }): WaitingRow => ({
      id: _id,
      status,
      publishAt,
      isRefused: problems.length > 0,
      checkedAt: checked?.at ?? null,
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

/**
 * Reads the agenda in one request. `statuses` lists the spellings of the statuses that wait for the clock.
 */
export async function readAgenda(statuses: readonly string[], now: Date): Promise<Agenda> {
  for (;;) {
    const row = await readOnce(statuses, now)
    if (row) {
      const rows = attached(row.drafts)
      return {
        state: clockStateOf(row),
        drafts: readDrafts(Waiting, rows),
        more: rows.length === rowsAtMost,
        ahead: readArticles(Ahead, attached(row.ahead)),
        offline: readArticles(Offline, attached(row.offline)),
      }
    }
    // The first tick of an environment: a lookup needs a row that it can be attached to.
    await createClockState()
  }
}

async function readOnce(statuses: readonly string[], now: Date): Promise<Document | undefined> {
  const { list } = await db
    .collection('rankings')
    .aggregate()
    .match({ _id: clockStateId })
    .lookup({
      from: 'drafts',
      pipeline: stages()
        .match({ status: command.in(statuses) })
        .limit(rowsAtMost)
        .project({ status: 1, publishAt: 1, problems: 1, 'checked.at': 1 })
        .done(),
      as: 'drafts',
    })
    .lookup({
      from: 'articles',
      pipeline: stages()
        .match({ state: 'published', publishAt: command.gt(now) })
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
