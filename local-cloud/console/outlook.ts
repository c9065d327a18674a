import * as v from 'valibot'
import { parseBody } from '../../cloudfunctions/shared/publishing/body/read-body'
import { composePoll, composeTopic } from '../../cloudfunctions/shared/publishing/compose-entry'
import { entryAsks, notOutYet, statusOfEntry } from '../../cloudfunctions/shared/publishing/entry-statuses'
import type { LinkedStory } from '../../cloudfunctions/shared/publishing/linked-stories'
import { ownSite } from '../../cloudfunctions/shared/publishing/name-of-story'
import {
  askedOf,
  isForLater,
  isStillDue,
  problemsOfStatus,
} from '../../cloudfunctions/shared/publishing/next-step'
import type { PictureRead } from '../../cloudfunctions/shared/publishing/pictures/read-pictures'
import { readDraft, statusOfRow } from '../../cloudfunctions/shared/publishing/read-draft'
import { picturesOf, readDraftBody } from '../../cloudfunctions/shared/publishing/read-draft-body'
import { readPollRow } from '../../cloudfunctions/shared/publishing/read-poll'
import { readTopicRow } from '../../cloudfunctions/shared/publishing/read-topic'
import { isAhead, isPublic } from '../../cloudfunctions/shared/publishing/story-times'
import { writtenTime } from '../../cloudfunctions/shared/publishing/written-time'
import type { Document } from '../database/ejson'

/** What happens to a row of a form after the editor saves it as it is. */
export interface Outlook {
  /** What the next tick of the clock does. `refuse`: it writes problems into the row. */
  step: 'publish' | 'schedule' | 'withdraw' | 'refuse' | 'nothing'
  says: string
  /** What keeps the row from being published. */
  problems: string[]
  reminders: string[]
}

interface Desk {
  now: number
  /** Whether a file exists in cloud storage. */
  isStored: (fileId: string) => boolean
  /** What was made of the row when it was last published; null if it never was. */
  published: Document | null
  /** What the links of its body name (see linksOf). */
  linked: ReadonlyMap<string, LinkedStory | null>
}

/** The names of our stories that a row's body links to. */
export const linksOf = (row: Document): string[] =>
  typeof row.body === 'string' ? parseBody(row.body).stories(ownSite) : []

const Story = v.object({
  state: v.fallback(v.string(), ''),
  version: v.fallback(v.number(), 0),
  publishAt: v.fallback(v.nullable(v.date()), null),
  offlineAt: v.fallback(v.nullable(v.date()), null),
})
const Entry = v.object({ state: v.fallback(v.string(), ''), version: v.fallback(v.number(), 0) })

const within = '保存以后，两分钟之内'
const time = (instant: number): string => `北京时间 ${writtenTime(instant)} `

/** Stands in for a picture, which is not opened here. */
function pictureOf(address: string, isStored: Desk['isStored']): PictureRead {
  const [src = ''] = address.split('#')
  if (src.startsWith('cloud://') && !isStored(src)) return { fault: '在云存储里找不到，请核对地址' }
  return { src, width: 1200, height: 900, bytes: null }
}

function checkDraft(row: Document, { now, isStored, linked }: Desk) {
  const read = readDraft(row, now)
  const body = typeof row.body === 'string' && row.body.trim() !== '' ? parseBody(row.body) : null
  const pictures = body ? picturesOf(body).map(one => [one, pictureOf(one, isStored)] as const) : []
  const seen = body ? readDraftBody(body, new Map(pictures), linked) : { problems: [], reminders: [] }
  return {
    draft: read.ok ? read.draft : null,
    problems: [...(read.ok ? [] : read.problems), ...seen.problems.map(({ message }) => message)],
    reminders: [...read.reminders, ...seen.reminders.map(({ message }) => message)],
  }
}

function draftOutlook(row: Document, desk: Desk): Outlook {
  const { now } = desk
  const { draft, problems, reminders } = checkDraft(row, desk)
  const story = desk.published ? v.parse(Story, desk.published) : null
  const live = isPublic(story, now) ? story : null
  const ahead = isAhead(story, now) ? story : null
  const seen = live ? `读者看到的还是第 ${live.version} 版。` : '读者看不到这篇文章。'
  const told = { problems, reminders }
  const cancelled = ahead ? `原定${time(ahead.publishAt.getTime())}的发布会取消。` : ''
  switch (askedOf(row)) {
    case 'withdraw': {
      const reason = typeof row.reason === 'string' ? row.reason.trim() : ''
      const unsaid = reason === '' ? '还没有写“撤回原因”，读者看不到原因。' : ''
      const says = live
        ? `${within}从读者那里撤下。${unsaid}`
        : cancelled === ''
          ? '读者本来就看不到这篇文章：状态会变成 已撤回，别的不变。'
          : `保存以后，${cancelled}`
      return { step: 'withdraw', says, problems: [], reminders: [] }
    }
    case 'publish': {
      if (!draft || problems.length > 0) {
        const isKept = ahead && isStillDue(row, ahead.publishAt.getTime(), now)
        const kept = isKept ? `到${time(ahead.publishAt.getTime())}，读者看到改动之前的文字。` : cancelled
        const says = `保存以后不会发布，请先照下面改。${kept || seen}`
        return { step: 'refuse', says, ...told }
      }
      const { publishAt, offlineAt } = draft
      const left = offlineAt === null ? '' : `${time(offlineAt)}下线。`
      if (isForLater(publishAt, now)) {
        const until = live ? `在此之前读者看到的是第 ${live.version} 版。` : ''
        const says = `${within}状态变成 已定时，${time(publishAt)}发布。${until}${left}`
        return { step: 'schedule', says, ...told }
      }
      const says = live ? `${within}读者看到改好的文字。` : `${within}发布。`
      const dated = publishAt === null ? '' : `文章上写的时间是${time(publishAt).trimEnd()}。`
      return { step: 'publish', says: `${says}${dated}${left}`, ...told }
    }
    case 'nothing': {
      const misstated = problemsOfStatus(row, story, now)
      if (misstated)
        return {
          step: 'refuse',
          says: `保存以后不会发布，请先照下面改。${seen}`,
          problems: misstated.problems,
          reminders,
        }
      const status = statusOfRow(row)
      if (cancelled !== '') return { step: 'withdraw', says: `保存以后，${cancelled}`, ...told }
      if (status === '已撤回')
        return { step: 'nothing', says: `${seen}要再发布，把状态写成 待发布。`, ...told }
      if (live?.publishAt && status !== '已发布')
        return { step: 'withdraw', says: `文章刚刚发布，${within}撤下来。`, ...told }
      const ask = live ? '要换成现在的文字，把状态写成 待发布。' : '写好了，把状态写成 待发布。'
      return { step: 'nothing', says: `状态是 ${status}，保存以后不会发布。${seen}${ask}`, ...told }
    }
  }
}

/** Publishing may have found what is not looked up here. Its problems stay in the row until it looks again. */
const refusedBefore = '上一次没有发布，原因在“问题”里。如果已经改好：'

type EntryKind = 'topics' | 'polls'

/** Reads a topic or poll as publishing does. */
function checkEntry(kind: EntryKind, row: Document, { now, isStored }: Desk) {
  if (kind === 'topics') {
    const read = readTopicRow(row, now)
    if (!read.ok) return { ...read, publishedAt: null }
    const { cover, publishedAt } = read.entry
    const made = composeTopic(read.entry, cover === '' ? null : pictureOf(cover, isStored))
    return { problems: made.problems, reminders: [...read.reminders, ...made.reminders], publishedAt }
  }
  // The cloud gives a new row an id, which publishing accepts.
  const read = readPollRow({ ...row, _id: row._id ?? 'new' }, now)
  if (!read.ok) return { ...read, publishedAt: null }
  const addresses = read.entry.options.map(({ picture }) => picture).filter(Boolean)
  const pictures = new Map(addresses.map(one => [one, pictureOf(one, isStored)]))
  return { ...composePoll(read.entry, pictures), publishedAt: null }
}

const entryNames = { topics: '专题', polls: '云投' } as const

function entryOutlook(kind: EntryKind, row: Document, desk: Desk): Outlook {
  const { problems, reminders, publishedAt } = checkEntry(kind, row, desk)
  const found = desk.published ? v.parse(Entry, desk.published) : null
  const live = found?.state === 'published' ? found : null
  const name = entryNames[kind]
  const seen = live ? `读者看到的还是第 ${live.version} 版。` : `读者看不到这个${name}。`
  const status = statusOfEntry(row)
  switch (entryAsks(row)) {
    case 'withdraw': {
      const says = live
        ? `${within}从读者那里撤下。`
        : `读者本来就看不到这个${name}：状态会变成 已撤回，别的不变。`
      return { step: 'withdraw', says, problems: [], reminders: [] }
    }
    case 'publish': {
      const all = status === '已发布' ? [notOutYet, ...problems] : problems
      if (all.length > 0)
        return { step: 'refuse', says: `保存以后不会发布，请先照下面改。${seen}`, problems: all, reminders }
      const later = isForLater(publishedAt, desk.now) ? `${time(publishedAt)}起读者看得到。` : ''
      const says = live ? `${within}读者看到改好的一版。${later}` : `${within}发布。${later}`
      return { step: 'publish', says, problems, reminders }
    }
    case 'nothing': {
      const ask = live ? '要换成现在的样子，把状态写成 待发布。' : '写好了，把状态写成 待发布。'
      const says = `状态是 ${status}，保存以后不会发布。${seen}${ask}`
      return { step: 'nothing', says, problems, reminders }
    }
  }
}

/** Where publishing keeps what it has made of a row, by the collection of the row: the collection and its field. */
export const publishedOf: Readonly<Record<string, { collection: string; field: string }>> = {
  drafts: { collection: 'articles', field: 'draft' },
  topics: { collection: 'publishedTopics', field: 'row' },
  polls: { collection: 'publishedPolls', field: 'row' },
}

/**
 * What happens to a row after it is saved: publishing's own decision, but without opening pictures and without looking
 * up what the row names, except links. Publishing may find more problems. Null for a collection that nobody publishes.
 */
export function outlookOf(collection: string, row: Document, desk: Desk): Outlook | null {
  if (collection !== 'drafts' && collection !== 'topics' && collection !== 'polls') return null
  const outlook = collection === 'drafts' ? draftOutlook(row, desk) : entryOutlook(collection, row, desk)
  const isPromised = outlook.step === 'publish' || outlook.step === 'schedule'
  const wasRefused = Array.isArray(row.problems) && row.problems.length > 0
  return isPromised && wasRefused ? { ...outlook, says: `${refusedBefore}${outlook.says}` } : outlook
}
