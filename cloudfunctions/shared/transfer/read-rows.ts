import { parse } from 'csv-parse'
import { plainCell, readCell } from './cells'
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

/** Fields that the platform and the clock write into the rows of a model. An export has them. */
const ofSystem = /^(?:_.+|createdAt|updatedAt|createBy|updateBy|owner|checked)$/

/** How many letters must be changed, added or removed to make one text of another. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (const letter of a) {
    const next = [(row[0] ?? 0) + 1]
    for (const [column, other] of [...b].entries())
      next.push(
        Math.min(
          (next[column] ?? 0) + 1,
          (row[column + 1] ?? 0) + 1,
          (row[column] ?? 0) + (letter === other ? 0 : 1),
        ),
      )
    row = next
  }
  return row.at(-1) ?? 0
}

/** The Chinese title of a field, or its name. */
const titleOf = (key: string, model: TableModel | null): string => model?.properties[key]?.title ?? key

/** The longest heading that is compared with the known ones. */
const comparedAtMost = 40

/** Says that a heading is unknown, and names the known one that it resembles most. */
function unknownHeading(written: string, known: ReadonlyMap<string, string>, model: TableModel): string {
  const said = `不认识“${written.slice(0, comparedAtMost)}”这一栏`
  const lower = written.slice(0, comparedAtMost).toLowerCase()
  const [nearest] = [...known.keys()]
    .map(name => ({ name, distance: distanceOf(lower, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.ceil(name.length / 3))
    .sort((a, b) => a.distance - b.distance)
  if (!nearest) return `${said}，请改成表里的名字或删去`
  const title = titleOf(known.get(nearest.name) ?? '', model)
  const name = nearest.name === title ? `“${title}”` : `“${nearest.name}”（${title}）`
  return `${said}，是不是${name}？请改成表里的名字或删去`
}

/** Whether a name may be that of a field. In a model, only those are that it has. */
const isField = (name: string, model: TableModel | null): boolean =>
  plainName.test(name) && !forbidden.has(name) && (model === null || ofSystem.test(name))

/** The fields of the columns. `line` is the heading's line. Empty headings at the end have no column. */
function columnsOf(header: readonly string[], line: number, { model }: Reading): string[] {
  const known = headingsOf(model)
  const refuse = (why: string) => new UnreadableFile(`第 ${line} 行：${why}`)
  let count = header.length
  while (count > 0 && tidied(header[count - 1] ?? '') === '') count -= 1
  const columns = header.slice(0, count).map(heading => {
    const name = tidied(heading)
    const key = known.get(heading.trim()) ?? known.get(name)
    if (key !== undefined) return key
    if (isField(name, model)) return name
    if (name === '') throw refuse('有一栏没有标题，请写上或删去')
    throw refuse(
      model
        ? unknownHeading(name, known, model)
        : `不认识“${name.slice(0, comparedAtMost)}”这一栏，请改成表里的名字或删去`,
    )
  })
  const repeated = columns.find((column, index) => columns.indexOf(column) !== index)
  if (repeated !== undefined) throw refuse(`“${titleOf(repeated, model)}”这一栏有两个，请删去一个`)
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

/** Excel's own first line, which names the delimiter. */
const delimiterLine = /^\s*"?sep=([,;\t])"?[,;\t]*\r?\n/i

async function* readCsv(text: string, rest: AsyncIterator<string>, reading: Reading): AsyncGenerator<Entry> {
  const { model, now } = reading
  const [above = '', named] = delimiterLine.exec(text) ?? []
  const first = text.slice(above.length)
  /** How many lines of the file the parser does not see. */
  const skipped = above === '' ? 0 : above.split('\n').length - 1
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
    delimiter: named ?? delimiterOf(first.split('\n', 1)[0] ?? ''),
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
      parsedTo = skipped + lines - aheadParsed
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
      if (columns === null) columns = columnsOf(record, skipped + 1, reading)
      else if (record.some(cell => cell.trim() !== ''))
        yield rowOf(record, columns, skipped + info.lines - ahead - lineBreaksIn(record), model, now)
    }
  } finally {
    parser.destroy()
  }
  yield* faults
}

function rowOf(
  cells: readonly string[],
  columns: readonly string[],
  line: number,
  model: TableModel | null,
  now: number,
): Entry {
  // Excel writes a column that was once used, with nothing in it.
  const isPadded =
    cells.length > columns.length && cells.slice(columns.length).every(cell => cell.trim() === '')
  const record = isPadded ? cells.slice(0, columns.length) : cells
  if (record.length !== columns.length) {
    return { line, fault: `有 ${record.length} 格，标题有 ${columns.length} 格：请检查逗号和引号` }
  }
  if (record.reduce((sum, cell) => sum + cell.length, 0) > rowLength) return { line, fault: tooLong }
  const row: Row = {}
  for (const [index, key] of columns.entries()) {
    if (personal.has(key)) continue
    const cell = plainCell(record[index] ?? '')
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
    else if (text.trim() !== '') yield parsedLine(text, line, known, model)
  }
}

function parsedLine(
  text: string,
  line: number,
  known: ReadonlyMap<string, string>,
  model: TableModel | null,
): Entry {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const isListed = /^\s*\{.*\}\s*,\s*$/s.test(text)
    return {
      line,
      fault: isListed ? '行尾多了一个逗号，请删去' : '这一行不是完整的 JSON：一行写一个 { … }',
    }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { line, fault: '这一行不是 JSON 对象：一行写一个 { … }' }
  }
  const row: Row = {}
  for (const [written, inner] of Object.entries(value)) {
    const key = known.get(written) ?? written
    if (forbidden.has(key)) return { line, fault: `不能用这个名字：${key}` }
    // Names that the database refuses are told as such.
    const isUnknown = model !== null && !known.has(key) && !ofSystem.test(key) && !/[$.]/.test(key)
    if (isUnknown) return { line, fault: unknownHeading(written, known, model) }
    if (personal.has(key)) continue
    if (Object.hasOwn(row, key)) return { line, fault: `“${titleOf(key, model)}”写了两次` }
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
