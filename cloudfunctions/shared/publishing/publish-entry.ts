import * as v from 'valibot'
import type { Document, Transaction } from '../cloud'
import { addAudit } from '../stores/audit'
import { savedMark } from '../stores/drafts'
import { findRow, noteRow } from '../stores/editors-rows'
import {
  type EntryKind,
  markEntryWithdrawn,
  type PublishedEntry,
  putPublishedEntry,
} from '../stores/published-entries'
import { entryDigest } from './compose-entry'
import { changeIfSame, inTransaction } from './draft-change'
import { findEntryOf } from './entry-id'
import { entryAsks, notOutYet, statusOfEntry } from './entry-statuses'
import { EntryRefused, makers } from './make-entry'
import { PollTaken } from './place-poll'
import { clockKey, leaving, statusText } from './publish-draft'
import { remedyFor } from './refused-words'
import { writtenTime } from './written-time'

/**
 * Publishes and withdraws rows of `topics` and `polls`. Readers see a copy, so a fault in a row leaves what they see as
 * it was. A publication has three steps, each of which can be repeated: the copy; the stories that name a topic; the
 * note in the row. The clock repeats them until the note is written.
 */

export type EntryPublished =
  | { outcome: 'published' | 'unchanged'; link: string; version: number; reminders: string[] }
  | { outcome: 'refused'; problems: string[]; reminders: string[] }
  | { outcome: 'missing' | 'settled' | 'busy' }

export interface EntryOptions {
  /** Who publishes: the name of a key, or clockKey. */
  key: string
  now: number
  /** Whether the row still needs it. If it returns false, the outcome is `settled` and nothing is written. */
  waits?: (row: Document) => boolean
}

/** A row, who publishes it and when (ms). */
export interface Reading {
  kind: EntryKind
  row: Document
  key: string
  now: number
}

/** Maximum number of attempts. Each one starts over because an editor saved the row during the previous one. */
const readings = 3
/** The clock stops retrying a row with problems when the row has not changed for this long (ms). */
const givenUpAfter = 24 * 3_600_000

const Checked = v.object({
  hash: v.string(),
  at: v.date(),
  saved: v.optional(v.unknown()),
  status: v.optional(v.unknown()),
})

export const textHashOf = (kind: EntryKind, row: Document): string => makers[kind].hash(row, false)

/** When (ms) the row's text as it is now was checked; null if it was saved since, or never checked. */
export function entryCheckedAt(kind: EntryKind, row: Document): number | null {
  const checked = v.safeParse(Checked, row.checked)
  return checked.success && checked.output.hash === textHashOf(kind, row) ? checked.output.at.getTime() : null
}

/** Notes that a waiting row was checked without a new result, so that it takes turns again until somebody saves it. */
async function noteSeen(reading: Reading): Promise<unknown> {
  const { kind, row, now } = reading
  const checked = v.safeParse(Checked, row.checked)
  const seen = { saved: savedMark(row), status: statusText(row.status) }
  if (checked.success && checked.output.saved === seen.saved && checked.output.status === seen.status) return
  const kept = checked.success ? {} : { hash: '', at: new Date(now) }
  return unlessSaved(reading, transaction =>
    noteRow(transaction, kind, row._id, { checked: { ...kept, ...seen } }),
  )
}

/** The name of a row in the audit. */
export const subjectOf = (kind: EntryKind, id: string): string => `${kind}:${id}`

/** Runs `change` in a transaction unless an editor saved the row meanwhile: then it returns null. */
export const unlessSaved = <T>(
  { kind, row }: Reading,
  change: (transaction: Transaction) => Promise<T>,
): Promise<T | null> =>
  changeIfSame(
    async transaction => {
      const present = await findRow(kind, row._id, transaction)
      return present && makers[kind].hash(present, true)
    },
    makers[kind].hash(row, true),
    change,
  )

/** Writes a note into the row and an audit entry. Returns null and writes nothing if an editor saved the row meanwhile. */
async function settle<Outcome extends EntryPublished>(
  reading: Reading,
  note: { status?: string; [field: string]: unknown },
  audited: string,
  outcome: Outcome,
  isRefused = false,
): Promise<Outcome | null> {
  const { kind, row, key, now } = reading
  const at = new Date(now)
  return unlessSaved(reading, async transaction => {
    const status = statusText(note.status ?? row.status)
    const seen = { hash: textHashOf(kind, row), at, status, saved: savedMark(row) }
    const checked = { ...seen, refused: isRefused }
    await noteRow(transaction, kind, row._id, { ...note, checked })
    const entry = { at, key, action: 'publish', subject: subjectOf(kind, row._id), result: audited }
    await addAudit(entry, transaction)
    return outcome
  })
}

/** Writes the problems into the row. The row stays 待发布, so it is published once the editor corrects it. */
async function refuse(
  reading: Reading,
  told: { problems: string[]; reminders: string[] },
): Promise<EntryPublished | null> {
  const { kind, row, key, now } = reading
  const refused: EntryPublished = { outcome: 'refused', ...told }
  const checkedAt = entryCheckedAt(kind, row)
  const isTold =
    checkedAt !== null &&
    JSON.stringify([row.problems, row.reminders]) === JSON.stringify([told.problems, told.reminders])
  const isGivenUp = isTold && now - checkedAt > givenUpAfter
  if (key === clockKey && isTold && !isGivenUp) return noteSeen(reading).then(() => refused)
  const waits = statusOfEntry(row) === '待发布' && !(key === clockKey && isGivenUp)
  const result = `北京时间 ${writtenTime(now)} 没有发布：${remedyFor(waits)}`
  const given = key === clockKey && isGivenUp ? { status: '草稿' } : {}
  return settle(reading, { ...told, ...given, result }, 'refused', refused, !waits)
}

interface Put {
  id: string
  version: number
  isSame: boolean
  at: Date
  place: Pick<PublishedEntry, 'articleId' | 'topicId'>
}

/** Writes a row's content as the next version that readers see, unless they see it already. */
async function putEntry(
  transaction: Transaction,
  { kind, row, now }: Reading,
  content: Record<string, unknown>,
): Promise<Put> {
  const { id, before } = await findEntryOf(transaction, kind, row._id)
  const whole = await makers[kind].complete(transaction, content, { id, before, now })
  const place = { articleId: before?.articleId ?? '', topicId: before?.topicId ?? '' }
  const digest = entryDigest(whole)
  if (before?.state === 'published' && before.digest === digest)
    return { id, version: before.version, isSame: true, at: before.at ?? new Date(now), place }
  const version = (before?.version ?? 0) + 1
  const at = new Date(now)
  await putPublishedEntry(transaction, kind, id, {
    ...whole,
    state: 'published',
    version,
    row: row._id,
    digest,
    at,
  })
  return { id, version, isSame: false, at, place }
}

/** A time from which readers see a topic that is published ahead of it. */
const aheadOf = (content: Record<string, unknown>, now: number): string =>
  content.publishedAt instanceof Date && content.publishedAt.getTime() > now
    ? `，北京时间 ${writtenTime(content.publishedAt.getTime())} 起读者看得到`
    : ''

async function attempt(
  kind: EntryKind,
  rowId: string,
  { key, now, waits }: EntryOptions,
): Promise<EntryPublished | null> {
  const row = await findRow(kind, rowId)
  if (!row) return { outcome: 'missing' }
  const reading = { kind, row, key, now }
  if (waits && !waits(row)) {
    if (entryAsks(row) === 'publish') await noteSeen(reading)
    return { outcome: 'settled' }
  }
  if (key !== clockKey && entryAsks(row) === 'withdraw') {
    const isAudited = await unlessSaved(reading, async transaction => {
      const entry = {
        at: new Date(now),
        key,
        action: 'publish',
        subject: subjectOf(kind, rowId),
        result: 'waits for withdrawal',
      }
      await addAudit(entry, transaction)
      return true
    })
    return isAudited ? { outcome: 'refused', problems: [leaving], reminders: [] } : null
  }
  const { content, problems, reminders } = await makers[kind].make(row, now, false)
  // Only publishing writes 已发布. An editor who wrote it waits for nothing without knowing.
  if (key === clockKey && statusOfEntry(row) === '已发布') problems.unshift(notOutYet)
  if (!content || problems.length > 0) return refuse(reading, { problems, reminders })
  let put: Put | null
  try {
    put = await unlessSaved(reading, transaction => putEntry(transaction, reading, content))
  } catch (error) {
    if (error instanceof EntryRefused) return refuse(reading, { problems: error.problems, reminders })
    if (error instanceof PollTaken) return refuse(reading, { problems: [error.message], reminders })
    throw error
  }
  if (!put) return null
  const { id, version, isSame, at, place } = put
  await makers[kind].spread(id, content, rowId, now)
  const link = makers[kind].link(id, place)
  const said = `第 ${version} 版，北京时间 ${writtenTime(at.getTime())} 发布${aheadOf(content, now)}`
  const note = {
    status: '已发布',
    problems: [],
    reminders,
    link,
    version,
    ...(kind === 'topics' ? { topicId: id } : {}),
    result: isSame && key !== clockKey ? `内容没有变化，仍是第 ${version} 版` : said,
  }
  const outcome = isSame ? ('unchanged' as const) : ('published' as const)
  return settle(reading, note, `version ${version}`, { outcome, link, version, reminders })
}

/**
 * Checks a row and publishes it. Writes problems into the row in Chinese. Creates no version if the content is
 * unchanged. If anything fails, readers keep the last version. `busy`: an editor saved the row during every attempt.
 */
export async function publishEntry(
  kind: EntryKind,
  rowId: string,
  options: EntryOptions,
): Promise<EntryPublished> {
  for (let reading = 1; reading <= readings; reading++) {
    const published = await attempt(kind, rowId, options)
    if (published) return published
  }
  return { outcome: 'busy' }
}

export interface EntryWithdrawn {
  outcome: 'withdrawn' | 'missing' | 'not-published' | 'settled'
}

/** Takes a row's topic or poll from readers. Votes of a poll stay, and count again when it is published again. */
export async function withdrawEntry(
  kind: EntryKind,
  rowId: string,
  { key, now, waits }: EntryOptions,
): Promise<EntryWithdrawn> {
  const taken = await inTransaction(async transaction => {
    const row = await findRow(kind, rowId, transaction)
    if (waits && (!row || !waits(row))) return 'settled'
    const { id, before } = await findEntryOf(transaction, kind, rowId)
    if (!before) return row ? 'not-published' : 'missing'
    if (before.state === 'published') await markEntryWithdrawn(transaction, kind, id)
    return { id, isNew: before.state === 'published' }
  })
  if (taken === 'settled') return { outcome: taken }
  const isPublished = typeof taken === 'object' && (taken.isNew || waits !== undefined)
  const outcome = isPublished ? 'withdrawn' : typeof taken === 'object' ? 'not-published' : taken
  if (typeof taken === 'object') await makers[kind].spread(taken.id, null, rowId, now)
  return inTransaction(async transaction => {
    const row = await findRow(kind, rowId, transaction)
    const reminders =
      outcome === 'not-published' ? [`这个${makers[kind].name}没有发布，读者看到的没有变化`] : []
    const result = `北京时间 ${writtenTime(now)} 撤回`
    const stillWaits = row && (!waits || waits(row))
    if (stillWaits && outcome !== 'missing')
      await noteRow(transaction, kind, rowId, {
        status: '已撤回',
        problems: [],
        reminders,
        link: '',
        checked: { status: '已撤回', refused: false },
        ...(outcome === 'withdrawn' ? { result } : {}),
      })
    const subject = subjectOf(kind, rowId)
    await addAudit({ at: new Date(now), key, action: 'withdraw', subject, result: outcome }, transaction)
    return { outcome }
  })
}
