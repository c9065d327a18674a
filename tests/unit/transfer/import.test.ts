import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import { UnreadableFile } from '../../../cloudfunctions/shared/transfer/limits'
import { plainValue } from '../../../cloudfunctions/shared/transfer/plain-value'
import {
  emptyReport,
  type ImportMode,
  type ImportReport,
  planImport,
  reportLines,
  type Step,
} from '../../../cloudfunctions/shared/transfer/plan-import'
import type { Row } from '../../../cloudfunctions/shared/transfer/read-rows'
import { TableModel } from '../../../cloudfunctions/shared/transfer/table-model'
import { rowWriter } from '../../../cloudfunctions/shared/transfer/write-rows'

const models = path.resolve(__dirname, '../../../cloudfunctions/rules/models')
const modelOf = (name: string) =>
  v.parse(TableModel, JSON.parse(readFileSync(path.join(models, `${name}.json`), 'utf8')))
const drafts = modelOf('drafts')
const now = Date.UTC(2026, 10, 1)
const limits = { bytes: 1024 * 1024, rows: 1_000 }

/** A file in pieces of a few bytes, so that letters and line ends lie across them. */
const source = (bytes: Uint8Array, piece = 7) =>
  async function* () {
    for (let from = 0; from < bytes.length; from += piece) yield bytes.subarray(from, from + piece)
  }

interface Done {
  report: ImportReport
  steps: Step[]
  rows: Row[]
}

async function plan(
  file: string | Uint8Array,
  { existing = [], mode = 'insert', model = drafts as TableModel | null, most = limits, piece = 7 } = {} as {
    piece?: number
    existing?: Row[]
    mode?: ImportMode
    model?: TableModel | null
    most?: typeof limits
  },
): Promise<Done> {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file
  const byId = new Map(existing.map(row => [String(row._id), row]))
  const report = emptyReport()
  const steps: Step[] = []
  const target = {
    find: async (ids: readonly string[]) =>
      new Map(ids.flatMap(id => (byId.has(id) ? [[id, byId.get(id) as Row]] : []))),
  }
  const job = { open: source(bytes, piece), limits: most, model, mode, target, now }
  for await (const step of planImport(job, report)) steps.push(step)
  return { report, steps, rows: steps.map(({ row }) => row) }
}

const refusals = ({ report }: Done) =>
  report.named.filter(({ kind }) => kind === 'refuse').map(({ line, text }) => `${line} ${text}`)

/** GBK of what the tests write, which the platform can only read. */
const gbk = (text: string): Uint8Array => {
  const decoder = new TextDecoder('gbk')
  const table = new Map<string, number[]>()
  for (let high = 0x81; high <= 0xfe; high++)
    for (let low = 0x40; low <= 0xfe; low++) {
      const letter = decoder.decode(Uint8Array.of(high, low))
      if (letter.length === 1 && !table.has(letter)) table.set(letter, [high, low])
    }
  return Uint8Array.from([...text].flatMap(one => table.get(one) ?? [one.charCodeAt(0)]))
}

describe('accepted files', () => {
  const row = { _id: 'a', title: '潮汐,“大”潮', teaser: '两行\n导语', tags: ['海洋', '月球'] }
  const csv = '_id,标题,导语,标签\na,"潮汐,“大”潮","两行\n导语",海洋、月球\n'

  test.each<[string, string | Uint8Array]>([
    ['line breaks and commas in quoted cells', csv],
    ['a byte order mark', `\uFEFF${csv}`],
    ['lines that end in CRLF', csv.replaceAll('\n', '\r\n')],
    ['GBK, as Excel writes it', gbk(csv)],
    ['UTF-16 with tabs, as Excel writes Unicode text', utf16(csv.replace(/,(?!“)/g, '\t'))],
    ['field names instead of titles', csv.replace('标题,导语,标签', 'title,teaser,tags')],
    ['titles with a mark for required ones', csv.replace('标题,导语', '标题（必填）,导语*')],
    ['empty lines and lines of empty cells', `${csv}\n,,,\n\n`],
    ['Excel’s line that names the delimiter', `sep=,\r\n${csv}`],
    ['the same line with a semicolon', `sep=;\n${csv.replace(/,(?!“)/g, ';')}`],
    ['empty columns at the end', csv.replace('标签\n', '标签,,\n').replace('月球\n', '月球,,\n')],
    ['empty cells under no heading', csv.replace('月球\n', '月球,,\n')],
    ['columns of the system', csv.replace('标签\n', '标签,_openid\n').replace('月球\n', '月球,x\n')],
    ['JSON Lines', JSON.stringify(row)],
    [
      'JSON Lines with titles, a byte order mark and CRLF',
      `\uFEFF{"_id":"a","标题":"潮汐,“大”潮","导语":"两行\\n导语","tags":["海洋","月球"]}\r\n\r\n`,
    ],
  ])('%s', async (_what, file) => {
    const done = await plan(file)
    expect(refusals(done)).toEqual([])
    const [read] = done.rows
    expect({ ...read, teaser: String(read?.teaser).replace('\r', '') }).toEqual(row)
  })

  test('quotes inside a quoted cell', async () => {
    const { rows } = await plan('_id,标题\na,"他说""你好"""\n')
    expect(rows).toEqual([{ _id: 'a', title: '他说"你好"' }])
  })

  test('an apostrophe at the start of a cell belongs to the text, unless it keeps a formula from running', async () => {
    const { rows } = await plan("_id,标题\na,'旅行者'号\nb,'=1+1\n")
    expect(rows.map(({ title }) => title)).toEqual(["'旅行者'号", '=1+1'])
  })

  test('quotes in the middle of a cell, as spreadsheets read them', async () => {
    const { rows } = await plan('_id,标题\na,5"屏幕\nb,"题"x\nc,题\n')
    expect(rows.map(({ title }) => title)).toEqual(['5"屏幕', '"题"x', '题'])
  })

  test('times as the form stores them: Beijing text, milliseconds, dates of an export', async () => {
    const at = Date.UTC(2026, 10, 20, 1, 30)
    const { rows } = await plan(`_id,发布时间\na,2026-11-20 09:30\nb,2026/11/20 9:30\nc,${at}\n`)
    expect(rows.map(({ publishAt }) => publishAt)).toEqual([at, at, at])
    const lines = [
      `{"_id":"a","publishAt":{"$date":"2026-11-20T01:30:00Z"}}`,
      `{"_id":"b","publishAt":{"$date":{"$numberLong":"${at}"}}}`,
    ]
    expect((await plan(lines.join('\n'))).rows.map(one => Number(one.publishAt))).toEqual([at, at])
  })

  test('a form that writes 0 for every empty date leaves no trace in a new row', async () => {
    const { rows } = await plan('{"_id":"a","title":"题","publishAt":0,"offlineAt":0,"tags":[],"credit":""}')
    expect(rows).toEqual([{ _id: 'a', title: '题' }])
  })

  test('`_openid` is neither exported nor imported', async () => {
    expect((await plan('{"_id":"a","title":"题","_openid":"secret"}')).rows).toEqual([
      { _id: 'a', title: '题' },
    ])
    expect((await plan('_id,标题,_openid\na,题,secret\n')).rows).toEqual([{ _id: 'a', title: '题' }])
    expect(rowWriter('jsonl', drafts, now).line({ _id: 'a', _openid: 'secret' })).toBe('{"_id":"a"}\n')
  })
})

describe('errors are reported by line, and the other rows are read', () => {
  const good = Array.from({ length: 99 }, (_, i) => `{"_id":"row-${i}","title":"题"}`)

  test.each<[string, string, string]>([
    ['a line that is cut off', '{"_id":"cut","ti', '51 这一行不是完整的 JSON：一行写一个 { … }'],
    ['a line of an array', '{"_id":"x"},', '51 行尾多了一个逗号，请删去'],
    ['an array', '[1]', '51 这一行不是 JSON 对象：一行写一个 { … }'],
    ['an id twice', '{"_id":"row-7"}', '51 row-7 在第 8 行已经有了'],
    ['an id that no address can name', '{"_id":"a b"}', '51 _id：只能用字母、数字、下划线和短横，最多 64 个'],
    ['a field twice', '{"_id":"x","标题":"一","title":"二"}', '51 “标题”写了两次'],
    ['an operator', '{"_id":"x","$set":{"a":1}}', '51 不能用这个名字：$set'],
    ['a path', '{"_id":"x","a.b":1}', '51 不能用这个名字：a.b'],
    ['an id that is a number', '{"_id":7}', '51 _id：要写成文字，JSON 里要加引号'],
    ['an id that is a boolean', '{"_id":true}', '51 _id：要写成文字，JSON 里要加引号'],
    [
      'a misspelt field',
      '{"_id":"x","tilte":"题"}',
      '51 不认识“tilte”这一栏，是不是“title”（标题）？请改成表里的名字或删去',
    ],
    [
      'a field of another table',
      '{"_id":"x","opensAt":5}',
      '51 不认识“opensAt”这一栏，请改成表里的名字或删去',
    ],
    ['a prototype', '{"_id":"x","__proto__":{"a":1}}', '51 不能用这个名字：__proto__'],
    [
      'a date without a zone',
      '{"_id":"x","publishAt":{"$date":"2026-11-20"}}',
      '51 日期要写成 {"$date":"2026-11-20T01:30:00Z"}',
    ],
    [
      'a day that no month has',
      '{"_id":"x","publishAt":{"$date":"2024-02-30T00:00:00Z"}}',
      '51 没有这个日期',
    ],
  ])('one broken line of a hundred: %s', async (_what, line, told) => {
    const done = await plan([...good.slice(0, 50), line, ...good.slice(50)].join('\n'))
    expect(refusals(done)).toEqual([told])
    expect(done.report).toMatchObject({ added: 99, refused: 1 })
  })

  test.each<[string, string, string[]]>([
    ['a cell too many', '_id,标题\na,题,多\nb,题\n', ['2 有 3 格，标题有 2 格：请检查逗号和引号']],
    ['a missing cell', '_id,标题,导语\na,题\nb,题,导\n', ['2 有 2 格，标题有 3 格：请检查逗号和引号']],
    [
      'a time that is none',
      '_id,发布时间\na,明天\nb,2026-02-30 10:00\n',
      [
        '2 发布时间：看不懂这个时间，请写成北京时间，如 2026-11-20 09:30',
        '3 发布时间：看不懂这个时间，请写成北京时间，如 2026-11-20 09:30',
      ],
    ],
    [
      'after a cell of three lines',
      '_id,标题,导语\na,题,"一\n二\n三"\nb,题\n',
      ['5 有 2 格，标题有 3 格：请检查逗号和引号'],
    ],
    [
      'after cells of three lines from Windows',
      '_id,标题,导语\r\na,题,"一\r\n二\r\n三"\r\nb,题\r\nc,题,"一\r\n二"\r\nd,题\r\ne,题,"不',
      [
        '5 有 2 格，标题有 3 格：请检查逗号和引号',
        '8 有 2 格，标题有 3 格：请检查逗号和引号',
        '9 引号没有写完，从这里到文件末尾都看不懂',
      ],
    ],
    [
      'a quote that is not closed',
      '_id,标题\n\na,题\nb,"题\nc,题\n',
      ['4 引号没有写完，从这里到文件末尾都看不懂'],
    ],
  ])('CSV with %s', async (_what, file, told) => {
    expect(refusals(await plan(file))).toEqual(told)
  })

  const large = { bytes: 100_000_000, rows: 1_000 }

  test('only a row of 5.1 million letters is refused', async () => {
    const csv = (length: number) => `_id,标题,正文\na,一,x\nb,二,"${'字'.repeat(length)}"\nc,三,y\nd,四,z\n`
    const long = await plan(csv(5_100_000), { most: large, piece: 65_536 })
    expect(refusals(long)).toEqual(['3 这一行太长'])
    expect(long.report).toMatchObject({ added: 3, refused: 1 })
    const fits = await plan(csv(4_000_000), { most: large, piece: 65_536 })
    expect(fits.report).toMatchObject({ added: 4, refused: 0 })
  })

  test('a row over the parser’s limit is reported once, together with the rows after it that were not read', async () => {
    const csv = `_id,标题\na,一\nb,"${'字'.repeat(12_000_000)}"\nc,三\n`
    const { report } = await plan(csv, { most: large, piece: 65_536 })
    expect(report).toMatchObject({
      added: 1,
      refused: 1,
      named: expect.arrayContaining([
        { kind: 'refuse', line: 3, text: '这一行太长，从这里到文件末尾都没有读' },
      ]),
    })
  })

  test.each<[string, string | Uint8Array, string]>([
    ['a JSON array', '[{"_id":"a"},\n{"_id":"b"}]', '文件是一个 JSON 数组'],
    ['a workbook', Uint8Array.of(0x50, 0x4b, 3, 4, 0x14, 0), '这是 Excel 文件，请在 Excel 里另存为 CSV'],
    ['an old workbook', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1), '这是 Excel 文件'],
    ['nothing', '', '文件是空的'],
    ['only spaces', ' \r\n ', '文件是空的'],
    ['an unknown column', '_id,标题,备注（内部）\na,题,x\n', '第 1 行：不认识“备注(内部)”这一栏'],
    ['a misspelt column', '_id,tilte\na,题\n', '第 1 行：不认识“tilte”这一栏，是不是“title”（标题）？'],
    ['a misspelt title', '_id,标体\na,题\n', '第 1 行：不认识“标体”这一栏，是不是“标题”？'],
    ['an unknown column under Excel’s line', 'sep=;\n_id;colour\na;题\n', '第 2 行：不认识“colour”这一栏'],
    ['a column without a heading', '_id,,标题\na,1,题\n', '第 1 行：有一栏没有标题'],
    ['a column twice', '_id,标题,title\na,题,题\n', '第 1 行：“标题”这一栏有两个'],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0xff, 0xff, 0x80, 0x20), '看不懂文件的编码'],
    ['more than its bound of rows', good.join('\n'), '行数太多，一次最多 50 行'],
    ['more than its bound of bytes', `{"a":"${'x'.repeat(2_000_000)}"}`, '文件太大，最多 1 MB'],
  ])('a file with %s is refused as a whole', async (_what, file, told) => {
    const most = told.startsWith('行数') ? { ...limits, rows: 50 } : limits
    const refused = plan(file, { most })
    await expect(refused).rejects.toThrow(UnreadableFile)
    await expect(refused).rejects.toThrow(told)
  })

  test('a file with exactly its bound of rows is read', async () => {
    expect((await plan(good.join('\n'), { most: { ...limits, rows: 99 } })).report.added).toBe(99)
  })
})

describe('rows that exist', () => {
  const existing = [{ _id: 'a', title: '旧', body: '正文', tags: ['海洋'], publishAt: 0, createdAt: 5 }]

  test('are refused by an insert', async () => {
    const done = await plan('_id,标题\na,新\nb,新\n', { existing })
    expect(refusals(done)).toEqual(['2 a 已经有了：要更新它，请选“新增或更新”（面板写 "mode":"upsert"）'])
    expect(done.report).toMatchObject({ added: 1, changed: 0 })
  })

  test('are changed by an upsert only in the columns that the file has', async () => {
    const done = await plan('_id,标题,标签\na,新,海洋\nb,新,\n', { existing, mode: 'upsert' })
    expect(done.steps).toMatchObject([
      { kind: 'change', id: 'a', fields: ['title'], line: 2 },
      { kind: 'add', id: 'b', row: { _id: 'b', title: '新' } },
    ])
    const emptied = await plan('_id,标题,正文\na,新,\n', { existing, mode: 'upsert' })
    expect(reportLines(emptied.report)).toContain('第 2 行　更新　a《新》：标题、正文（清空）')
    expect(reportLines(done.report)).toEqual([
      '新增 1 行，更新 1 行，没有变化 0 行，不能导入 0 行',
      '第 2 行　更新　a《新》：标题',
      '第 3 行　新增　b《新》',
    ])
  })

  test('fields that only programs write are omitted, and the report says so', async () => {
    const published = { _id: 'a', title: '旧', status: '已发布', version: 2, link: '/a', problems: [] }
    const file = '_id,标题,状态,版本,地址\na,新,已定时,9,/evil\nb,二,已发布,1,/b\nc,三,草稿,,\n'
    const done = await plan(file, { existing: [published], mode: 'upsert' })
    expect(done.steps).toMatchObject([
      { kind: 'change', id: 'a', fields: ['title'], row: { _id: 'a', title: '新' } },
      { kind: 'add', id: 'b', row: { _id: 'b', title: '二' } },
      { kind: 'add', id: 'c', row: { _id: 'c', title: '三', status: '草稿' } },
    ])
    expect(done.rows[1]).toEqual({ _id: 'b', title: '二' })
    expect(reportLines(done.report).slice(0, 3)).toEqual([
      '新增 2 行，更新 1 行，没有变化 0 行，不能导入 0 行',
      '第 2 行　提醒　a《新》：状态、版本、地址 由系统写，没有导入',
      '第 3 行　提醒　b《二》：状态、版本、地址 由系统写，没有导入',
    ])
    const checked = await plan('{"_id":"a","checked":{"hash":"x"},"storyId":"elsewhere"}', {
      existing: [published],
      mode: 'upsert',
    })
    expect(checked.report).toMatchObject({ same: 1, changed: 0, reminded: 1 })
  })

  test('an export that is imported again changes nothing, in either format', async () => {
    const rows: Row[] = [
      {
        _id: 'a',
        title: ' 空格在前',
        body: '一\r\n二,"三"',
        tags: ['海洋', '月球'],
        publishAt: Date.UTC(2026, 10, 20),
      },
      { _id: 'b', title: '题', facts: ['Smith, 2015; 第 3 页', '甲、乙'], tags: ['a b'], problems: [] },
      { _id: '-d', title: "'=1", body: '- 甲', tags: ['@a', 'b'], facts: ["'", "''+1"], order: -1 },
      { _id: 'c', title: '=1+1', publishAt: 0, checked: { at: new Date(now), hash: 'x' } },
    ]
    for (const format of ['csv', 'jsonl'] as const) {
      const writer = rowWriter(format, drafts, now)
      const run = (cell: string) => /^[=+\-@\t]/.test(cell.replace(/^"/, '')) && !/^-?\d+$/.test(cell)
      if (format === 'csv')
        expect(rows.flatMap(row => writer.line(row).split(/[,\r\n]+/)).filter(run)).toEqual([])
      const done = await plan(writer.head + rows.map(writer.line).join(''), {
        existing: rows,
        mode: 'upsert',
      })
      expect(refusals(done)).toEqual([])
      expect(done.report).toMatchObject({ same: 4, changed: 0, added: 0, reminded: 0 })
    }
  })

  test('a time or list that is written otherwise is a change only if it means another', async () => {
    const before = [
      { _id: 'a', title: '旧', publishAt: '2026-11-20 09:30', facts: '甲\n乙', tags: '海洋 月球' },
    ]
    const csv = (cells: string) => `_id,发布时间,资料来源,标签\n${cells}\n`
    const same = await plan(csv('a,11月20日上午9点半,"甲\n乙",海洋、月球'), {
      existing: before,
      mode: 'upsert',
    })
    expect(same.report).toMatchObject({ same: 1, changed: 0 })
    const changed = await plan(csv('a,2026-11-20 09:31,乙,海洋'), { existing: before, mode: 'upsert' })
    expect(changed.steps[0]?.fields).toEqual(['publishAt', 'facts', 'tags'])
  })

  test('a poll with its options goes through CSV unchanged', async () => {
    const poll = {
      _id: 'p',
      question: '问',
      options: [{ key: 'a', label: '甲' }],
      opensAt: Date.UTC(2026, 10, 20, 1),
    }
    const model = modelOf('polls')
    const writer = rowWriter('csv', model, now)
    expect((await plan(writer.head + writer.line(poll), { model })).rows).toEqual([poll])
  })
})

test('an import that the clock cannot handle in one tick says how long it takes', async () => {
  const file = (count: number) => `标题,状态\n${'题,待发布\n'.repeat(count)}题,草稿\n`
  const told = async (count: number) => reportLines((await plan(file(count))).report).join('\n')
  expect(await told(45)).toContain('状态是 待发布 的有 45 行：系统两分钟处理 20 行，都处理完约要 6 分钟')
  expect(await told(20)).not.toContain('分钟')
})

test('a long report names the first rows of each kind and counts the others', async () => {
  const lines = Array.from({ length: 70 }, (_, i) => `{"_id":"r${i}"}`)
  const good = reportLines((await plan(lines.join('\n'))).report)
  expect(good).toHaveLength(1 + 51)
  expect(good).toContain('……还有 20 行新增')
  const told = reportLines((await plan([...lines, ...Array(60).fill('{')].join('\n'))).report)
  expect(told).toHaveLength(1 + 51)
  expect(told).toContain('……还有 10 行不能导入')
  // Nothing is written, so nothing is called new.
  expect(told[0]).toBe('要改的有 60 行，没有问题的有 70 行')
  expect(told.join('\n')).not.toContain('新增')
})

test('canonical numbers of an export are numbers', () => {
  expect(
    plainValue({ n: { $numberInt: '1' }, l: { $numberLong: '2' }, d: { $numberDouble: '1.5' } }),
  ).toEqual({
    n: 1,
    l: 2,
    d: 1.5,
  })
  expect(() => plainValue({ n: { $numberInt: 'x' } })).toThrow('数字写错了')
})

function utf16(text: string): Uint8Array {
  return Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')])
}
