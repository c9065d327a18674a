import { isDeepStrictEqual } from 'node:util'
import { type Status, statusOfRow } from '../publishing/read-draft'
import type { FileSource } from './decode-text'
import { type FileLimits, namedAtMost } from './limits'
import { plainValue } from './plain-value'
import { type Row, readRows } from './read-rows'
import { isWrittenByUs, type TableModel } from './table-model'

export type ImportMode = 'insert' | 'upsert'

/** Where rows go. */
export interface ImportTarget {
  /** The rows that exist, by their ids, in the form that `plain` gives. */
  find(ids: readonly string[]): Promise<ReadonlyMap<string, Row>>
  /** A row of a file in the form of the rows that exist. @throws Error that says in Chinese what is wrong */
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
  /** Rows of which a part is left out, because programs alone write it. */
  reminded: number
  /** What is named: the first of each kind. Lines count from 1. */
  named: { line: number; kind: 'add' | 'change' | 'refuse' | 'remind'; text: string }[]
}

export interface ImportJob {
  open: FileSource
  limits: FileLimits
  model: TableModel | null
  mode: ImportMode
  target: ImportTarget
  now: number
  /** The line to begin with: a run before has written what stands above it. */
  from?: number
  /** Told as lines are read. */
  progress?: (line: number) => void
}

/** How many rows are looked up at once: a row may hold megabytes. */
const lookedUp = 20

/** Ids that the panel and addresses can name. */
export const plainId = /^[\w-]{1,64}$/

/** A value that makes no difference in a new row: what a form writes for an empty field. */
const isEmpty = (value: unknown): boolean =>
  value === '' || value === null || value === 0 || (Array.isArray(value) && value.length === 0)

/** What publishing alone sets: a row that only says so has no story. */
const ourStatuses: ReadonlySet<Status> = new Set(['已定时', '已发布', '已撤回'])

/** The part of a row that an editor may write, and the titles of what is left out because it would change something. */
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
 * Reads a file and says what an import of it does, row by row; `report` counts. Changes nothing. A row that exists is
 * changed in the fields that the file has, and keeps the others.
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
  /** Line by id, to find ids that a file has twice. */
  const seen = new Map<string, number>()
  let batch: { line: number; id: string | null; row: Row }[] = []

  function stepOf({ line, id, row: given }: (typeof batch)[number], existing: Row | undefined): Step | null {
    if (existing && mode === 'insert') {
      refuse(line, `${id} 已经有了：要更新它，请选“新增或更新”`)
      return null
    }
    const { kept: row, left } = model ? editorsPart(given, existing, model) : { kept: given, left: [] }
    if (left.length > 0) {
      report.reminded += 1
      name('remind', line, `${nameOf(id, { ...existing, ...row })}：${left.join('、')} 由系统写，没有导入`)
    }
    if (!existing) {
      const filled = Object.entries(row).filter(([, value]) => model === null || !isEmpty(value))
      report.added += 1
      name('add', line, nameOf(id, row))
      const added = Object.fromEntries(filled)
      return { line, kind: 'add', id, row: added, before: null, fields: Object.keys(added) }
    }
    const fields = Object.keys(row).filter(
      field =>
        field !== '_id' &&
        !isDeepStrictEqual(row[field], existing[field]) &&
        !(isEmpty(row[field]) && (existing[field] === undefined || isEmpty(existing[field]))),
    )
    if (fields.length === 0) {
      report.same += 1
      return { line, kind: 'same', id, row, before: existing, fields }
    }
    report.changed += 1
    name('change', line, `${nameOf(id, { ...existing, ...row })}：${fields.map(titleOf).join('、')}`)
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
    // A row is found by its id as text: a number would make a second row, which nothing publishes.
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
  named: [],
})

const words = { add: '新增', change: '更新', refuse: '不能导入', remind: '提醒' } as const

/** A report in Chinese lines, what is refused first. */
export function reportLines({ added, changed, same, refused, reminded, named }: ImportReport): string[] {
  const rest = { add: added, change: changed, refuse: refused, remind: reminded }
  const shown = (['refuse', 'remind', 'change', 'add'] as const).flatMap(kind => {
    const lines = named.filter(one => one.kind === kind)
    const more = rest[kind] - lines.length
    return [
      ...lines.map(({ line, text }) => `第 ${line} 行　${words[kind]}　${text}`),
      ...(more > 0 ? [`……还有 ${more} 行${words[kind]}`] : []),
    ]
  })
  return [`新增 ${added} 行，更新 ${changed} 行，没有变化 ${same} 行，不能导入 ${refused} 行`, ...shown]
}
