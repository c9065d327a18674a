import { wordField } from './row-fields'
import { spellingsOf } from './status-words'

/** The statuses of a topic or poll. They have no 待审 and no 已定时: their times are fields of their own. */
export const entryStatuses = ['草稿', '待发布', '已发布', '待撤回', '已撤回'] as const
export type EntryStatus = (typeof entryStatuses)[number]

const statusOf = spellingsOf(entryStatuses)

export const statusField = (label: string) => wordField(label, statusOf, entryStatuses, '草稿')

/** A problem where the status has spaces around it: the clock's query finds a status only as it is spelled. */
export const spelledStatus = (label: string, written: unknown): string[] =>
  typeof written === 'string' && written !== '' && statusOf.has(written.trim()) && !statusOf.has(written)
    ? [`${label}：前后有空格或看不见的字符，请删去重写`]
    : []

/** All accepted spellings of a status. */
export const waysToWriteEntry = (status: EntryStatus): string[] =>
  [...statusOf].flatMap(([written, meant]) => (meant === status ? [written] : []))

/** The status of a row, even if its other fields are invalid. */
export const statusOfEntry = (row: Readonly<Record<string, unknown>>): EntryStatus =>
  (typeof row.status === 'string' && statusOf.get(row.status.trim())) || '草稿'
