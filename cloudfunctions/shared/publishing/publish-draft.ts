/**
 * Publishes a row of `drafts`.
 *
 * Only `articles` decides what readers see. The row gets a note about it in the same transaction. A new story is stored
 * before its 发布时间, and the readers' queries hide it until that second. So a row may change after its story was stored.
 * The next tick of `clock` compares the two:
 *
 * | the row                                          | its story                     | what the tick does                          |
 * | ------------------------------------------------ | ----------------------------- | ------------------------------------------- |
 * | 已定时 or 待发布, valid                            | any, or none                  | publishes or schedules it                   |
 * | 已定时 or 待发布, invalid, with the stored time     | stored, not yet public        | lets the last valid text appear; notes that |
 * | 已定时 or 待发布, invalid, with another time        | stored, not yet public        | cancels it; notes that                      |
 * | 已定时 or 待发布, invalid                          | has become public             | leaves it; sets 待发布, notes the version    |
 * | 已定时, valid, moved to a later time               | public since the last tick    | hides it again; notes when it was public    |
 * | 草稿, 待审, deleted …                              | stored, not yet public        | cancels it; notes that                      |
 * | 草稿, 待审, deleted …                              | public since the last tick    | withdraws it; notes when it was public      |
 * | 待撤回                                             | public, or stored             | withdraws it                                |
 * | 已定时 without a time                              | any                           | reports a problem: the intention is unclear |
 * | an unknown status                                | any                           | leaves it; reports a problem                |
 * | 已发布 or 已撤回, typed by an editor                | has another state             | leaves it; reports a problem                |
 */

import * as v from 'valibot'
import { storyAddress } from '#contract/addresses'
import type { Document, Transaction } from '../cloud'
import { addAudit } from '../stores/audit'
import {
  type Checked,
  type DraftNote,
  findDraft,
  noteDraft,
  type PictureCopy,
  savedMark,
} from '../stores/drafts'
import { type FocusClaim, putPlace } from '../stores/focus-claims'
import { findDraftAndNeighbours, type Known } from '../stores/neighbours'
import {
  addPublished,
  markCancelled,
  markOut,
  markWithdrawn,
  type PublishedRow,
  putPublished,
  StoryExists,
} from '../stores/published'
import { addNextVersion, addVersion, VersionExists } from '../stores/versions'
import { claimsOn } from './check-place'
import { type Content, storyDigest, storyRow } from './compose-story'
import { changeUnlessSaved } from './draft-change'
import { askedOf, isForLater, isStillDue } from './next-step'
import { keepPoll, PollTaken } from './place-poll'
import { type Displaced, isPlacedSo, placeStory } from './place-story'
import { type Draft, draftHash, labels, readDraft, statusOfRow, textHash } from './read-draft'
import { readTime } from './read-time'
import { remedyFor } from './refused-words'
import { makeContent } from './story-content'
import { findStoryOf } from './story-id'
import { storyIdOf } from './story-id-of'
import { isAhead, isPublic } from './story-times'
import { tellDisplaced, tellLeft } from './tell-displaced'
import { writtenTime } from './written-time'

export type Published =
  /** `isMoved`: the content is unchanged, but the place on the home page is not. */
  | {
      outcome: 'published' | 'unchanged'
      link: string
      version: number
      reminders: string[]
      isMoved: boolean
    }
  | { outcome: 'scheduled'; at: number; reminders: string[] }
  | { outcome: 'refused'; problems: string[]; reminders: string[] }
  | { outcome: 'missing' | 'settled' | 'busy' }

export interface PublishOptions {
  /** Who publishes: the name of a key, or clockKey. */
  key: string
  now: number
  /** Whether the row still needs publishing. If it returns false, the outcome is `settled` and nothing is written. */
  waits?: (row: Document) => boolean
  /** What the caller knows of the row, to read what it needs together with it. */
  known?: Known
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

const CheckedRow = v.object({
  hash: v.string(),
  at: v.pipe(
    v.date(),
    v.transform(date => date.getTime()),
  ),
  publishAt: v.fallback(v.nullable(v.number()), null),
  saved: v.fallback(v.string(), ''),
  status: v.optional(v.unknown()),
  refused: v.fallback(v.boolean(), false),
  copies: v.fallback(
    v.array(v.object({ from: v.string(), to: v.pipe(v.string(), v.startsWith('cloud://')) })),
    [],
  ),
})

/** What the clock saw when it checked a row last; times in ms. Null if it never did or a form erased the field. */
export function checkedOf(row: Document): v.InferOutput<typeof CheckedRow> | null {
  const checked = v.safeParse(CheckedRow, row.checked)
  return checked.success ? checked.output : null
}

/** Whether a row's text and status are those that the clock checked last. */
export function isUnchanged(row: Document, checked: NonNullable<ReturnType<typeof checkedOf>>): boolean {
  return checked.hash === textHash(row) && checked.status === row.status
}

/** The copies of a row's pictures that were made while the row waits for its time. */
export const copiesOf = (row: Document): readonly PictureCopy[] => checkedOf(row)?.copies ?? []

/** A status as `checked` keeps it: a list would make two lists in one index, which the database refuses. */
export const statusText = (status: unknown): string | null => (typeof status === 'string' ? status : null)

const checkedNow = (row: Document, now: number, status = row.status, copies = copiesOf(row)): Checked => ({
  ...(copies.length > 0 ? { copies } : {}),
  hash: textHash(row),
  at: new Date(now),
  publishAt: readTime(row.publishAt, now) ?? null,
  status: statusText(status),
  saved: savedMark(row),
})

interface Story {
  id: string
  before: PublishedRow | null
  /** It was not looked for: writing it finds out whether it exists. */
  isNew?: boolean
  /** It was read before the transaction: writing its version finds out whether it was published meanwhile. */
  isEarlier?: boolean
}

/** What a draft's story is made of. */
interface Made {
  draft: Draft
  content: Content
  /** The published stories that ask for the same place on the home page. */
  claims: FocusClaim[]
  reminders: string[]
  copies: readonly PictureCopy[]
}

interface Put {
  version: number
  /** Whether readers had this content already. */
  isSame: boolean
  /** Whether only its place on the home page changed. */
  isMoved: boolean
  told: string[]
  displaced: Displaced[]
  /** The place on the home page that it had, and has no more or at other times. Null if it had none. */
  left: number | null
}

/** Whether a story is published with the content of a digest. */
const isShown = (story: PublishedRow, digest: string): boolean =>
  story.state === 'published' && story.digest === digest

/**
 * Writes a draft as the next version of its story, unless the content equals the current version. The place on the home
 * page is no part of a version.
 */
async function putStory(
  transaction: Transaction,
  { id, before, isNew = false, isEarlier = false }: Story,
  { draft, content, claims }: Made,
  { row: { _id: from }, key, now }: Reading,
): Promise<Put> {
  await keepPoll(transaction, { articleId: id }, before?.poll ?? '', draft.poll)
  const made = storyRow(content, draft, before, now)
  const digest = storyDigest(content, draft, made.publishedAt)
  const publishedAt = made.publishedAt.getTime()
  const { fields, reminders, displaced } = placeStory(draft, { id: from, before, claims, publishedAt, now })
  const left = before && !isPlacedSo(before, fields) ? before.focusOrder : null
  if (before && isShown(before, digest)) {
    // No version is written that would tell whether the story has changed since it was read.
    if (isEarlier) throw new VersionExists(id)
    if (before.publishAt && isPublic(before, now)) await markOut(transaction, id)
    const isMoved = !isPlacedSo(before, fields)
    if (isMoved) await putPlace(transaction, id, fields)
    const { version } = before
    return { version, isSame: true, isMoved, told: [...before.told, ...reminders], displaced, left }
  }
  const told = reminderOf(draft, before)
  const row = { ...made, ...(told.length > 0 ? { told } : {}) }
  const version = (before?.version ?? 0) + 1
  const put = isNew ? addPublished : putPublished
  const seen = { ...row, ...fields, state: 'published', version, draft: from, digest }
  await put(transaction, id, { ...seen, fresh: true })
  const add = isEarlier ? addNextVersion : addVersion
  await add(transaction, {
    articleId: id,
    version,
    draft: from,
    at: new Date(now),
    editor: draft.editor,
    key,
    content: { ...row, digest },
  })
  return { version, isSame: false, isMoved: false, told: [...told, ...reminders], displaced, left }
}

/** Reminds the editor that readers see a story again. */
export const reopened = '撤回：这篇文章曾被撤回，现在重新发布了'

/** Reminders for the editor about the version that a new one replaces. The story keeps them as long as it is current. */
function reminderOf(draft: Draft, before: PublishedRow | null): string[] {
  if (!before || before.state === 'cancelled') return []
  return [
    ...(before.editor === draft.editor
      ? []
      : [`责编：上一版由 ${before.editor} 发布，这一版由 ${draft.editor} 发布`]),
    ...(before.state === 'withdrawn' ? [reopened] : []),
  ]
}

/** A row, and who read it when (ms). */
interface Reading {
  row: Document
  key: string
  now: number
}

interface Settled {
  note: Partial<DraftNote>
  audited: string
  outcome: Published
  /** The stories whose place on the home page this one takes. */
  displaced?: readonly Displaced[]
  /** The place that its story has left. */
  left?: number | null
  /** Whether the row has problems and does not wait. */
  isRefused?: boolean
}

/**
 * Writes a note into the row and an audit entry, then tells the editors of displaced stories. Returns null and writes
 * nothing if an editor saved the row meanwhile.
 */
async function settle(
  { row, key, now }: Reading,
  run: (transaction: Transaction) => Promise<Settled>,
  copies = copiesOf(row),
): Promise<Published | null> {
  const settled = await changeUnlessSaved(row._id, draftHash(row), async transaction => {
    const done = await run(transaction)
    const { note, audited, isRefused = false } = done
    const checked = { ...checkedNow(row, now, note.status, copies), ...(isRefused ? { refused: true } : {}) }
    await noteDraft(transaction, row._id, { ...note, checked })
    await addAudit(
      { at: new Date(now), key, action: 'publish', subject: row._id, result: audited },
      transaction,
    )
    return done
  })
  if (!settled) return null
  await tellDisplaced(settled.displaced ?? [])
  await tellLeft(settled.left ?? null, now, row._id)
  return settled.outcome
}

/** Whether the clock has checked a row since it was last saved, and with its present time. */
function isSeen(row: Document, now: number): boolean {
  const checked = checkedOf(row)
  return checked?.saved === savedMark(row) && checked.publishAt === (readTime(row.publishAt, now) ?? null)
}

/** Notes that a row was checked without a new result, so that it is not checked again until somebody saves it. */
const noteSeen = (row: Document, now: number): Promise<unknown> =>
  changeUnlessSaved(row._id, draftHash(row), async transaction =>
    noteDraft(transaction, row._id, { checked: checkedNow(row, now) }),
  )

/**
 * Decides about the story of a row with a problem, and returns the text for the row's note. `waits`: the row will be
 * published once it is corrected. Then a story that is stored for the same time still becomes public.
 */
async function standingOf(
  transaction: Transaction,
  { id, before }: Story,
  { row, now }: Reading,
  waits: boolean,
): Promise<{ link: string; version?: number; said: string; isKept: boolean; left: number | null }> {
  if (isAhead(before, now)) {
    const at = before.publishAt.getTime()
    const time = `北京时间 ${writtenTime(at)}`
    if (waits && isStillDue(row, at, now))
      return {
        link: '',
        isKept: true,
        left: null,
        said: `${time} 仍会发布改动之前的文字（第 ${before.version} 版）；不要发布，就把状态设为 草稿`,
      }
    await markCancelled(transaction, id)
    return { link: '', isKept: false, said: `原定${time} 的发布已取消`, left: before.focusOrder }
  }
  if (!isPublic(before, now)) return { link: '', isKept: false, said: '', left: null }
  if (before.publishAt) await markOut(transaction, id)
  const out = before.publishAt ? `，北京时间 ${writtenTime(before.publishAt.getTime())} 发布` : ''
  const said = `读者看到的是改动之前的文字（第 ${before.version} 版${out}）`
  return { link: storyAddress(id), version: before.version, said, isKept: false, left: null }
}

/**
 * Writes the problems into the row. The row keeps waiting, so it is published once the editor corrects it, unless
 * `isLast`. Readers keep what they see.
 */
async function refuse(
  reading: Reading,
  told: { problems: string[]; reminders: string[] },
  isLast = false,
): Promise<Published | null> {
  const { row, key, now } = reading
  const refused: Published = { outcome: 'refused', ...told }
  const checked = checkedOf(row)
  const isTold =
    checked !== null &&
    isUnchanged(row, checked) &&
    JSON.stringify([row.problems, row.reminders]) === JSON.stringify([told.problems, told.reminders])
  const status = statusOfRow(row)
  const at = readTime(row.publishAt, now) ?? null
  // The story of a scheduled row went out since the row was told of its problems.
  const isOut = status === '已定时' && at !== null && at <= now
  const isGivenUp = isLast || (key === clockKey && isTold && !isOut && now - checked.at > givenUpAfter)
  // The clock checks this row at many ticks; it writes only when there is something new to say.
  if (key === clockKey && isTold && !isOut && !isGivenUp)
    return isSeen(row, now) ? refused : noteSeen(row, now).then(() => refused)
  const waits = !isGivenUp && askedOf(row) === 'publish'
  return settle(reading, async transaction => {
    const story = await findStoryOf(transaction, row._id)
    const { said, isKept, left, ...seen } = await standingOf(transaction, story, reading, waits)
    const what = `北京时间 ${writtenTime(now)} 没有发布${isKept || seen.link ? '这次的改动' : ''}`
    const result = `${what}：${remedyFor(waits)}${said ? `。${said}` : ''}`
    // Without a time, 待发布 would mean at once.
    const kept = isKept || (status === '已定时' && at === null) ? '已定时' : '待发布'
    const note = { status: waits ? kept : isGivenUp ? '草稿' : status, ...told, ...seen, result }
    return { note, audited: 'refused', outcome: refused, left, isRefused: !waits }
  })
}

/**
 * Sets a row to 已定时. A new story is stored ahead of its time, a new version of a public story only at its time. A story
 * that went out since the last tick, while its editor moved its time, is taken back.
 */
async function schedule(
  reading: Reading,
  made: Made,
  at: number,
  known: Story | null,
): Promise<Published | null> {
  const { row, now } = reading
  const scheduling = settle(
    reading,
    async transaction => {
      const found: Story = known?.isNew ? known : await findStoryOf(transaction, row._id)
      const { id, isNew: isUnread = false } = found
      const wasOut = isPublic(found.before, now) ? found.before.publishAt : null
      const taken = wasOut && found.before ? { ...found.before, state: 'cancelled', publishedAt: null } : null
      if (taken) await markWithdrawn(transaction, id, '')
      const before = taken ?? found.before
      const story = { id, before, isNew: isUnread }
      const isNew = !before || before.state === 'cancelled'
      const put =
        isAhead(before, now) || (isNew && at - now <= storedAhead)
          ? await putStory(transaction, story, made, reading)
          : null
      const version = put?.version ?? before?.version ?? 0
      const live = isPublic(before, now)
      const note = {
        status: '已定时',
        problems: [],
        reminders: [...made.reminders, ...(put?.told ?? [])],
        result: `定于北京时间 ${writtenTime(at)} 发布${live ? `，在此之前读者看到的是第 ${version} 版` : ''}${wasOut ? `；改动之前的文字在北京时间 ${writtenTime(wasOut.getTime())} 已经发布，${writtenTime(now)} 收回` : ''}`,
        link: live ? storyAddress(id) : '',
        ...(put ? { storyId: id } : {}),
      }
      return {
        note,
        audited: `scheduled ${writtenTime(at)}`,
        outcome: { outcome: 'scheduled', at, reminders: note.reminders },
        displaced: put?.displaced ?? [],
        left: put?.left ?? null,
      }
    },
    made.copies,
  )
  try {
    return await scheduling
  } catch (error) {
    if (error instanceof StoryExists) return schedule(reading, made, at, null)
    throw error
  }
}

async function publish(reading: Reading, made: Made, found: Story | null): Promise<Published | null> {
  const { row, now } = reading
  const { draft } = made
  const publishing = settle(
    reading,
    async transaction => {
      const story = found ?? (await findStoryOf(transaction, row._id))
      const { id } = story
      const put = await putStory(transaction, story, made, reading)
      const { version, isSame, isMoved, displaced, left } = put
      const told = [...made.reminders, ...put.told]
      const link = storyAddress(id)
      const isTimed = statusOfRow(row) === '已定时'
      const at = writtenTime(isTimed ? (draft.publishAt ?? now) : now)
      const offline = draft.offlineAt === null ? '' : `，北京时间 ${writtenTime(draft.offlineAt)} 下线`
      const result =
        isSame && !isTimed
          ? `内容没有变化，仍是第 ${version} 版${isMoved ? '，首页的位置改了' : ''}${offline}`
          : `第 ${version} 版，北京时间 ${at} 发布${offline}`
      return {
        note: { status: '已发布', problems: [], reminders: told, result, link, version, storyId: id },
        audited: `version ${version}`,
        outcome: { outcome: isSame ? 'unchanged' : 'published', link, version, reminders: told, isMoved },
        displaced,
        left,
      }
    },
    [],
  )
  try {
    return await publishing
  } catch (error) {
    const isOther = error instanceof StoryExists || error instanceof VersionExists
    if (isOther) return publish(reading, made, null)
    throw error
  }
}

/**
 * The story of a row, if the publication's transaction need not read it. A row that was never published has none, mostly.
 * A story that was read together with the row changes only with its row or its versions, and with its topic if it has
 * one. Other stories may change its place on the home page too, but a publication computes that anew from them.
 */
function knownStory(
  row: Document,
  story: PublishedRow | null,
  { draft, content }: Made,
  now: number,
): Story | null {
  if (row.storyId === undefined && !story) return { id: storyIdOf(row._id), before: null, isNew: true }
  if (story?.draft !== row._id || story.topic || draft.topic !== '') return null
  // No version would tell whether it was published meanwhile.
  if (isShown(story, storyDigest(content, draft, storyRow(content, draft, story, now).publishedAt)))
    return null
  return { id: story._id, before: story, isEarlier: true }
}

/** The problem of a row that the panel publishes while it waits for its withdrawal. The row stays as it is. */
export const leaving = `${labels.status}：这一行是 待撤回，定时任务会撤回它；要发布，请先把状态设为 待发布；要马上撤回，请用 withdraw`

/** The problem of a row that was withdrawn while the panel published it. The withdrawal stays. */
export const overtaken = `${labels.status}：正要发布的时候，这篇文章被撤回了，所以没有发布；还要发布，请再运行一次`

/** Refuses to publish a row that waits for its withdrawal or has just been withdrawn, which would be lost. */
const refuseLeaving = ({ row, key, now }: Reading, problem: string): Promise<Published | null> =>
  changeUnlessSaved(row._id, draftHash(row), async transaction => {
    const entry = {
      at: new Date(now),
      key,
      action: 'publish',
      subject: row._id,
      result: problem === leaving ? 'waits for withdrawal' : 'withdrawn meanwhile',
    }
    await addAudit(entry, transaction)
    return { outcome: 'refused', problems: [problem], reminders: [] }
  })

const namesOf = ({ tags, topic, inFocus, order }: Draft): Known => ({
  tags,
  topic,
  order: inFocus ? order : null,
})

/** Reads the row and publishes, schedules or refuses it. Returns null if an editor saved the row meanwhile. */
async function attempt(
  id: string,
  { key, now, waits, known: names }: PublishOptions,
  before: { status: string },
): Promise<Published | null> {
  const { row, neighbours, story, topic, claims } = names
    ? await findDraftAndNeighbours(id, names, storyIdOf(id), now)
    : { row: await findDraft(id), neighbours: null, story: null, topic: null, claims: null }
  if (!row) return { outcome: 'missing' }
  if (waits && !waits(row)) {
    if (!isSeen(row, now)) await noteSeen(row, now)
    return { outcome: 'settled' }
  }
  const reading = { row, key, now }
  if (key !== clockKey && askedOf(row) === 'withdraw') return refuseLeaving(reading, leaving)
  const status = statusOfRow(row)
  const wasSaved = before.status !== ''
  if (wasSaved && status === '已撤回' && before.status !== status) return refuseLeaving(reading, overtaken)
  before.status = status
  const read = readDraft(row, now)
  // An editor may have saved the row since the caller learned of it.
  const isOf = (field: keyof Known): boolean =>
    read.ok && names !== undefined && String(namesOf(read.draft)[field]) === String(names[field])
  const parts = {
    own: row._id,
    neighbours: isOf('tags') ? (neighbours ?? undefined) : undefined,
    topic: isOf('topic') ? topic?.found : undefined,
    copies: copiesOf(row),
  }
  const made = read.ok ? await makeContent(read.draft, parts) : read
  const reminders = [...new Set([...read.reminders, ...made.reminders])]
  if (!read.ok || !made.ok) return refuse(reading, { problems: made.ok ? [] : made.problems, reminders })
  const { draft } = read
  const { publishAt } = draft
  const asked = isOf('order') && claims ? claims : await claimsOn(draft, now)
  const ready = { draft, content: made.content, claims: asked, reminders, copies: made.copies }
  const known = knownStory(row, story, ready, now)
  try {
    return isForLater(publishAt, now)
      ? await schedule(reading, ready, publishAt, known)
      : await publish(reading, ready, known)
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
  const before = { status: '' }
  for (let reading = 1; reading <= readings; reading++) {
    const published = await attempt(id, options, before)
    if (published) return published
  }
  return { outcome: 'busy' }
}

/** Gives up a row that killed the function whenever it was read: the row becomes 草稿 and says why. */
export async function giveUpDraft(id: string, now: number): Promise<void> {
  const row = await findDraft(id)
  if (!row) return
  const problem = '这一行：处理它的时候程序中断了两次，已经放下；请删减正文和图片，再把状态设为 待发布'
  await refuse({ row, key: clockKey, now }, { problems: [problem], reminders: [] }, true)
}
