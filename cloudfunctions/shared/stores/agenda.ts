import * as v from 'valibot'
import { ArticleId } from '#contract/ids'
import { command, type Document, db } from '../cloud'
import { type Misstated, misstatedKinds, savedAtOf, savedMark } from './drafts'
import { type FreshStory, freshFields, freshFrom, isFresh } from './fresh-stories'
import type { EntryKind } from './published-entries'
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
  /**
   * Rows with an unknown or untrue status, and those whose status an editor changed so that they no longer wait (see
   * tell-status.ts). `isTold`: the row has a problem for its status; those are read only to check them again.
   */
  misstated: { id: unknown; isTold: boolean }[]
  /** Ids of withdrawn rows whose editors wrote a reason after the withdrawal. */
  reasoned: string[]
  /** Topics and polls that wait, or whose status nobody reads. */
  entries: WaitingEntry[]
  /** Topics and polls whose status an editor changed by hand so that they do not wait (see settle-entry.ts). */
  changedEntries: { kind: EntryKind; id: string }[]
  /** Stories that were stored before their time (ms), until a tick has found them public. */
  ahead: { id: string; draft: string; publishAt: number }[]
  /** Ids of stories whose 下线时间 has come. */
  offline: string[]
  /** A story that is public and that no tick has joined to older stories and to topics yet. */
  fresh: FreshStory | null
  /** Whether a story's time in its place on the home page is over (see focus-claims.ts). */
  hasEnded: boolean
}

/** An editor's row that waits for the clock. The editor's fields are not validated here. */
export interface WaitingRow {
  /** A text if the console made the row. An import may write other types; such a row cannot be published. */
  id: unknown
  status: unknown
  publishAt?: unknown
  tags?: unknown
  topic?: unknown
  placement?: unknown
  order?: unknown
  /** Whether the clock has told its editor of problems. */
  isRefused: boolean
  /** What the clock saw when it checked the row last. Null if it never did. */
  checked: { at: number; publishAt: number | null; status: unknown } | null
  /** Whether a form saved the row since then. */
  isSaved: boolean
  /** When a form saved the row (ms); 0 if that is unknown. */
  savedAt: number
}

/** A row of `topics` or `polls` that waits for the clock. */
export interface WaitingEntry {
  kind: EntryKind
  id: string
  status: unknown
  isRefused: boolean
  /** Whether a form saved the row since the clock or the panel checked it last. */
  isSaved: boolean
  /** When a form saved the row (ms); 0 if that is unknown. */
  savedAt: number
}

/** How many rows of a kind are read. Each is small. */
const rowsAtMost = 1_000

const Waiting = v.pipe(
  v.object({
    _id: v.unknown(),
    status: v.unknown(),
    publishAt: v.optional(v.unknown()),
    tags: v.optional(v.unknown()),
    topic: v.optional(v.unknown()),
    placement: v.optional(v.unknown()),
    order: v.optional(v.unknown()),
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
    ({ _id, problems, checked, updatedAt, _updateTime, ...row }): WaitingRow => ({
      ...row,
      id: _id,
      isRefused: problems.length > 0,
      checked,
      isSaved: checked !== null && checked.saved !== savedMark({ updatedAt, _updateTime }),
      savedAt: savedAtOf({ updatedAt, _updateTime }),
    }),
  ),
)
const Entry = v.pipe(
  v.object({
    _id: v.string(),
    status: v.unknown(),
    updatedAt: v.optional(v.unknown()),
    _updateTime: v.optional(v.unknown()),
    problems: v.fallback(v.array(v.unknown()), []),
    checked: v.fallback(v.object({ saved: v.fallback(v.string(), ''), status: v.optional(v.unknown()) }), {
      saved: '',
      status: null,
    }),
  }),
  v.transform(({ _id, status, problems, checked, ...row }) => ({
    id: _id,
    status,
    isRefused: problems.length > 0,
    isSaved: checked.saved !== savedMark(row) || checked.status !== status,
    savedAt: savedAtOf(row),
  })),
)
const Changed = v.pipe(
  v.object({ _id: v.string() }),
  v.transform(({ _id }) => _id),
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
const readEntries = rowReader('entry')

/** The rows that a lookup has added to a document. */
const attached = (rows: unknown): Document[] => (Array.isArray(rows) ? rows : [])

const stages = () => command.aggregate.pipeline()

/** The spellings of statuses, by what they mean for the clock. */
export interface Spellings {
  /** The row waits for the clock. */
  waiting: readonly string[]
  /** The clock writes it when readers see the story, or do not see it any more. */
  published: readonly string[]
  withdrawn: readonly string[]
  /** The row does not wait any more. */
  idle: readonly string[]
  /** All spellings of all statuses. */
  known: readonly string[]
}

const ReasonedRow = v.pipe(
  v.object({ _id: v.string() }),
  v.transform(({ _id }) => _id),
)

const MisstatedRow = v.pipe(
  v.object({
    _id: v.unknown(),
    checked: v.fallback(v.nullable(v.object({ misstated: v.optional(v.unknown()) })), null),
  }),
  v.transform(({ _id, checked }) => ({ id: _id, isTold: Boolean(checked?.misstated) })),
)

const RefusedRow = v.pipe(
  v.object({
    _id: v.string(),
    updatedAt: v.optional(v.unknown()),
    _updateTime: v.optional(v.unknown()),
    checked: v.object({ saved: v.fallback(v.string(), '') }),
  }),
  v.transform(({ _id, checked, ...row }) => ({ id: _id, isSaved: checked.saved !== savedMark(row) })),
)

/** Rows that have problems and do not wait. Their editors may mend them without asking for a publication. */
const refusedRows = (waiting: readonly string[]) =>
  stages()
    .match({ 'checked.refused': true, status: command.nin([...waiting]) })
    .limit(misstatedAtMost)
    .project({ ...{ updatedAt: 1, _updateTime: 1 }, 'checked.saved': 1 })
    .done()

/** The values that forms write for an empty status. */
const emptyStatuses = ['', null, 0]
const misstatedAtMost = 100

/** Reads the agenda in one request. `isRecheck`: rows that have a problem for their status are read as well. */
export async function readAgenda(
  spellings: Spellings,
  settled: SettledEntries,
  now: Date,
  isRecheck: boolean,
): Promise<Agenda> {
  for (;;) {
    const row = await readOnce(spellings, settled, now, isRecheck)
    if (row) {
      const rows = attached(row.drafts)
      return {
        state: clockStateOf(row),
        drafts: readDrafts(Waiting, rows),
        more: rows.length === rowsAtMost,
        misstated: [
          ...new Map(
            [
              ...misstatedKinds.flatMap(kind => readDrafts(MisstatedRow, attached(row[kind]))),
              // Its editor has changed it since it was told: it takes no turns with those that nobody has changed.
              ...readDrafts(MisstatedRow, attached(row.changed)).map(one => ({ ...one, isTold: false })),
              // A save that no form marked is found when rows are checked again.
              ...readDrafts(RefusedRow, attached(row.refused))
                .filter(({ isSaved }) => isSaved || isRecheck)
                .map(({ id, isSaved }) => ({ id, isTold: !isSaved })),
            ].map(one => [one.id, one]),
          ).values(),
        ],
        reasoned: readDrafts(ReasonedRow, attached(row.reasoned)),
        entries: (['polls', 'topics'] as const).flatMap(kind =>
          readEntries(Entry, attached(row[kind])).map(entry => ({ kind, ...entry })),
        ),
        changedEntries: (['polls', 'topics'] as const).flatMap(kind =>
          [
            ...readEntries(Changed, attached(row[`${kind}Changed`])),
            ...readEntries(RefusedRow, attached(row[`${kind}Refused`])).flatMap(({ id, isSaved }) =>
              isSaved ? [id] : [],
            ),
          ].map(id => ({ kind, id })),
        ),
        ahead: readArticles(Ahead, attached(row.ahead)),
        offline: readArticles(Offline, attached(row.offline)),
        fresh: freshFrom(attached(row.fresh)),
        hasEnded: attached(row.ended).length > 0,
      }
    }
    // At the first tick of an environment there is no document to which the lookups can add rows: create it.
    await createClockState()
  }
}

/** The spellings of statuses of topics and polls with which a row does not wait. */
export interface SettledEntries {
  /** Nobody publishes such a row: 草稿. */
  idle: readonly string[]
  /** Publishing has taken it from readers. */
  withdrawn: readonly string[]
  /** Publishing has written it, with a version. */
  published: readonly string[]
}

/** Rows of topics or polls with any other status, and those whose editor wrote 已发布 into a row that never was. */
const waitingEntries = ({ idle, withdrawn, published }: SettledEntries) =>
  stages()
    .match(
      command.or([
        { status: command.nin([...idle, ...withdrawn, ...published, ...emptyStatuses]) },
        { status: command.in(published), version: command.in([null, 0]) },
      ]),
    )
    .limit(rowsAtMost)
    .project({
      ...{ status: 1, problems: 1, updatedAt: 1, _updateTime: 1 },
      ...{ 'checked.saved': 1, 'checked.status': 1 },
    })
    .done()

/** What `checked.status` of a topic or poll says when the row has a problem for its status. */
export const untruePublished = '已发布?'
export const untrueWithdrawn = '已撤回?'

/** Rows of topics or polls that do not wait, and whose status is another than the clock or the panel saw last. */
function changedEntries({ idle, withdrawn, published }: SettledEntries) {
  const since = (statuses: readonly (string | number | null)[], before: readonly string[]) => ({
    ...{ status: command.in([...statuses]), 'checked.status': command.nin([...before, null]) },
  })
  return stages()
    .match(
      command.or([
        { ...since(published, [...published, untruePublished]), version: command.gt(0) },
        since(withdrawn, [...withdrawn, untrueWithdrawn]),
        since([...idle, ...emptyStatuses], [...idle, ...published, ...withdrawn]),
      ]),
    )
    .limit(misstatedAtMost)
    .project({ _id: 1 })
    .done()
}

async function readOnce(
  { waiting, published, withdrawn, idle, known }: Spellings,
  settled: SettledEntries,
  now: Date,
  isRecheck: boolean,
): Promise<Document | undefined> {
  const someRows = (where: object) =>
    stages().match(where).limit(misstatedAtMost).project({ 'checked.misstated': 1 }).done()
  // Rows that already have this problem for their status are skipped, except to check them again.
  const misstated = (kind: Misstated, where: object) =>
    someRows(isRecheck ? where : { ...where, 'checked.misstated': command.nin([kind, true]) })
  const nowIdle = command.in([...idle, ...emptyStatuses])
  /** Rows with one of these statuses that the clock saw last with a status that is not among `before`. */
  const since = (statuses: readonly string[], before: readonly (string | null)[]) => ({
    status: command.in([...statuses]),
    'checked.status': command.nin([...before, null]),
  })
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
          ...{ status: 1, publishAt: 1, tags: 1, topic: 1, placement: 1, order: 1 },
          ...{ problems: 1, updatedAt: 1, _updateTime: 1 },
          ...{ 'checked.at': 1, 'checked.publishAt': 1, 'checked.saved': 1, 'checked.status': 1 },
        })
        .done(),
      as: 'drafts',
    })
    .lookup({ from: 'topics', pipeline: waitingEntries(settled), as: 'topics' })
    .lookup({ from: 'polls', pipeline: waitingEntries(settled), as: 'polls' })
    .lookup({ from: 'topics', pipeline: changedEntries(settled), as: 'topicsChanged' })
    .lookup({ from: 'polls', pipeline: changedEntries(settled), as: 'pollsChanged' })
    .lookup({
      from: 'drafts',
      pipeline: misstated('unknown', { status: command.nin([...known, ...emptyStatuses]) }),
      as: 'unknown',
    })
    .lookup({
      from: 'drafts',
      pipeline: misstated('unpublished', {
        ...{ status: command.in(published), link: command.in(['', null]) },
      }),
      as: 'unpublished',
    })
    .lookup({
      from: 'drafts',
      pipeline: misstated('unwithdrawn', { status: command.in(withdrawn), link: command.gt('') }),
      as: 'unwithdrawn',
    })
    .lookup({
      from: 'drafts',
      pipeline: someRows(
        command.or([
          since(published, published),
          since(withdrawn, withdrawn),
          { status: nowIdle, 'checked.status': command.in(waiting) },
          { status: nowIdle, 'checked.misstated': command.in(misstatedKinds) },
        ]),
      ),
      as: 'changed',
    })
    .lookup({ from: 'drafts', pipeline: refusedRows(waiting), as: 'refused' })
    .lookup({ from: 'topics', pipeline: refusedRows(waiting), as: 'topicsRefused' })
    .lookup({ from: 'polls', pipeline: refusedRows(waiting), as: 'pollsRefused' })
    .lookup({
      from: 'drafts',
      pipeline: someRows({
        ...{ status: command.in(withdrawn), 'checked.unreasoned': true, reason: command.gt('') },
      }),
      as: 'reasoned',
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
    .lookup({
      from: 'articles',
      pipeline: stages().match(isFresh).limit(1).project(freshFields).done(),
      as: 'fresh',
    })
    .lookup({
      from: 'articles',
      pipeline: stages()
        .match({ state: 'published', focus: true, focusUntil: command.lte(now) })
        .limit(1)
        .project({ _id: 1 })
        .done(),
      as: 'ended',
    })
    .end()
  return list[0]
}
