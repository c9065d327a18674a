import { type Document, db } from '../shared/cloud'
import { checkPlace } from '../shared/publishing/check-place'
import { makers } from '../shared/publishing/make-entry'
import { problemsOfStatus, type StatusTold } from '../shared/publishing/next-step'
import { isOfPlace } from '../shared/publishing/place-story'
import { checkedOf, copiesOf } from '../shared/publishing/publish-draft'
import { isUnknownStatus, readDraft, statusOfRow, textHash } from '../shared/publishing/read-draft'
import { faultOfEntry } from '../shared/publishing/settle-entry'
import { makeContent } from '../shared/publishing/story-content'
import { findStoryOf } from '../shared/publishing/story-id'
import { readAgain } from '../shared/retry'
import { type EditorsCollection, findRow, listRowsAfter } from '../shared/stores/editors-rows'
import type { Answer } from './answer'

/** Number of rows in one read. A row may have megabytes, and the SDK's timeout for a read is 1.5 s. */
const rowsAtOnce = 5
/** A check of all rows starts no further row after this time (ms); the function's time limit is 20 s. */
const budget = 8_000
/** It also stops after this number of characters in its reply: a function's reply has at most 1 MB. */
const answerAtMost = 50_000

/** What is wrong with a row's status. Reads its story where the clock would: where status and link do not agree. */
async function faultsOfStatus(row: Document, now: number): Promise<StatusTold | null> {
  const isLinked = typeof row.link === 'string' && row.link !== ''
  const status = statusOfRow(row)
  const isDoubtful = (status === '已发布' && !isLinked) || (status === '已撤回' && isLinked)
  if (!isDoubtful) return isUnknownStatus(row) ? problemsOfStatus(row, null, now) : null
  return problemsOfStatus(row, (await readAgain(() => findStoryOf(db, row._id))).before, now)
}

/** Whether a row has not changed since its story was published. */
function isAsPublished(row: Document): boolean {
  const checked = checkedOf(row)
  return statusOfRow(row) === '已发布' && checked !== null && checked.hash === textHash(row)
}

/** What the row says about its place. Publishing it once more would take the place back from the story that has it now. */
const placeRemindersOf = ({ reminders }: Document): string[] =>
  (Array.isArray(reminders) ? reminders : []).filter(one => typeof one === 'string').filter(isOfPlace)

async function faultsOf(
  collection: EditorsCollection,
  row: Document,
  now: number,
): Promise<{ problems: string[]; reminders: string[] }> {
  if (collection !== 'drafts') {
    const [made, fault] = await Promise.all([
      makers[collection].make(row, now, true),
      readAgain(() => faultOfEntry(collection, row)),
    ])
    return { ...made, problems: [...(fault === null ? [] : [fault]), ...made.problems] }
  }
  const read = readDraft(row, now)
  const told = await faultsOfStatus(row, now)
  if (told) return told
  if (!read.ok) return read
  const [made, ofPlace] = await Promise.all([
    makeContent(read.draft, { isTrial: true, own: row._id, copies: copiesOf(row) }),
    isAsPublished(row) ? placeRemindersOf(row) : checkPlace(read.draft, row._id, now),
  ])
  return {
    problems: made.ok ? [] : made.problems,
    reminders: [...read.reminders, ...made.reminders, ...ofPlace],
  }
}

/** How rows of each collection are counted. */
const counted: Readonly<Record<EditorsCollection, string>> = {
  drafts: '篇稿件',
  topics: '个专题',
  polls: '个云投',
}

function nameOf(row: Document): string {
  const title = row.title ?? row.question
  return `${typeof title === 'string' && title ? `《${title.slice(0, 40)}》` : '（无标题）'}${row._id}`
}

/** Yields the rows to check: the given one, or all rows after an id. */
async function* rowsOf(
  collection: EditorsCollection,
  draft: string | undefined,
  after: string,
): AsyncGenerator<Document> {
  if (draft !== undefined) {
    const row = await findRow(collection, draft)
    if (row) yield row
    return
  }
  for (let from = after; ; ) {
    const rows = await readAgain(() => listRowsAfter(collection, from, rowsAtOnce))
    yield* rows
    const last = rows.at(-1)
    if (!last) return
    from = last._id
  }
}

/** Checks one row, or all rows after an id until a limit is reached. Writes nothing. */
export async function check(
  collection: EditorsCollection,
  draft: string | undefined,
  after: string,
  now: number,
): Promise<Answer> {
  const lines: string[] = []
  let checked = 0
  let wrong = 0
  let rest: string[] = []
  let length = 0
  for await (const row of rowsOf(collection, draft, after)) {
    const { problems, reminders } = await faultsOf(collection, row, now)
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
  if (draft !== undefined && checked === 0)
    return { ok: false, lines: [`没有这${counted[collection]}：${draft}`] }
  const summary = `查了 ${checked} ${counted[collection]}，${wrong === 0 ? '没有问题' : `${wrong} ${counted[collection].slice(0, 1)}有问题`}`
  return { ok: wrong === 0, lines: [summary, ...lines, ...rest] }
}
