import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Imported, localTransfer } from '../../../local-cloud/console/local-transfer'
import { type Database, openDatabase, type RowChange } from '../../../local-cloud/database/database'
import type { Storage } from '../../../local-cloud/storage'

let folder: string
let before: string | undefined
let database: Database

beforeEach(() => {
  before = process.env.TMPDIR
  folder = mkdtempSync(path.join(tmpdir(), 'import-'))
  // Where an import puts rows aside.
  process.env.TMPDIR = folder
  database = openDatabase({ file: null })
})
afterEach(() => {
  if (before === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = before
  database.close()
  rmSync(folder, { recursive: true })
})

const rows = Array.from({ length: 20 }, (_, i) => ({
  _id: `row-${i}`,
  words: `第 ${i} 行\u2028还是这一行\n`,
  at: { $date: '2026-11-20T01:30:00Z' },
}))
const textOf = (all: readonly object[]) => all.map(row => JSON.stringify(row)).join('\n')

/** Imports rows in parts of about three rows. `onPart` runs before each part is written. */
async function importRows(text: string, onPart: (part: number) => void = () => {}): Promise<Imported> {
  const file = path.join(folder, 'rows.jsonl')
  writeFileSync(file, text)
  let part = 0
  const watched: Database = Object.assign(Object.create(database), {
    mergeRows(collection: string, changes: readonly RowChange[]) {
      part += 1
      onPart(part)
      return database.mergeRows(collection, changes)
    },
  })
  const commands = localTransfer({
    database: watched,
    storage: {} as Storage,
    modelsFolder: null,
    now: Date.now,
    partLength: 400,
  })
  const body = { collection: 'things', from: { path: file }, write: true }
  const imported = (await commands.get('import-file')?.(body)) as Imported
  expect(readdirSync(folder)).toEqual(['rows.jsonl'])
  return imported
}

const stored = (): unknown[] =>
  database.collections().includes('things')
    ? [...database.exportLines('things')].map(line => JSON.parse(line))
    : []

test('a long file is written whole and in order, and other work runs between its parts', async () => {
  let parts = 0
  let turns = 0
  const imported = await importRows(textOf(rows), part => {
    parts = part
    setImmediate(() => {
      turns += 1
    })
  })
  expect(imported).toMatchObject({ ok: true, report: { added: 20 } })
  expect(parts).toBeGreaterThan(5)
  expect(turns).toBe(parts)
  const at = { $date: { $numberLong: String(Date.UTC(2026, 10, 20, 1, 30)) } }
  expect(stored()).toEqual(rows.map(row => ({ ...row, at })))
})

test('a long file of which one row cannot be imported writes no row', async () => {
  const imported = await importRows(`${textOf(rows)}\n[]`)
  expect(imported).toMatchObject({ ok: false, report: { refused: 1 } })
  expect(stored()).toEqual([])
})

test('if somebody adds a row of a long file meanwhile, the report says how far the import came', async () => {
  const imported = await importRows(textOf(rows), part => {
    if (part === 2) database.mergeRows('things', [{ kind: 'add', id: 'row-5', fields: { words: '别人的' } }])
  })
  const written = stored().length - 1
  expect(written).toBeGreaterThan(0)
  expect(written).toBeLessThan(6)
  expect(imported).toMatchObject({ ok: false, isPartial: true })
  expect(imported.lines[0]).toBe(`只导入了一部分：到第 ${written} 行为止的已经写入，后面的没有`)
  expect(imported.lines[1]).toBe('第 6 行　row-5 刚刚被别人加上了，请再看一次预览')
})
