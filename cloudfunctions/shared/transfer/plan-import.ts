import { isDeepStrictEqual } from 'node:util'
import { handledAtMost } from '../publishing/next-step'
import { statusOfRow } from '../publishing/read-draft'
import type { Status } from '../publishing/status-words'
import { isSameValue } from './cells'
import type { FileSource } from './decode-text'
import { type FileLimits, namedAtMost } from './limits'
import { plainValue } from './plain-value'
import { type Row, readRows } from './read-rows'
import { isWrittenByUs, type TableModel } from './table-model'

export type ImportMode = 'insert' | 'upsert'

/** The collection that an import changes. */
export interface ImportTarget {
  /** Finds existing rows by their ids, in the form that `plain` returns. */
  find(ids: readonly string[]): Promise<ReadonlyMap<string, Row>>
  /** Converts a row of a file to the form of existing rows. @throws Error with a Chinese message */
  plain?(row: Row): Row
}

/** What an import does with one row. `fields` are those that change. */
export interface Step {
  line: number
  kind: 'add' | 'change' | 'same'
  /** Null for a new row without an id: the cloud makes one. */
  id: string | null
  row: Row
  /** The row that exists; null for a new one. */
  before: Row | null
  fields: readonly string[]
}

/** What an import does or would do. */
export interface ImportReport {
  added: number
  changed: number
  same: number
  refused: number
  /** Number of rows from which fields were omitted because only programs write them. */
  reminded: number
  /** Number of added and changed rows that wait for the clock. */
  waiting: number
  /** The first rows of each kind, with their lines (from 1). */
  named: { line: number; kind: 'add' | 'change' | 'refuse' | 'remind'; text: string }[]
}

export interface ImportJob {
  open: FileSource
  limits: FileLimits
  model: TableModel | null
  mode: ImportMode
  target: ImportTarget
  now: number
  /** The line to begin with, because an earlier run has written the rows above it. */
  from?: number
  /** Called with the line of each row that was read. */
  progress?: (line: number) => void
}

/** Number of existing rows to read at once, because a row may have megabytes. */
const lookedUp = 20

/** Ids that can be typed in the panel and used in addresses. */
export const plainId = /^[\w-]{1,64}$/

/** Whether a value is one that forms write for an empty field, so that a new row can omit it. */
const isEmpty = (value: unknown): boolean =>
  value === '' || value === null || value === 0 || (Array.isArray(value) && value.length === 0)

/** Statuses that only publishing may set: an imported row with one of them would have no story. */
export const ourStatuses: ReadonlySet<Status> = new Set(['已定时', '已发布', '已撤回'])

/** The fields of a row that an editor may write, and the titles of omitted fields that would have changed something. */
function editorsPart(row: Row, existing: Row | undefined, model: TableModel): { kept: Row; left: string[] } {
  const left: string[] = []
  const kept = Object.entries(row).filter(([key, value]) => {
    const before = existing?.[key]
    const isStatus = key === 'status' && ourStatuses.has(statusOfRow(row))
    if (!isStatus && !isWrittenByUs(model, key)) return true
    const isSame =
      isDeepStrictEqual(value, before) || (isEmpty(value) && (before === undefined || isEmpty(before)))
    if (!isSame && key !== 'checked') left.push(model.properties[key]?.title ?? key)
    return isSame
  })
  return { kept: Object.fromEntries(kept), left }
}

function nameOf(id: string | null, row: Row): string {
  const title = row.title ?? row.question
  return `${id ?? '（新编号）'}${typeof title === 'string' && title !== '' ? `《${title.slice(0, 30)}》` : ''}`
}

/**
 * Reads a file and yields what an import does with each row; counts them in `report`. Writes nothing. An import changes
 * only the fields of an existing row that the file contains.
 * @throws UnreadableFile
 */
export async function* planImport(job: ImportJob, report: ImportReport): AsyncGenerator<Step> {
  const { model, mode, target, progress } = job
  const plain = target.plain ?? (row => plainValue(row) as Row)
  const titleOf = (field: string) => model?.properties[field]?.title ?? field
  const name = (kind: ImportReport['named'][number]['kind'], line: number, text: string): void => {
    if (report.named.filter(one => one.kind === kind).length < namedAtMost)
      report.named.push({ line, kind, text })
  }
  const refuse = (line: number, why: string): void => {
    report.refused += 1
    name('refuse', line, why)
  }
  /** Lines by id, to find ids that occur twice in the file. */
  const seen = new Map<string, number>()
  let batch: { line: number; id: string | null; row: Row }[] = []

  function stepOf({ line, id, row: given }: (typeof batch)[number], existing: Row | undefined): Step | null {
    if (existing && mode === 'insert') {
      refuse(line, `${id} 已经有了：要更新它，请选“新增或更新”（面板写 "mode":"upsert"）`)
      return null
    }
    const { kept: row, left } = model ? editorsPart(given, existing, model) : { kept: given, left: [] }
    if (left.length > 0) {
      report.reminded += 1
      name('remind', line, `${nameOf(id, { ...existing, ...row })}：${left.join('、')} 由系统写，没有导入`)
    }
    const count = (kind: 'added' | 'changed'): void => {
      report[kind] += 1
      if (model?.properties.status && statusOfRow({ ...existing, ...row }) === '待发布') report.waiting += 1
    }
    if (!existing) {
      const filled = Object.entries(row).filter(([, value]) => model === null || !isEmpty(value))
      count('added')
      name('add', line, nameOf(id, row))
      const added = Object.fromEntries(filled)
      return { line, kind: 'add', id, row: added, before: null, fields: Object.keys(added) }
    }
    const fields = Object.keys(row).filter(
      field =>
        field !== '_id' &&
        !isSameValue(row[field], existing[field], model?.properties[field], job.now) &&
        !(isEmpty(row[field]) && (existing[field] === undefined || isEmpty(existing[field]))),
    )
    if (fields.length === 0) {
      report.same += 1
      return { line, kind: 'same', id, row, before: existing, fields }
    }
    count('changed')
    name(
      'change',
      line,
      `${nameOf(id, { ...existing, ...row })}：${fields.map(field => `${titleOf(field)}${isEmpty(row[field]) ? '（清空）' : ''}`).join('、')}`,
    )
    return { line, kind: 'change', id, row, before: existing, fields }
  }

  async function* flush(): AsyncGenerator<Step> {
    const rows = batch
    batch = []
    const ids = rows.flatMap(({ id }) => (id === null ? [] : [id]))
    const found = ids.length > 0 ? await target.find(ids) : new Map<string, Row>()
    for (const one of rows) {
      const step = stepOf(one, one.id === null ? undefined : found.get(one.id))
      if (step) yield step
    }
  }

  for await (const entry of readRows(job.open, job.limits, { model, now: job.now })) {
    const { line } = entry
    progress?.(line)
    if (line < (job.from ?? 1)) continue
    if ('fault' in entry) {
      refuse(line, entry.fault)
      continue
    }
    let row: Row
    try {
      row = plain(entry.row)
    } catch (error) {
      refuse(line, error instanceof Error ? error.message : String(error))
      continue
    }
    const id = row._id === undefined ? null : String(row._id)
    // Rows are looked up by text ids. A number would create a second row, which cannot be published.
    if (id !== null && typeof row._id !== 'string') {
      refuse(line, '_id：要写成文字，JSON 里要加引号')
      continue
    }
    if (id !== null && (id === '' || (model && !plainId.test(id)))) {
      refuse(line, '_id：只能用字母、数字、下划线和短横，最多 64 个')
      continue
    }
    const before = id === null ? undefined : seen.get(id)
    if (before !== undefined) {
      refuse(line, `${id} 在第 ${before} 行已经有了`)
      continue
    }
    if (id !== null) seen.set(id, line)
    batch.push({ line, id, row })
    if (batch.length >= lookedUp) yield* flush()
  }
  yield* flush()
}

export const emptyReport = (): ImportReport => ({
  added: 0,
  changed: 0,
  same: 0,
  refused: 0,
  reminded: 0,
  waiting: 0,
  named: [],
})

const words = { add: '新增', change: '更新', refuse: '不能导入', remind: '提醒' } as const

/** A report as Chinese lines. One refused row keeps all rows from being written, so only what must be mended is named. */
export function reportLines(report: ImportReport): string[] {
  const { added, changed, same, refused, reminded, waiting, named } = report
  const rest = { add: added, change: changed, refuse: refused, remind: reminded }
  const kinds = refused > 0 ? (['refuse'] as const) : (['remind', 'change', 'add'] as const)
  const shown = kinds.flatMap(kind => {
    const lines = named.filter(one => one.kind === kind)
    const more = rest[kind] - lines.length
    return [
      ...lines.map(({ line, text }) => `第 ${line} 行　${words[kind]}　${text}`),
      ...(more > 0 ? [`……还有 ${more} 行${words[kind]}`] : []),
    ]
  })
  if (refused > 0) return [`要改的有 ${refused} 行，没有问题的有 ${added + changed + same} 行`, ...shown]
  const ticks = Math.ceil(waiting / handledAtMost)
  const wait = `状态是 待发布 的有 ${waiting} 行：系统两分钟处理 ${handledAtMost} 行，都处理完约要 ${2 * ticks} 分钟`
  return [
    `新增 ${added} 行，更新 ${changed} 行，没有变化 ${same} 行，不能导入 0 行`,
    ...(ticks > 1 ? [wait] : []),
    ...shown,
  ]
}
