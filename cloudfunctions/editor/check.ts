import type { Document } from '../shared/cloud'
import { readDraft, statusOfRow } from '../shared/publishing/read-draft'
import { makeContent } from '../shared/publishing/story-content'
import { findDraft, listAllDrafts } from '../shared/stores/drafts'
import type { Answer } from './answer'

/** How many rows one check reads. */
const rowsAtMost = 200

async function faultsOf(row: Document, now: number): Promise<{ problems: string[]; reminders: string[] }> {
  const read = readDraft(row, now)
  if (!read.ok) return read
  const made = await makeContent(read.draft)
  return { problems: made.ok ? [] : made.problems, reminders: [...read.reminders, ...made.reminders] }
}

const nameOf = (row: Document): string =>
  `${typeof row.title === 'string' && row.title ? `《${row.title.slice(0, 40)}》` : '（无标题）'}${row._id}`

/** Checks one row, or all, and changes nothing. */
export async function check(draft: string | undefined, now: number): Promise<Answer> {
  const found = draft === undefined ? await listAllDrafts(rowsAtMost) : [await findDraft(draft)]
  const rows = found.flatMap(row => row ?? [])
  if (draft !== undefined && rows.length === 0) return { ok: false, lines: [`没有这篇稿件：${draft}`] }
  const lines: string[] = []
  let wrong = 0
  for (const row of rows) {
    const { problems, reminders } = await faultsOf(row, now)
    if (problems.length > 0) wrong += 1
    if (problems.length === 0 && reminders.length === 0) continue
    lines.push(`${nameOf(row)}（${statusOfRow(row)}）`)
    lines.push(...problems.map(problem => `  问题　${problem}`))
    lines.push(...reminders.map(reminder => `  提醒　${reminder}`))
  }
  const summary = `查了 ${rows.length} 篇稿件，${wrong === 0 ? '没有问题' : `${wrong} 篇有问题`}`
  const cut = rows.length === rowsAtMost ? [`只查了前 ${rowsAtMost} 篇；其余请写上 draft 单独检查`] : []
  return { ok: wrong === 0, lines: [summary, ...lines, ...cut] }
}
