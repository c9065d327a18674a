import * as v from 'valibot'
import { storyAddress } from '#contract/addresses'
import type { Document, Transaction } from '../cloud'
import { addAudit } from '../stores/audit'
import { type DraftNote, findDraft, noteDraft } from '../stores/drafts'
import { type PublishedRow, putPublished } from '../stores/published'
import { addVersion } from '../stores/versions'
import { type Content, storyDigest, storyRow } from './compose-story'
import { changeUnlessSaved } from './draft-change'
import { keepPoll, PollTaken } from './place-poll'
import { type Draft, draftHash, readDraft, statusOfRow, textHash } from './read-draft'
import { makeContent } from './story-content'
import { findStoryOf } from './story-id'
import { isPublic } from './story-times'
import { writtenTime } from './written-time'

export type Published =
  | { outcome: 'published' | 'unchanged'; link: string; version: number; reminders: string[] }
  | { outcome: 'scheduled'; at: number; reminders: string[] }
  | { outcome: 'refused'; problems: string[]; reminders: string[] }
  | { outcome: 'missing' | 'settled' | 'busy' }

export interface PublishOptions {
  /** Who publishes: the name of a key, or clockKey. */
  key: string
  now: number
  /** Whether the row still needs publishing. If it returns false, the outcome is `settled` and nothing is written. */
  waits?: (row: Document) => boolean
}

/** The key name recorded for publications by the clock. */
export const clockKey = 'clock'

/** Maximum number of attempts. Each one starts over because an editor saved the row during the previous one. */
const readings = 3

/**
 * How long (ms) before its publishing time a new story is stored. Readers' queries hide it until that time, so it
 * appears on the second. It is not stored earlier, because the editor may still change the draft.
 */
export const storedAhead = 24 * 3_600_000

/** The clock stops retrying a row with problems when the row has not changed for this long (ms). */
const givenUpAfter = 24 * 3_600_000

const Checked = v.object({ hash: v.string(), at: v.date() })

/** Hash of the text that was checked last, and when (ms). Null if the row was never checked or a form erased the field. */
export function checkedOf(row: Document): { hash: string; at: number } | null {
  const checked = v.safeParse(Checked, row.checked)
  return checked.success ? { hash: checked.output.hash, at: checked.output.at.getTime() } : null
}

interface Story {
  id: string
  before: PublishedRow | null
}

/** Writes a draft as the next version of its story, unless the content equals the current version. */
async function putStory(
  transaction: Transaction,
  { id, before }: Story,
  {
    draft,
    content,
    from,
    key,
    now,
  }: { draft: Draft; content: Content; from: string; key: string; now: number },
): Promise<{ version: number; isSame: boolean }> {
  await keepPoll(transaction, id, before, draft.poll)
  const row = storyRow(content, draft, before, now)
  const digest = storyDigest(content, draft, row.publishedAt)
  if (before?.state === 'published' && before.digest === digest)
    return { version: before.version, isSame: true }
  const version = (before?.version ?? 0) + 1
  await putPublished(transaction, id, { ...row, state: 'published', version, draft: from, digest })
  await addVersion(transaction, {
    articleId: id,
    version,
    draft: from,
    at: new Date(now),
    editor: draft.editor,
    key,
    content: { ...row, digest },
  })
  return { version, isSame: false }
}

/** Reminders for the editor about the previous publication of this story. */
function reminderOf(draft: Draft, before: PublishedRow | null): string[] {
  if (!before) return []
  return [
    ...(before.editor === draft.editor
      ? []
      : [`责编：上一版由 ${before.editor} 发布，这一版由 ${draft.editor} 发布`]),
    ...(before.state === 'withdrawn' ? ['撤回：这篇文章曾被撤回，现在重新发布了'] : []),
  ]
}

/** A row, and who read it when (ms). */
interface Reading {
  row: Document
  key: string
  now: number
}

/** Writes a note into the row and an audit entry. Returns null and writes nothing if an editor saved the row meanwhile. */
function settle<Outcome extends Published>(
  { row, key, now }: Reading,
  run: (transaction: Transaction) => Promise<{ note: Partial<DraftNote>; audited: string; outcome: Outcome }>,
): Promise<Outcome | null> {
  const at = new Date(now)
  return changeUnlessSaved(row._id, draftHash(row), async transaction => {
    const { note, audited, outcome } = await run(transaction)
    await noteDraft(transaction, row._id, { ...note, checked: { hash: textHash(row), at } })
    await addAudit({ at, key, action: 'publish', subject: row._id, result: audited }, transaction)
    return outcome
  })
}

/** Writes the problems into the row. The row stays 待发布, so it is published once the editor corrects it. */
async function refuse(
  reading: Reading,
  told: { problems: string[]; reminders: string[] },
): Promise<Published | null> {
  const { row, key, now } = reading
  const refused: Published = { outcome: 'refused', ...told }
  const checked = checkedOf(row)
  const isTold =
    checked?.hash === textHash(row) &&
    JSON.stringify([row.problems, row.reminders]) === JSON.stringify([told.problems, told.reminders])
  const status = statusOfRow(row)
  const isGivenUp = key === clockKey && isTold && now - checked.at > givenUpAfter
  // The clock checks this row at many ticks; it writes only when the problems have changed.
  if (key === clockKey && isTold && !isGivenUp) return refused
  const waits = !isGivenUp && (status === '待发布' || status === '已定时')
  const result = waits
    ? '没有发布：请按“问题”修改，保存后会自动发布'
    : '没有发布：请按“问题”修改，改好后把状态设为 待发布'
  const note = { status: waits ? '待发布' : isGivenUp ? '草稿' : status, ...told, result }
  return settle(reading, async () => ({ note, audited: 'refused', outcome: refused }))
}

/** Sets a row to 已定时. A new story is stored ahead of its time, a new version of a public story only at its time. */
function schedule(
  reading: Reading,
  draft: Draft & { publishAt: number },
  content: Content,
  reminders: string[],
): Promise<Published | null> {
  const { row, key, now } = reading
  const at = draft.publishAt
  return settle(reading, async transaction => {
    const story = await findStoryOf(transaction, row._id)
    const { id, before } = story
    const isHidden = before?.state === 'published' && !isPublic(before, now)
    let version = before?.version ?? 0
    if (isHidden || (!before && at - now <= storedAhead))
      version = (await putStory(transaction, story, { draft, content, from: row._id, key, now })).version
    const live = isPublic(before, now)
    const note = {
      status: '已定时',
      problems: [],
      reminders,
      result: `定于北京时间 ${writtenTime(at)} 发布${live ? `，在此之前读者看到的是第 ${version} 版` : ''}`,
      link: live ? storyAddress(id) : '',
    }
    return { note, audited: `scheduled ${writtenTime(at)}`, outcome: { outcome: 'scheduled', at, reminders } }
  })
}

function publish(
  reading: Reading,
  draft: Draft,
  content: Content,
  reminders: string[],
): Promise<Published | null> {
  const { row, key, now } = reading
  return settle(reading, async transaction => {
    const story = await findStoryOf(transaction, row._id)
    const { id, before } = story
    const told = [...reminders, ...reminderOf(draft, before)]
    const from = row._id
    const { version, isSame } = await putStory(transaction, story, { draft, content, from, key, now })
    const link = storyAddress(id)
    const isTimed = statusOfRow(row) === '已定时'
    const at = writtenTime(isTimed ? (draft.publishAt ?? now) : now)
    const offline = draft.offlineAt === null ? '' : `，北京时间 ${writtenTime(draft.offlineAt)} 下线`
    const result =
      isSame && !isTimed
        ? `内容没有变化，仍是第 ${version} 版${offline}`
        : `第 ${version} 版，北京时间 ${at} 发布${offline}`
    return {
      note: { status: '已发布', problems: [], reminders: told, result, link, version, storyId: id },
      audited: `version ${version}`,
      outcome: { outcome: isSame ? 'unchanged' : 'published', link, version, reminders: told },
    }
  })
}

/** Reads the row and publishes, schedules or refuses it. Returns null if an editor saved the row meanwhile. */
async function attempt(id: string, { key, now, waits }: PublishOptions): Promise<Published | null> {
  const row = await findDraft(id)
  if (!row) return { outcome: 'missing' }
  if (waits && !waits(row)) return { outcome: 'settled' }
  const reading = { row, key, now }
  const read = readDraft(row, now)
  const made = read.ok ? await makeContent(read.draft, { own: row._id }) : read
  const reminders = [...new Set([...read.reminders, ...made.reminders])]
  if (!read.ok || !made.ok) return refuse(reading, { problems: made.ok ? [] : made.problems, reminders })
  const { draft } = read
  const { publishAt } = draft
  try {
    return publishAt !== null && publishAt > now
      ? await schedule(reading, { ...draft, publishAt }, made.content, reminders)
      : await publish(reading, draft, made.content, reminders)
  } catch (error) {
    if (error instanceof PollTaken) return refuse(reading, { problems: [error.message], reminders })
    throw error
  }
}

/**
 * Checks a draft and writes story, version and the row's note in one transaction. Writes problems into the row in
 * Chinese. Sets a row with a future time to 已定时. Creates no version if the content is unchanged. If anything fails,
 * readers keep the last version. `busy`: an editor saved the row during every attempt.
 */
export async function publishDraft(id: string, options: PublishOptions): Promise<Published> {
  for (let reading = 1; reading <= readings; reading++) {
    const published = await attempt(id, options)
    if (published) return published
  }
  return { outcome: 'busy' }
}
