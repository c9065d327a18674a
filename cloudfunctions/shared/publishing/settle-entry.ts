import * as v from 'valibot'
import { type Document, db, type Transaction } from '../cloud'
import { untruePublished, untrueWithdrawn } from '../stores/agenda'
import { addAudit } from '../stores/audit'
import { savedMark } from '../stores/drafts'
import { findRow, noteRow } from '../stores/editors-rows'
import type { EntryKind } from '../stores/published-entries'
import { findEntryOf } from './entry-id'
import { notOutYet, statusOfEntry } from './entry-statuses'
import { makers } from './make-entry'
import { clockKey, statusText } from './publish-draft'
import { subjectOf, textHashOf, unlessSaved } from './publish-entry'
import { recheckedAs } from './refused-words'
import { writtenTime } from './written-time'

/** What was noted of a row that has problems and does not wait. */
const Refused = v.object({ refused: v.literal(true), hash: v.string(), status: v.nullable(v.string()) })

/** What is wrong with a status that only publishing may write into a row of `topics` or `polls`. Null if it is true. */
async function faultOf(
  transaction: Transaction | typeof db,
  kind: EntryKind,
  row: Document,
): Promise<string | null> {
  const status = statusOfEntry(row)
  if (status !== '已发布' && status !== '已撤回') return null
  const { before } = await findEntryOf(transaction, kind, row._id)
  const isOut = before?.state === 'published'
  const { name } = makers[kind]
  if (status === '已撤回')
    return isOut ? `状态：已撤回 由系统写上，读者还看得到这个${name}；要撤回，请写 待撤回` : null
  if (isOut) return null
  return before ? `状态：已发布 由系统写上，读者现在看不到这个${name}；要发布，请写 待发布` : notOutYet
}

/** The problem of a row's status, for the panel. */
export const faultOfEntry = (kind: EntryKind, row: Document): Promise<string | null> => faultOf(db, kind, row)

/**
 * Tells the editor of a row whose status is untrue. Where its editor changed it so that the row no longer waits, takes
 * back the problems and what was said of a publication to come.
 */
export async function settleEntry(kind: EntryKind, id: string, now: number): Promise<void> {
  const row = await findRow(kind, id)
  if (!row) return
  const status = statusOfEntry(row)
  if (status === '待发布' || status === '待撤回') return
  const { problems: others } = await makers[kind].make(row, now, true)
  await unlessSaved({ kind, row, key: clockKey, now }, async transaction => {
    const fault = await faultOf(transaction, kind, row)
    const at = `北京时间 ${writtenTime(now)}`
    const seen = status === '已发布' ? untruePublished : untrueWithdrawn
    const checked = {
      hash: textHashOf(kind, row),
      at: new Date(now),
      status: fault === null ? statusText(row.status) : seen,
      saved: savedMark(row),
      refused: false,
    }
    const before = v.safeParse(Refused, row.checked)
    if (fault === null && before.success && before.output.status === checked.status) {
      if (before.output.hash === checked.hash)
        return noteRow(transaction, kind, id, { checked: { saved: checked.saved } })
      const isMended = others.length === 0
      return noteRow(transaction, kind, id, {
        problems: others,
        result: recheckedAs(isMended, now),
        checked: { ...checked, refused: !isMended },
      })
    }
    if (fault === null) {
      const said =
        status === '已发布' ? '没有发布改动：要发布，就把状态设为 待发布' : `停止发布：状态是 ${status}`
      return noteRow(transaction, kind, id, { problems: [], result: `${at} ${said}`, checked })
    }
    const result = `${at} ${status === '已发布' ? '没有发布' : '没有撤回'}：请按“问题”修改`
    await noteRow(transaction, kind, id, { problems: [fault, ...others], result, checked })
    const entry = {
      at: new Date(now),
      key: clockKey,
      action: 'publish',
      subject: subjectOf(kind, id),
      result: 'refused',
    }
    await addAudit(entry, transaction)
  })
}
