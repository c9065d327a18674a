import { storyAddress } from '#contract/addresses'
import type { Document } from '../cloud'
import { addAudit } from '../stores/audit'
import { findDraft, noteById, noteDraft, savedMark } from '../stores/drafts'
import { inTransaction } from './draft-change'
import { problemsOfStatus } from './next-step'
import { checkedOf, clockKey, isUnchanged, statusText } from './publish-draft'
import { readDraft, statusOfRow, textHash } from './read-draft'
import { recheckedAs, remedyFor } from './refused-words'
import type { Status } from './status-words'
import { findStoryOf } from './story-id'
import { isAhead, isPublic } from './story-times'
import { writtenTime } from './written-time'

type Seen = NonNullable<ReturnType<typeof checkedOf>>

/** Rows with these statuses are the work of others. */
const waiting: readonly Status[] = ['待发布', '已定时', '待撤回']

/**
 * Looks again at a row that has problems and does not wait, because its editor may have mended it without asking for a
 * publication. Only publishing opens pictures and converts the body.
 */
function recheckOf(row: Document, seen: Seen, shown: string, now: number) {
  const checked = { ...seen, at: new Date(seen.at), status: statusText(seen.status), saved: savedMark(row) }
  if (isUnchanged(row, seen)) return seen.saved === checked.saved ? null : { checked }
  const read = readDraft(row, now)
  const { refused: _, ...mended } = { ...checked, hash: textHash(row), at: new Date(now) }
  return {
    problems: read.ok ? [] : read.problems,
    reminders: read.reminders,
    result: `${recheckedAs(read.ok, now)}${shown}`,
    checked: read.ok ? mended : { ...mended, refused: true },
  }
}

/** What becomes of a row that does not wait any more, because an editor changed its status from `was`. */
function settledAs(status: Status, was: unknown, isOut: boolean, now: number): string {
  const at = `北京时间 ${writtenTime(now)}`
  if (status === '已发布') return `${at} 没有发布改动：要发布，就把状态设为 待发布`
  return was === '已定时' && !isOut ? `${at} 取消了定时发布` : `${at} 停止发布：状态是 ${status}`
}

/**
 * Tells the editor of a row whose status is unknown or untrue. Where its editor changed it so that the row no longer
 * waits, takes back the problems and what was said of a publication to come.
 */
export const tellStatus = (id: string, now: number): Promise<void> =>
  inTransaction(async transaction => {
    const row = await findDraft(id, transaction)
    if (!row) return
    const { id: storyId, before } = await findStoryOf(transaction, id)
    const told = problemsOfStatus(row, before, now)
    const status = statusOfRow(row)
    // A story that is stored ahead of its time is cancelled first.
    if (!told && (waiting.includes(status) || isAhead(before, now))) return
    const seen = checkedOf(row)
    const isOut = isPublic(before, now)
    const checked = {
      hash: textHash(row),
      at: new Date(now),
      publishAt: null,
      status: statusText(row.status),
      saved: savedMark(row),
      // The clock's query also finds an empty list, which is no status: without the mark, at every tick.
      ...(told || Array.isArray(row.status) ? { misstated: told?.kind ?? ('unknown' as const) } : {}),
    }
    const place = isOut ? { link: storyAddress(storyId), version: before.version, storyId } : { link: '' }
    const shown = isOut ? `。读者看到的是第 ${before.version} 版` : ''
    // Without it, the last result says that the story was cancelled, withdrawn or restored.
    const isLast = seen === null && typeof row.result === 'string' && row.result !== ''
    const isUntold = row.problems === undefined && row.result === undefined
    if (!told && seen?.refused && seen.status === statusText(row.status)) {
      const note = recheckOf(row, seen, shown, now)
      if (note) await noteDraft(transaction, id, note)
      return
    }
    if (!told && isUntold) return noteDraft(transaction, id, { checked })
    if (!told) {
      const result = isLast ? {} : { result: `${settledAs(status, seen?.status, isOut, now)}${shown}` }
      return noteDraft(transaction, id, { problems: [], ...place, ...result, checked })
    }
    const { kind, problems, reminders } = told
    const isSame = JSON.stringify([row.problems, row.reminders]) === JSON.stringify([problems, reminders])
    if (isSame) return noteDraft(transaction, id, { checked })
    const what = kind === 'unwithdrawn' ? '没有撤回：请按“问题”修改' : `没有发布：${remedyFor(false)}`
    const result = isLast ? {} : { result: `北京时间 ${writtenTime(now)} ${what}${shown}` }
    await noteDraft(transaction, id, { problems, reminders, ...result, checked })
    const entry = { at: new Date(now), key: clockKey, action: 'publish', subject: id, result: 'refused' }
    await addAudit(entry, transaction)
  })

/** Writes a problem into a row whose id is not a text: such a row cannot be published. */
export const tellId = (id: unknown): Promise<void> =>
  noteById(id, {
    problems: ['编号：_id 不是文字，不能发布；请把内容复制到新的一行，再删去这一行'],
  })
