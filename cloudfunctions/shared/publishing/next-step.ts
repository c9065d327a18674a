import type { Misstated } from '../stores/drafts'
import { isUnknownStatus, labels, readDraft, statusOfRow } from './read-draft'
import { readTime } from './read-time'
import { isPublic, type StoryTimes } from './story-times'

/** What the clock decides about a row of `drafts`, without the database. The local console shows it while one types. */

/** How many rows and stories one tick handles; the next tick continues. */
export const handledAtMost = 20

type Row = Readonly<Record<string, unknown>>

/** What a row's status asks of the clock. */
export function askedOf(row: Row): 'publish' | 'withdraw' | 'nothing' {
  const status = statusOfRow(row)
  if (status === '待撤回') return 'withdraw'
  return status === '待发布' || status === '已定时' ? 'publish' : 'nothing'
}

/** Whether a valid draft is scheduled for its time (ms), and not published at once. */
export const isForLater = (publishAt: number | null, now: number): publishAt is number =>
  publishAt !== null && publishAt > now

/** Whether a story that was stored for a time (ms) goes out then, although its row has got a problem. */
export const isStillDue = (row: Row, at: number, now: number): boolean =>
  askedOf(row) === 'publish' && readTime(row.publishAt, now) === at

/** The problems of a row whose status is unknown or untrue. */
export interface StatusTold {
  kind: Misstated
  problems: string[]
  reminders: string[]
}

const untrue = {
  unpublished: `${labels.status}：已发布 由系统填写，读者现在看不到这篇文章；要发布，请写 待发布`,
  unwithdrawn: `${labels.status}：已撤回 由系统填写，读者还看得到这篇文章；要撤回，请写 待撤回`,
} as const

/** What is wrong with a row's status. Null if nothing is. */
function kindOf(row: Row, isOut: boolean): Misstated | null {
  if (isUnknownStatus(row)) return 'unknown'
  const status = statusOfRow(row)
  if (status === '已发布' && !isOut) return 'unpublished'
  return status === '已撤回' && isOut ? 'unwithdrawn' : null
}

/**
 * The problems of a row whose status is unknown or untrue, with those of its fields. Null if its status is neither. The
 * clock writes them into the row, and the panel shows the same.
 */
export function problemsOfStatus(row: Row, story: StoryTimes | null, now: number): StatusTold | null {
  const kind = kindOf(row, isPublic(story, now))
  if (kind === null) return null
  const read = readDraft(row, now)
  const problems = [...(kind === 'unknown' ? [] : [untrue[kind]]), ...(read.ok ? [] : read.problems)]
  return { kind, problems, reminders: read.reminders }
}
