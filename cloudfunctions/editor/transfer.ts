import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import draftsModel from '../rules/models/drafts.json'
import pollsModel from '../rules/models/polls.json'
import topicsModel from '../rules/models/topics.json'
import { deleteFiles, fileAddresses, storeFile } from '../shared/cloud'
import { isDuplicate } from '../shared/failures'
import { errorDetail, log } from '../shared/log'
import { readAgain } from '../shared/retry'
import {
  addRow,
  type EditorsCollection,
  findRows,
  listRowsAfter,
  setFields,
} from '../shared/stores/editors-rows'
import { noteExport } from '../shared/stores/settings'
import type { FileSource } from '../shared/transfer/decode-text'
import { deleteExports, exportLife } from '../shared/transfer/delete-exports'
import { UnreadableFile } from '../shared/transfer/limits'
import {
  emptyReport,
  type ImportJob,
  type ImportMode,
  planImport,
  reportLines,
  type Step,
} from '../shared/transfer/plan-import'
import { TableModel } from '../shared/transfer/table-model'
import { type FileFormat, rowWriter } from '../shared/transfer/write-rows'
import type { Answer } from './answer'

const models: Readonly<Record<EditorsCollection, TableModel>> = {
  drafts: v.parse(TableModel, draftsModel),
  topics: v.parse(TableModel, topicsModel),
  polls: v.parse(TableModel, pollsModel),
}

/** A function has 256 MB and 20 s. Editors must split larger files or use the console's own import. */
const limits = { bytes: 20 * 1024 * 1024, rows: 5_000 }
/** After this time (ms) a run stops between two rows and tells the editor how to continue. */
const budget = 12_000
/** How many rows are written at once. */
const lanes = 10
const rowsAtOnce = 20

/** Opens a stored file, which can then be read several times. Null if it does not exist. */
async function openFile(fileId: string): Promise<FileSource | null> {
  const address = (await readAgain(() => fileAddresses([fileId]))).get(fileId)
  if (address === undefined) return null
  return async function* () {
    const response = await fetch(address, { signal: AbortSignal.timeout(budget) })
    if (!response.ok || !response.body) throw new UnreadableFile('云存储里的这个文件读不出来')
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) yield chunk
  }
}

export interface ImportEvent {
  collection: EditorsCollection
  file: string
  mode: ImportMode
  write: boolean
  from: number
}

/** Writes one row. Returns a message, and writes nothing, if somebody has added or deleted the row in the meantime. */
async function writeStep(collection: EditorsCollection, step: Step): Promise<string | null> {
  const { _id, ...rest } = step.row
  if (step.kind === 'change') {
    const fields = Object.fromEntries(step.fields.map(field => [field, rest[field]]))
    if (await setFields(collection, String(step.id), fields)) return null
    return `第 ${step.line} 行　没有写：${step.id} 刚刚被别人删去了`
  }
  try {
    await addRow(collection, step.id === null ? rest : { _id: step.id, ...rest })
    return null
  } catch (error) {
    if (!isDuplicate(error)) throw error
    return `第 ${step.line} 行　没有写：${step.id} 刚刚被别人加上了`
  }
}

/**
 * Imports a stored file into a collection. Without `write` it only reports what it would do. With `write` it writes
 * nothing if a row is refused. When time is up, it stops and names the line at which to continue.
 */
export async function importRows(event: ImportEvent, now: number): Promise<Answer> {
  const { collection, file, mode, write, from } = event
  const open = await openFile(file)
  if (!open) return { ok: false, lines: ['file：云存储里没有这个文件，请复制它的 cloud:// 编号'] }
  const job: ImportJob = {
    open,
    limits,
    model: models[collection],
    mode,
    now,
    from,
    target: {
      find: async ids =>
        new Map((await readAgain(() => findRows(collection, ids))).map(row => [row._id, row])),
    },
  }
  const report = emptyReport()
  const steps: Step[] = []
  try {
    for await (const step of planImport(job, report)) {
      if (write && step.kind !== 'same') steps.push(step)
      if (Date.now() - now > budget) {
        const next = write
          ? '没有导入任何内容：文件太大，在这里查不完，请分成几个文件'
          : `接着查，请再运行一次，并写上 "from": ${step.line + 1}`
        return { ok: false, lines: [`时间到了，查到第 ${step.line} 行。${next}`, ...reportLines(report)] }
      }
    }
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    return { ok: false, lines: ['没有导入任何内容', error.message] }
  }
  const lines = reportLines(report)
  if (report.refused > 0)
    return { ok: false, lines: ['没有导入任何内容：改好下面这些行，再导入一次', ...lines] }
  if (!write) return { ok: true, lines: ['这是预览，还没有写入；确认后请加上 "write": true', ...lines] }
  const told: string[] = []
  let written = 0
  while (steps.length > 0 && Date.now() - now <= budget + 4_000) {
    const batch = steps.splice(0, lanes)
    const done = await Promise.all(batch.map(step => writeStep(collection, step)))
    told.push(...done.filter(one => one !== null))
    written += done.filter(one => one === null).length
  }
  const [next] = steps
  const rest = next
    ? [`时间到了，写到第 ${next.line} 行之前；接着写，请再运行一次，并写上 "from": ${next.line}`]
    : []
  const left = next ? [] : ['文件还在云存储里，知道地址的人都读得到：请删去它']
  return {
    ok: told.length === 0 && !next,
    lines: [`写入了 ${written} 行`, ...rest, ...told, ...lines, ...left],
  }
}

/** Deletes the files of earlier exports. Only logs a failure, because the present export has succeeded. */
async function tidyExports(now: number): Promise<void> {
  try {
    await deleteExports(now)
  } catch (error) {
    log('warn', 'exports-not-deleted', errorDetail(error))
  }
}

/**
 * Exports a collection to a file in cloud storage. Anybody with the address of a stored file can read it. So the file's
 * name cannot be guessed, its address expires if the storage signs addresses, and it is deleted after `exportLife`.
 */
export async function exportRows(
  collection: EditorsCollection,
  format: FileFormat,
  now: number,
): Promise<Answer> {
  const writer = rowWriter(format, models[collection], now)
  const parts = [Buffer.from(writer.head)]
  let size = 0
  let count = 0
  for (let after = ''; ; ) {
    const rows = await readAgain(() => listRowsAfter(collection, after, rowsAtOnce))
    for (const row of rows) {
      const part = Buffer.from(writer.line(row))
      size += part.length
      count += 1
      parts.push(part)
    }
    if (size > limits.bytes || Date.now() - now > budget) {
      return { ok: false, lines: ['内容太多，在这里导不完：请用控制台自己的导出'] }
    }
    const last = rows.at(-1)
    if (!last) break
    after = last._id
  }
  const day = new Date(now).toISOString().slice(0, 10)
  const fileId = await storeFile(
    `exports/${day}/${randomUUID()}/${collection}.${format}`,
    Buffer.concat(parts),
  )
  try {
    await noteExport(fileId, new Date(now))
  } catch (error) {
    // Without a note, the file would never be deleted.
    await deleteFiles([fileId])
    throw error
  }
  const address = (await fileAddresses([fileId], exportLife / 1000)).get(fileId) ?? ''
  await tidyExports(now)
  const minutes = exportLife / 60_000
  return {
    ok: true,
    lines: [
      `导出了 ${count} 行`,
      fileId,
      address,
      `请在 ${minutes} 分钟之内下载，不要把地址发给别人；过了 ${minutes} 分钟，系统会删去这个文件`,
    ],
  }
}
