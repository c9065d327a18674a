import { parse } from 'csv-parse'
import { readCell } from './cells'
import { decodeText, type FileSource } from './decode-text'
import { type FileLimits, rowLength, UnreadableFile } from './limits'
import { orderedFields, type TableField, type TableModel } from './table-model'

export type Row = Record<string, unknown>

/** One row of a file (extended JSON) or its error, with the line where it begins (from 1). */
export type Entry = { line: number; row: Row } | { line: number; fault: string }

interface Reading {
  model: TableModel | null
  now: number
}

/** Fields in which the platform writes who created a row. Neither import nor export uses them. */
export const personal: ReadonlySet<string> = new Set(['_openid'])

const textField: TableField = { type: 'string' }
const plainName = /^[A-Za-z_][\w-]{0,63}$/
const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Field names by the accepted headings: the name itself and its Chinese title. */
function headingsOf(model: TableModel | null): Map<string, string> {
  const fields = model ? orderedFields(model) : []
  return new Map([
    ['编号', '_id'],
    ...fields.map(([key, { title = key }]) => [title, key] as const),
    ...fields.map(([key]) => [key, key] as const),
    ['_id', '_id'],
  ])
}

/** Removes spaces and the marks of required fields from a heading. */
const tidied = (heading: string): string =>
  heading
    .normalize('NFKC')
    .replace(/\(必填\)|\*/g, '')
    .trim()

function columnsOf(header: readonly string[], { model }: Reading): string[] {
  const known = headingsOf(model)
  const columns = header.map(heading => {
    const name = tidied(heading)
    const key = known.get(heading.trim()) ?? known.get(name)
    if (key !== undefined) return key
    if (plainName.test(name) && !forbidden.has(name)) return name
    throw new UnreadableFile(
      name === ''
        ? '第 1 行：有一栏没有标题，请写上或删去'
        : `第 1 行：不认识“${name.slice(0, 40)}”这一栏，请改成表里的名字或删去`,
    )
  })
  const repeated = columns.find((column, index) => columns.indexOf(column) !== index)
  if (repeated !== undefined) throw new UnreadableFile(`第 1 行：“${repeated}”这一栏有两个，请删去一个`)
  return columns
}

/** The delimiter of a CSV file: usually a comma; tabs in Excel's Unicode text. */
const delimiterOf = (header: string): string => {
  const count = (mark: string) => header.split(mark).length - 1
  return count('\t') > count(',') ? '\t' : count(';') > count(',') ? ';' : ','
}

const tooLong = '这一行太长'
/** Maximum bytes of a row for the parser, which stops there. A row over our own lower limit is only refused. */
const recordBytes = 4 * rowLength

const csvFaults: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: '引号没有写完，从这里到文件末尾都看不懂',
  CSV_MAX_RECORD_SIZE: `${tooLong}，从这里到文件末尾都没有读`,
}

const countIn = (record: readonly string[], mark: RegExp): number =>
  record.reduce((sum, cell) => sum + cell.split(mark).length - 1, 0)
const lineBreaksIn = (record: readonly string[]): number => countIn(record, /\r\n|\r|\n/)
/** The parser counts CRLF inside a cell as two lines. */
const countedTwiceIn = (record: readonly string[]): number => countIn(record, /\r\n/)

async function* readCsv(first: string, rest: AsyncIterator<string>, reading: Reading): AsyncGenerator<Entry> {
  const { model, now } = reading
  const faults: Entry[] = []
  /** The last line of the last parsed record. The parser works ahead of the loop that reads its records. */
  let parsedTo = 0
  /** By how many lines its count is ahead of the file: at the parsed record, and at the record that the loop reads. */
  let aheadParsed = 0
  let ahead = 0
  /** After a record over `recordBytes`, the parser no longer knows where the next record begins. */
  let lost = false
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(first.split('\n', 1)[0] ?? ''),
    info: true,
    relax_column_count: true,
    // A quotation mark inside a cell is an ordinary character, as in spreadsheets.
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: recordBytes,
    // Without this option, an error drops earlier records that have not been read yet.
    skip_records_with_error: true,
    on_record: (item, { lines }) => {
      // With `info`, it is the same item that the loop reads.
      aheadParsed += countedTwiceIn((item as unknown as { record: string[] }).record)
      parsedTo = lines - aheadParsed
      return lost ? null : item
    },
    on_skip: error => {
      if (lost) return undefined
      lost = error?.code === 'CSV_MAX_RECORD_SIZE'
      faults.push({ line: parsedTo + 1, fault: csvFaults[error?.code ?? ''] ?? '这一行看不懂' })
      return undefined
    },
  })
  async function feed(): Promise<void> {
    const write = (text: string) =>
      parser.write(text) ? null : new Promise<void>(done => parser.once('drain', () => done()))
    await write(first)
    for (let piece = await rest.next(); !piece.done && !lost; piece = await rest.next())
      await write(piece.value)
    parser.end()
  }
  // If reading the file fails, the loop that reads the parser gets the error.
  void feed().catch((error: Error) => parser.destroy(error))
  let columns: string[] | null = null
  try {
    for await (const item of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const { record, info } = item
      ahead += countedTwiceIn(record)
      if (columns === null) columns = columnsOf(record, reading)
      else if (record.some(cell => cell.trim() !== ''))
        yield rowOf(record, columns, info.lines - ahead - lineBreaksIn(record), model, now)
    }
  } finally {
    parser.destroy()
  }
  yield* faults
}

function rowOf(
  record: readonly string[],
  columns: readonly string[],
  line: number,
  model: TableModel | null,
  now: number,
): Entry {
  if (record.length !== columns.length) {
    return { line, fault: `有 ${record.length} 格，标题有 ${columns.length} 格：请检查逗号和引号` }
  }
  if (record.reduce((sum, cell) => sum + cell.length, 0) > rowLength) return { line, fault: tooLong }
  const row: Row = {}
  for (const [index, key] of columns.entries()) {
    if (personal.has(key)) continue
    const cell = record[index] ?? ''
    const field = model?.properties[key] ?? textField
    if (key === '_id' && cell.trim() === '') continue
    try {
      row[key] = key === '_id' ? cell.trim() : readCell(cell, field, now)
    } catch (error) {
      return { line, fault: `${field.title ?? key}：${(error as Error).message}` }
    }
  }
  return { line, row }
}

/** Splits a text that arrives in pieces into lines. Yields null for a line that is too long. */
async function* linesOf(first: string, rest: AsyncIterator<string>): AsyncGenerator<string | null> {
  let open = first
  for (;;) {
    const lines = open.split('\n')
    open = lines.pop() ?? ''
    yield* lines.map(line => (line.length > rowLength ? null : line))
    let isLong = false
    // Not `open += piece` without end: a file of one line must not fill the memory.
    while (open.length > rowLength) {
      isLong = true
      open = ''
      const piece = await rest.next()
      if (piece.done) break
      const end = piece.value.indexOf('\n')
      open = end < 0 ? 'x'.repeat(rowLength + 1) : piece.value.slice(end + 1)
    }
    if (isLong) yield null
    const piece = await rest.next()
    if (piece.done) break
    open += piece.value
  }
  yield open
}

async function* readJsonLines(
  first: string,
  rest: AsyncIterator<string>,
  { model }: Reading,
): AsyncGenerator<Entry> {
  const known = headingsOf(model)
  let line = 0
  for await (const text of linesOf(first, rest)) {
    line += 1
    if (text === null) yield { line, fault: tooLong }
    else if (text.trim() !== '') yield parsedLine(text, line, known)
  }
}

function parsedLine(text: string, line: number, known: ReadonlyMap<string, string>): Entry {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { line, fault: '这一行不是完整的 JSON：一行写一个 { … }' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { line, fault: '这一行不是 JSON 对象：一行写一个 { … }' }
  }
  const row: Row = {}
  for (const [written, inner] of Object.entries(value)) {
    const key = known.get(written) ?? written
    if (forbidden.has(key)) return { line, fault: `不能用这个名字：${key}` }
    if (personal.has(key)) continue
    if (Object.hasOwn(row, key)) return { line, fault: `“${key}”写了两次` }
    row[key] = inner
  }
  return { line, row }
}

/**
 * Reads the rows of a file: CSV, or JSON with one object a line. It tells them apart by their first character. Headings
 * and field names may be the Chinese titles of the model.
 * @throws UnreadableFile for what concerns the whole file: its encoding, its size, its headings
 */
export async function* readRows(
  open: FileSource,
  limits: FileLimits,
  reading: Reading,
): AsyncGenerator<Entry> {
  const pieces = decodeText(open, limits)
  let first = ''
  // The whole first line: it tells the format.
  while (!first.trimStart().includes('\n') && first.length < rowLength) {
    const piece = await pieces.next()
    if (piece.done) break
    first += piece.value
  }
  if (first.trim() === '') throw new UnreadableFile('文件是空的')
  first = first.replace(/^\uFEFF/, '')
  const start = first.trimStart()[0]
  if (start === '[') {
    throw new UnreadableFile('文件是一个 JSON 数组：请去掉最外面的 [ ] 和行尾的逗号，一行写一个 { … }')
  }
  const entries = start === '{' ? readJsonLines(first, pieces, reading) : readCsv(first, pieces, reading)
  let rows = 0
  try {
    for await (const entry of entries) {
      rows += 1
      if (rows > limits.rows) {
        throw new UnreadableFile(`行数太多，一次最多 ${limits.rows} 行，请分成几个文件`)
      }
      yield entry
    }
  } finally {
    await pieces.return(undefined)
  }
}
