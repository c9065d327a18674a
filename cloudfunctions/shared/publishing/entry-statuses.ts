import { isEmpty, wordField } from './row-fields'
import { askable, spellingsOf } from './status-words'

/** The statuses of a topic or poll. They have no 待审 and no 已定时: their times are fields of their own. */
export const entryStatuses = ['草稿', '待发布', '已发布', '待撤回', '已撤回'] as const
export type EntryStatus = (typeof entryStatuses)[number]

const statusOf = spellingsOf(entryStatuses)

export const statusField = (label: string) => wordField(label, statusOf, askable(entryStatuses))

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

/** What a row asks of the clock. An unknown status asks for a problem. The query of the agenda finds the same rows. */
export function entryAsks(row: Readonly<Record<string, unknown>>): 'publish' | 'withdraw' | 'nothing' {
  const status = statusOfEntry(row)
  if (status === '待撤回') return 'withdraw'
  const spelled = typeof row.status === 'string' ? statusOf.get(row.status) : undefined
  if (isEmpty(row.status) || spelled === '草稿' || spelled === '已撤回') return 'nothing'
  return spelled === '已发布' && !isEmpty(row.version) ? 'nothing' : 'publish'
}

/** The problem of a row into which its editor wrote 已发布. */
export const notOutYet = '状态：已发布 由系统写上，这一行还没有发布；要发布，请写 待发布'
