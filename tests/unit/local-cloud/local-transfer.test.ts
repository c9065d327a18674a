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

describe('one import or export', () => {
  const models = path.resolve(__dirname, '../../../cloudfunctions/rules/models')
  const savedAt = Date.UTC(2026, 10, 27)
  const commandsOf = (modelsFolder: string | null = models) =>
    localTransfer({
      database,
      storage: {
        pathOf: (id: string) => id.replace('cloud://local/', ''),
        locate: (name: string) => path.join(folder, name),
      } as Storage,
      modelsFolder,
      now: () => savedAt,
    })
  const run = async (body: object, modelsFolder?: string | null) =>
    (await commandsOf(modelsFolder).get('import-file')?.(body)) as Imported
  const fileOf = (text: string): { path: string } => {
    const file = path.join(folder, 'file')
    writeFileSync(file, text)
    return { path: file }
  }
  const rowsOf = (collection: string) => [...database.exportLines(collection)].map(line => JSON.parse(line))

  test('a preview is the default and writes nothing; a written file has the marks of a form', async () => {
    const from = fileOf('_id,标题\na,潮汐\n')
    expect((await run({ collection: 'drafts', from })).lines).toEqual([
      '这是预览，还没有写入',
      '新增 1 行，更新 0 行，没有变化 0 行，不能导入 0 行',
      '第 2 行　新增　a《潮汐》',
    ])
    expect(database.collections()).toEqual([])
    expect(await run({ collection: 'drafts', from, write: true })).toMatchObject({
      ok: true,
      lines: ['已写入', expect.any(String), expect.any(String)],
    })
    const [row] = rowsOf('drafts')
    expect(row).toMatchObject({ _id: 'a', title: '潮汐' })
    expect([row.createdAt, row.updatedAt].map(value => Number(Object.values(value)[0]))).toEqual([
      savedAt,
      savedAt,
    ])
  })

  test('known rows are refused, or changed in what the file gives; the same rows are left', async () => {
    const add = {
      collection: 'drafts',
      from: fileOf('_id,标题,导语\na,潮汐,一句\nb,极光,二句\n'),
      write: true,
    }
    await run(add)
    const before = rowsOf('drafts')
    expect(await run(add)).toMatchObject({
      ok: false,
      lines: [
        '没有导入任何内容：改好下面这些行，再选一次文件',
        '要改的有 2 行，没有问题的有 0 行',
        ...[expect.any(String), expect.any(String)],
      ],
    })
    expect(rowsOf('drafts')).toEqual(before)
    const from = fileOf('_id,标题\na,潮汐二\nb,极光\nc,新\n')
    expect(await run({ collection: 'drafts', from, mode: 'upsert', write: true })).toMatchObject({
      report: { added: 1, changed: 1, same: 1 },
    })
    expect(rowsOf('drafts')).toMatchObject([
      { _id: 'a', title: '潮汐二', teaser: '一句' },
      before[1],
      { _id: 'c' },
    ])
    expect(rowsOf('drafts')[0].createdAt).toEqual(before[0].createdAt)
  })

  test('a collection without a form takes every type of JSON, and gets no marks', async () => {
    const from = fileOf('{"_id":"a","n":{"$numberDecimal":"1.5"},"at":{"$date":"2026-11-20T01:30:00Z"}}\n')
    await run({ collection: 'things', from, write: true })
    expect(rowsOf('things')).toEqual([
      {
        _id: 'a',
        n: { $numberDecimal: '1.5' },
        at: { $date: { $numberLong: String(Date.UTC(2026, 10, 20, 1, 30)) } },
      },
    ])
    const typed = fileOf('{"_id":"a","title":{"$numberDecimal":"1.5"}}\n')
    const refused = await run({ collection: 'drafts', from: typed, write: true })
    expect([refused.ok, refused.report.refused]).toEqual([false, 1])
  })

  test.each([
    ['none', 'cannot be read: ENOENT'],
    ['.', 'cannot be read: EISDIR'],
  ])('a file that cannot be read is named: %s', async (name, says) => {
    const failing = run({ collection: 'things', from: { fileId: `cloud://local/${name}` } })
    await expect(failing).rejects.toMatchObject({
      code: 'INVALID_PARAM',
      message: expect.stringContaining(says),
    })
  })

  test('a file that is none of the two kinds imports nothing, and says why', async () => {
    const { ok, lines } = await run({ collection: 'drafts', from: fileOf('_id,没有的一栏\na,1\n') })
    expect([ok, lines[0]]).toEqual([false, '没有导入任何内容'])
    expect(lines).toHaveLength(2)
  })

  test.each<[what: string, body: object]>([
    ['a collection with a path as its name', { collection: '../a' }],
    ['a collection whose name begins with a digit', { collection: '1a' }],
    ['a job with spaces', { collection: 'a', job: 'a b' }],
    ['a job of 65 characters', { collection: 'a', job: 'x'.repeat(65) }],
    ['another mode', { collection: 'a', mode: 'replace' }],
  ])('%s is refused', async (_what, body) => {
    await expect(run({ from: fileOf(''), ...body })).rejects.toThrow()
  })

  test('a row that somebody deletes or holds meanwhile is told, and nothing is written', async () => {
    await run({ collection: 'things', from: fileOf('{"_id":"a","n":1}\n{"_id":"b","n":1}'), write: true })
    const commands = localTransfer({
      database: Object.assign(Object.create(database), {
        mergeRows(name: string, changes: readonly RowChange[]) {
          database.reset()
          return database.mergeRows(name, changes)
        },
      }),
      storage: {} as Storage,
      modelsFolder: null,
      now: Date.now,
    })
    const from = fileOf('{"_id":"a","n":2}\n{"_id":"c","n":2}')
    const body = { collection: 'things', from, mode: 'upsert', write: true }
    expect(await commands.get('import-file')?.(body)).toMatchObject({
      ok: false,
      lines: ['没有导入任何内容', '第 1 行　a 刚刚被别人删去了，请再看一次预览'],
    })
    expect(database.collections()).toEqual([])
  })

  test('an export has the form’s headings, or one document a line', async () => {
    await run({ collection: 'drafts', from: fileOf('_id,标题\na,潮汐\nb,极光\n'), write: true })
    const text = async (body: object, modelsFolder?: string | null) =>
      ((await commandsOf(modelsFolder).get('export-file')?.(body)) as { text: string } | undefined)?.text ??
      ''
    expect(await text({ collection: 'drafts' })).toMatch(/^\uFEFF_id,标题,[^\n]*\r\na,潮汐,[^\n]*\r\nb,极光,/)
    const lines = (await text({ collection: 'drafts', format: 'jsonl' })).trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line)).map(({ _id }) => _id)).toEqual(['a', 'b'])
    for (const [collection, without] of [
      ['things', models],
      ['drafts', null],
    ] as const)
      expect(() => commandsOf(without).get('export-file')?.({ collection })).toThrow('只能导出 JSON Lines')
  })

  test('the progress of a job that is not running is none', () => {
    expect(commandsOf().get('import-progress')?.({ job: 'a' })).toEqual({ line: null })
  })
})
