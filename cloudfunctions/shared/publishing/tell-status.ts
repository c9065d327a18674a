import type { Document } from '../cloud'
import { addAudit } from '../stores/audit'
import { findDraft, noteById, noteDraft, savedMark } from '../stores/drafts'
import { inTransaction } from './draft-change'
import { clockKey } from './publish-draft'
import { isUnknownStatus, labels, readDraft, statusOfRow, textHash } from './read-draft'
import { findStoryOf } from './story-id'
import { isPublic } from './story-times'

/** The problem of a status that only the clock may write. Null if it is true: readers see, or do not see, the story. */
function faultOf(row: Document, isOut: boolean): string | null {
  const status = statusOfRow(row)
  if (status === '已发布' && !isOut)
    return `${labels.status}：已发布 由系统填写，读者现在看不到这篇文章；要发布，请写 待发布`
  if (status === '已撤回' && isOut)
    return `${labels.status}：已撤回 由系统填写，读者还看得到这篇文章；要撤回，请写 待撤回`
  return null
}

/** Writes a problem into a row whose status is unknown or untrue. Changes nothing else. */
export const tellStatus = (id: string, now: number): Promise<void> =>
  inTransaction(async transaction => {
    const row = await findDraft(id, transaction)
    if (!row) return
    const { before } = await findStoryOf(transaction, id)
    const read = isUnknownStatus(row) ? readDraft(row, now) : null
    const fault = faultOf(row, isPublic(before, now))
    const problems = read ? (read.ok ? [] : read.problems) : fault === null ? [] : [fault]
    const checked = {
      hash: textHash(row),
      at: new Date(now),
      publishAt: null,
      status: row.status,
      saved: savedMark(row),
      misstated: true as const,
    }
    if (problems.length === 0) return noteDraft(transaction, id, { checked })
    await noteDraft(transaction, id, { problems, checked })
    const entry = { at: new Date(now), key: clockKey, action: 'publish', subject: id, result: 'refused' }
    await addAudit(entry, transaction)
  })

/** Writes a problem into a row whose id is not a text: such a row cannot be published. */
export const tellId = (id: unknown): Promise<void> =>
  noteById(id, {
    problems: ['编号：_id 不是文字，不能发布；请把内容复制到新的一行，再删去这一行'],
  })
