import { createReadStream, readFileSync } from 'node:fs'
import path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import * as v from 'valibot'
import { namedAtMost, UnreadableFile } from '../../cloudfunctions/shared/transfer/limits'
import { plainValue } from '../../cloudfunctions/shared/transfer/plain-value'
import {
  emptyReport,
  type ImportReport,
  planImport,
  reportLines,
} from '../../cloudfunctions/shared/transfer/plan-import'
import type { Row } from '../../cloudfunctions/shared/transfer/read-rows'
import { TableModel } from '../../cloudfunctions/shared/transfer/table-model'
import { rowWriter } from '../../cloudfunctions/shared/transfer/write-rows'
import { CloudError } from '../cloud-error'
import type { Command } from '../control'
import type { Database, RowChange } from '../database/database'
import { parseObject, writeValue } from '../database/ejson'
import type { Storage } from '../storage'
import { savedMarks } from './saved-marks'
import { WaitingTexts } from './waiting-texts'

export interface LocalTransferOptions {
  database: Database
  storage: Storage
  /** Folder of the data models; null for none. */
  modelsFolder: string | null
  now: () => number
  /** How much text (characters) of an import is written at once. Other requests run between two parts. */
  partLength?: number
}

/** A file of this length is written all or none; a longer one in several parts, after all its rows were checked. */
const partLengthOf = 1_000_000

const limits = { bytes: 100 * 1024 * 1024, rows: 100_000 }

const collection = v.pipe(v.string(), v.regex(/^[A-Za-z][\w-]{0,63}$/))
const jobName = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/))
const Import = v.object({
  collection,
  /** A file of this machine, or of the cloud storage. */
  from: v.union([v.object({ path: v.string() }), v.object({ fileId: v.string() })]),
  mode: v.optional(v.picklist(['insert', 'upsert']), 'insert'),
  /** Without it, nothing is written, and the report says what the import would do. */
  write: v.optional(v.boolean(), false),
  /** Names the job for the command `import-progress`. */
  job: v.optional(jobName),
})
const Job = v.object({ job: jobName })
const Export = v.object({ collection, format: v.optional(v.picklist(['csv', 'jsonl']), 'csv') })

/** EJSON wrappers of types that JavaScript lacks. They occur in collections without a model. */
const wrappers: ReadonlySet<string> = new Set([
  ...['$binary', '$uuid', '$symbol', '$code', '$timestamp', '$numberDecimal', '$minKey', '$maxKey'],
  ...['$undefined', '$regularExpression', '$dbPointer'],
])
const noWrappers: ReadonlySet<string> = new Set()

export interface Imported {
  ok: boolean
  /** Whether a part of a long file was written, and the rest was not. */
  isPartial?: boolean
  report: ImportReport
  /** The report in Chinese. */
  lines: string[]
}

type WaitingChange = RowChange & { line: number }

/** Says which rows somebody else has added or deleted since the file was checked. */
const lostLines = (changes: readonly WaitingChange[], lost: readonly RowChange[]): string[] =>
  changes
    .filter(change => lost.includes(change))
    .slice(0, namedAtMost)
    .map(
      ({ line, kind, id }) =>
        `第 ${line} 行　${id} 刚刚被别人${kind === 'add' ? '加上' : '删去'}了，请再看一次预览`,
    )

type TransferCommand = 'import-file' | 'import-progress' | 'export-file'

/** Import and export as the console offers them, of files that are too large for a command's body. */
export function localTransfer(options: LocalTransferOptions): ReadonlyMap<TransferCommand, Command> {
  const { database, storage, modelsFolder, now, partLength = partLengthOf } = options
  /** How many lines the running imports have read, by job. */
  const running = new Map<string, number>()

  function modelOf(name: string): TableModel | null {
    if (modelsFolder === null) return null
    let text: string
    try {
      text = readFileSync(path.join(modelsFolder, `${name}.json`), 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
    return v.parse(TableModel, JSON.parse(text))
  }

  const plain = (text: string): Row => parseObject(text, now(), 'a row')

  async function find(collectionName: string, ids: readonly string[]): Promise<Map<string, Row>> {
    // A piece of the file may have thousands of rows: other requests run between their look-ups.
    await nextTurn()
    if (!database.collections().includes(collectionName)) return new Map()
    const query = JSON.stringify({ _id: { $in: ids } })
    const { response } = await database.handle('database.getDocument', {
      collectionName,
      query,
      limit: Math.max(1, ids.length),
    })
    const rows = (response.data as { list: string[] }).list.map(plain)
    return new Map(rows.map(row => [String(row._id), row]))
  }

  async function importFile(body: unknown): Promise<Imported> {
    const { collection: name, from, mode, write, job } = v.parse(Import, body)
    const file = 'path' in from ? from.path : storage.locate(storage.pathOf(from.fileId))
    const model = modelOf(name)
    const report = emptyReport()
    const nothing = (lines: string[]): Imported => ({
      ok: false,
      report,
      lines: ['没有导入任何内容', ...lines],
    })
    const savedAt = now()
    const waiting = new WaitingTexts(partLength)
    try {
      try {
        const steps = planImport(
          {
            open: () => createReadStream(file),
            limits,
            model,
            mode,
            now: now(),
            target: {
              find: ids => find(name, ids),
              plain(row) {
                plainValue(row, model ? noWrappers : wrappers)
                return plain(JSON.stringify(row))
              },
            },
            progress: line => job !== undefined && running.set(job, line),
          },
          report,
        )
        for await (const { kind, line, id, row, fields } of steps) {
          if (!write || kind === 'same' || report.refused > 0) continue
          const set = {
            ...Object.fromEntries(fields.map(field => [field, row[field]])),
            ...(model ? savedMarks(kind === 'add', savedAt) : {}),
          }
          waiting.add(writeValue({ line, kind, id, fields: set }))
        }
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES')
          throw new CloudError('INVALID_PARAM', `${file} cannot be read: ${code}`)
        if (!(error instanceof UnreadableFile)) throw error
        return nothing([error.message])
      }
      const told = reportLines(report)
      if (report.refused > 0)
        return { ok: false, report, lines: ['没有导入任何内容：改好下面这些行，再选一次文件', ...told] }
      if (!write) return { ok: true, report, lines: ['这是预览，还没有写入', ...told] }
      /** The last line that was written. */
      let written = 0
      for (const texts of waiting.parts()) {
        const changes = texts.map(text => plain(text) as unknown as WaitingChange)
        let why: string[]
        try {
          why = lostLines(changes, database.mergeRows(name, changes))
        } catch (error) {
          if (written === 0 || !(error instanceof CloudError)) throw error
          why = [`后面的没有写入：${error.message}`]
        }
        if (why.length > 0) {
          if (written === 0) return nothing(why)
          const kept = `只导入了一部分：到第 ${written} 行为止的已经写入，后面的没有`
          const lines = [kept, ...why, '以后用“新增或更新”再导入一次这个文件']
          return { ok: false, isPartial: true, report, lines }
        }
        written = changes.at(-1)?.line ?? written
        await nextTurn()
      }
      return { ok: true, report, lines: ['已写入', ...told] }
    } finally {
      waiting.close()
      if (job !== undefined) running.delete(job)
    }
  }

  function progressOf(body: unknown): { line: number | null } {
    return { line: running.get(v.parse(Job, body).job) ?? null }
  }

  function exportFile(body: unknown): { text: string } {
    const { collection: name, format } = v.parse(Export, body)
    const model = modelOf(name)
    if (format === 'csv' && !model) {
      throw new CloudError('INVALID_PARAM', '这个集合没有数据模型，只能导出 JSON Lines')
    }
    const writer = rowWriter(format, model, now())
    const lines = [...database.exportLines(name)].map(text => writer.line(plain(text)))
    return { text: writer.head + lines.join('') }
  }

  return new Map<TransferCommand, Command>([
    ['import-file', importFile],
    ['import-progress', progressOf],
    ['export-file', exportFile],
  ])
}
