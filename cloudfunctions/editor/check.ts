import type { Document } from '../shared/cloud'
import { readDraft, statusOfRow } from '../shared/publishing/read-draft'
import { makeContent } from '../shared/publishing/story-content'
import { readAgain } from '../shared/retry'
import { findDraft } from '../shared/stores/drafts'
import { listRowsAfter } from '../shared/stores/editors-rows'
import type { Answer } from './answer'

/** Number of rows in one read. A row may have megabytes, and the SDK's timeout for a read is 1.5 s. */
const rowsAtOnce = 5
/** A check of all rows starts no further row after this time (ms); the function's time limit is 20 s. */
const budget = 8_000
/** It also stops after this number of characters in its reply: a function's reply has at most 1 MB. */
const answerAtMost = 50_000

async function faultsOf(row: Document, now: number): Promise<{ problems: string[]; reminders: string[] }> {
  const read = readDraft(row, now)
  if (!read.ok) return read
  const made = await makeContent(read.draft, { isTrial: true })
  return { problems: made.ok ? [] : made.problems, reminders: [...read.reminders, ...made.reminders] }
}

const nameOf = (row: Document): string =>
  `${typeof row.title === 'string' && row.title ? `《${row.title.slice(0, 40)}》` : '（无标题）'}${row._id}`

/** Yields the rows to check: the given one, or all rows after an id. */
async function* rowsOf(draft: string | undefined, after: string): AsyncGenerator<Document> {
  if (draft !== undefined) {
    const row = await findDraft(draft)
    if (row) yield row
    return
  }
  for (let from = after; ; ) {
    const rows = await readAgain(() => listRowsAfter('drafts', from, rowsAtOnce))
    yield* rows
    const last = rows.at(-1)
    if (!last) return
    from = last._id
  }
}

/** Checks one row, or all rows after an id until a limit is reached. Writes nothing. */
export async function check(draft: string | undefined, after: string, now: number): Promise<Answer> {
  const lines: string[] = []
  let checked = 0
  let wrong = 0
  let rest: string[] = []
  let length = 0
  for await (const row of rowsOf(draft, after)) {
    const { problems, reminders } = await faultsOf(row, now)
    checked += 1
    if (problems.length > 0) wrong += 1
    const told = [
      ...problems.map(problem => `  问题　${problem}`),
      ...reminders.map(reminder => `  提醒　${reminder}`),
    ]
    if (told.length > 0) told.unshift(`${nameOf(row)}（${statusOfRow(row)}）`)
    lines.push(...told)
    length += told.join('').length
    if (draft === undefined && (Date.now() - now > budget || length > answerAtMost)) {
      rest = [`查到 ${row._id} 为止；接着查，请再运行一次 check，并写上 "after": "${row._id}"`]
      break
    }
  }
  if (draft !== undefined && checked === 0) return { ok: false, lines: [`没有这篇稿件：${draft}`] }
  const summary = `查了 ${checked} 篇稿件，${wrong === 0 ? '没有问题' : `${wrong} 篇有问题`}`
  return { ok: wrong === 0, lines: [summary, ...lines, ...rest] }
}
