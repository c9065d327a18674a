import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import {
  emptyReport,
  type ImportJob,
  type ImportReport,
  planImport,
  reportLines,
  type Step,
} from '#shared/transfer/plan-import'
import { type Entry, type Row, readRows } from '#shared/transfer/read-rows'
import { TableModel } from '#shared/transfer/table-model'

const models = path.resolve(__dirname, '../../../cloudfunctions/rules/models')
const modelOf = (name: string) =>
  v.parse(TableModel, JSON.parse(readFileSync(path.join(models, `${name}.json`), 'utf8')))
const drafts = modelOf('drafts')
const now = Date.UTC(2026, 10, 1)
const limits = { bytes: 1e9, rows: 1_000 }
const inPieces = (file: string, piece = 1e6) =>
  async function* () {
    const bytes = new TextEncoder().encode(file)
    for (let from = 0; from < bytes.length; from += piece) yield bytes.subarray(from, from + piece)
  }

async function read(file: string, model: TableModel | null = drafts, piece?: number): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of readRows(inPieces(file, piece), limits, { model, now })) entries.push(entry)
  return entries
}
const rowsOf = async (file: string, model?: TableModel | null) =>
  (await read(file, model)).map(entry => ('row' in entry ? entry.row : entry.fault))

describe('the columns of a CSV file', () => {
  test.each<[string, object]>([
    ['编号,标题', { _id: 'a', title: '题' }],
    ['_id;标题', { _id: 'a', title: '题' }],
    ['_id\t标题', { _id: 'a', title: '题' }],
    ['_id,ｔｉｔｌｅ', { _id: 'a', title: '题' }],
    ['_id, 标题 （必填） ', { _id: 'a', title: '题' }],
    ['_id,*标题', { _id: 'a', title: '题' }],
    ['_id,updatedAt', { _id: 'a', updatedAt: '题' }],
    ['_id,createdAt', { _id: 'a', createdAt: '题' }],
    ['_id,owner', { _id: 'a', owner: '题' }],
    ['_id,_mine', { _id: 'a', _mine: '题' }],
  ])('%j are understood', async (header, row) => {
    const mark = /[;\t]/.exec(header)?.[0] ?? ','
    expect(await rowsOf(`${header}\n a ${mark}题\n`)).toEqual([row])
  })

  test('are told apart by the mark that occurs more often in the heading, whatever the cells hold', async () => {
    expect(await rowsOf('_id\t标题\t导语\na\t一,二,三\t四;五\n')).toEqual([
      { _id: 'a', title: '一,二,三', teaser: '四;五' },
    ])
    expect(await rowsOf('_id;标题;导语\na;一,二,三;四\n')).toEqual([
      { _id: 'a', title: '一,二,三', teaser: '四' },
    ])
  })

  test.each([
    ['TITLE', '不认识“TITLE”这一栏，是不是“title”（标题）？请改成表里的名字或删去'],
    ['titel', '不认识“titel”这一栏，是不是“title”（标题）？请改成表里的名字或删去'],
    ['tiles', '不认识“tiles”这一栏，是不是“title”（标题）？请改成表里的名字或删去'],
    ['tl', '不认识“tl”这一栏，请改成表里的名字或删去'],
    ['标', '不认识“标”这一栏，是不是“标题”？请改成表里的名字或删去'],
    ['下线时', '不认识“下线时”这一栏，是不是“下线时间”？请改成表里的名字或删去'],
    ['资料', '不认识“资料”这一栏，是不是“资料来源”？请改成表里的名字或删去'],
    ['资', '不认识“资”这一栏，请改成表里的名字或删去'],
    ['x'.repeat(50), `不认识“${'x'.repeat(40)}”这一栏，请改成表里的名字或删去`],
    ['__proto__', '不认识“__proto__”这一栏，请改成表里的名字或删去'],
  ])('a heading %j is told, with the one that it resembles most', async (heading, told) => {
    await expect(read(`_id,${heading}\na,b\n`)).rejects.toThrow(`第 1 行：${told}`)
  })

  test('of a table without a model may have any plain name', async () => {
    expect(await rowsOf('_id,colour,a-b\na, 红 ,1\n', null)).toEqual([
      { _id: 'a', colour: ' 红 ', 'a-b': '1' },
    ])
    for (const heading of [
      '1st',
      'a b',
      'a.b',
      '$set',
      'constructor',
      'prototype',
      '颜色',
      `x${'y'.repeat(64)}`,
    ])
      await expect(read(`_id,${heading}\na,b\n`, null)).rejects.toThrow(
        `第 1 行：不认识“${heading.slice(0, 40)}”这一栏，请改成表里的名字或删去`,
      )
    await expect(read('_id,a,a\nx,1,2\n', null)).rejects.toThrow('第 1 行：“a”这一栏有两个，请删去一个')
  })

  test('may lack an id: then the row is a new one', async () => {
    expect(await rowsOf('_id,标题\n  ,题\n')).toEqual([{ title: '题' }])
  })
})

test('rows are counted by the line at which they begin, also under Excel’s own line and after empty ones', async () => {
  const lines = async (file: string) => (await read(file)).map(({ line }) => line)
  expect(await lines('_id,标题\na,题\n\nb,"两\n行"\nc,题\n')).toEqual([2, 4, 6])
  expect(await lines('sep=,\r\n_id,标题\r\na,"两\r\n行"\r\nb,题\r\n')).toEqual([3, 5])
  expect(await lines('\n\n{"_id":"a"}\n\n{"_id":"b"}')).toEqual([3, 5])
})

test('a cell that is wrong is told with its column', async () => {
  const [fault] = await rowsOf('_id,版位次序\na,二\n')
  expect(fault).toBe('版位次序：要写成数字')
  expect(await rowsOf('_id,colour\na,红,x\n', null)).toEqual(['有 3 格，标题有 2 格：请检查逗号和引号'])
  expect(await rowsOf('_id,colour\na,红,,\n', null)).toEqual([{ _id: 'a', colour: '红' }])
})

test('of a line without end only the row is lost, wherever the file is cut into pieces', async () => {
  const long = `{"_id":"long","body":"${'x'.repeat(5_000_000)}"}`
  const fits = `{"_id":"fits","body":"${'x'.repeat(5_000_000 - 24)}"}`
  expect(fits.length).toBe(5_000_000)
  for (const piece of [1e6, 4e6, 2e7])
    expect(
      (await read(`{"_id":"a"}\n${long}\n${fits}\n{"_id":"b"}`, drafts, piece)).map(entry =>
        'row' in entry ? [entry.line, entry.row._id] : [entry.line, entry.fault],
      ),
    ).toEqual([
      [1, 'a'],
      [2, '这一行太长'],
      [3, 'fits'],
      [4, 'b'],
    ])
  expect((await read(`{"_id":"a"}\n${long}`, drafts, 1e6)).at(-1)).toEqual({ line: 2, fault: '这一行太长' })
})

test('what cannot be imported as it is says how to write it', async () => {
  await expect(read('[{"_id":"a"},\n{"_id":"b"}]')).rejects.toThrow(
    /^文件是一个 JSON 数组：请去掉最外面的 \[ \] 和行尾的逗号，一行写一个 \{ … \}$/,
  )
  await expect(read('')).rejects.toThrow(/^文件是空的$/)
  await expect(read('\uFEFF \n\n')).rejects.toThrow(/^文件是空的$/)
})

describe('a plan', () => {
  async function plan(file: string, more: Partial<ImportJob> & { existing?: Row[] } = {}) {
    const { existing = [], ...job } = more
    const report: ImportReport = emptyReport()
    const steps: Step[] = []
    const asked: string[][] = []
    const target = {
      find: async (ids: readonly string[]) => {
        asked.push([...ids])
        return new Map(
          existing.filter(({ _id }) => ids.includes(String(_id))).map(row => [String(row._id), row]),
        )
      },
    }
    const whole: ImportJob = {
      open: inPieces(file),
      limits,
      model: drafts,
      mode: 'upsert',
      target,
      now,
      ...job,
    }
    for await (const step of planImport(whole, report)) steps.push(step)
    return { report, steps, asked, lines: reportLines(report) }
  }
  const json = (...rows: object[]) => rows.map(row => JSON.stringify(row)).join('\n')

  test('names a row by its id and the beginning of its title or question', async () => {
    const { lines } = await plan(
      json({ _id: 'a' }, { title: '题' }, { _id: 'b', title: '长'.repeat(31) }, { _id: 'c', title: 7 }),
    )
    expect(lines.slice(1)).toEqual([
      '第 1 行　新增　a',
      '第 2 行　新增　（新编号）《题》',
      `第 3 行　新增　b《${'长'.repeat(30)}》`,
      '第 4 行　新增　c',
    ])
    const polls = await plan(json({ _id: 'p', question: '问' }), { model: modelOf('polls') })
    expect(polls.lines.at(-1)).toBe('第 1 行　新增　p《问》')
    const changed = await plan(json({ _id: 'a', credit: '图' }), { existing: [{ _id: 'a', title: '旧' }] })
    expect(changed.lines.at(-1)).toBe('第 1 行　更新　a《旧》：封面出处')
  })

  test('begins at a line: neither the rows nor the faults above it count', async () => {
    const seen: number[] = []
    const { report, steps } = await plan(`{\n${json({ _id: 'a' }, { _id: 'b' }, { _id: 'c' })}`, {
      from: 3,
      progress: line => seen.push(line),
    })
    expect(steps.map(({ line, id }) => [line, id])).toEqual([
      [3, 'b'],
      [4, 'c'],
    ])
    expect(report).toMatchObject({ added: 2, refused: 0 })
    expect(seen).toEqual([1, 2, 3, 4])
  })

  test('asks for twenty existing rows at a time, and for none of a new one', async () => {
    const ids = Array.from({ length: 41 }, (_, n) => `r${n}`)
    const { asked } = await plan(json(...ids.map(_id => ({ _id }))))
    expect(asked).toEqual([ids.slice(0, 20), ids.slice(20, 40), ids.slice(40)])
    expect((await plan(json({ title: '题' }))).asked).toEqual([])
  })

  test.each([
    ['', '_id：只能用字母、数字、下划线和短横，最多 64 个'],
    ['x'.repeat(65), '_id：只能用字母、数字、下划线和短横，最多 64 个'],
    ['一', '_id：只能用字母、数字、下划线和短横，最多 64 个'],
  ])('refuses the id %j', async (_id, told) => {
    expect((await plan(json({ _id }))).lines).toEqual([
      '要改的有 1 行，没有问题的有 0 行',
      `第 1 行　不能导入　${told}`,
    ])
  })

  test('takes an id of 64 letters, and any but the empty one where a table has no model', async () => {
    expect((await plan(json({ _id: 'x'.repeat(64) }))).report.added).toBe(1)
    expect((await plan(json({ _id: '一 二' }), { model: null })).report.added).toBe(1)
    expect((await plan(json({ _id: '' }), { model: null })).report.refused).toBe(1)
  })

  test('of a new row leaves out what forms write for an empty field; a table without a model keeps it', async () => {
    const row = { _id: 'a', title: '', tags: [], publishAt: 0, credit: null, column: '海洋' }
    expect((await plan(json(row))).steps[0]).toMatchObject({
      ...{ kind: 'add', before: null, fields: ['_id', 'column'], row: { _id: 'a', column: '海洋' } },
    })
    expect((await plan(json(row), { model: null })).steps[0]?.row).toEqual(row)
  })

  test('of an existing row changes only what differs in meaning', async () => {
    const existing = [{ _id: 'a', title: '旧', credit: '', tags: ['甲'], publishAt: 5e12 }]
    const of = async (row: object) => (await plan(json({ _id: 'a', ...row }), { existing })).steps[0]
    expect(await of({ title: '旧', credit: null, teaser: '', tags: '甲' })).toMatchObject({
      kind: 'same',
      fields: [],
    })
    expect(await of({ title: '', credit: '图', tags: [], publishAt: 0 })).toMatchObject({
      ...{ kind: 'change', fields: ['title', 'credit', 'tags', 'publishAt'], before: existing[0] },
    })
  })

  test('says which fields are emptied', async () => {
    const existing = [{ _id: 'a', title: '旧', tags: ['甲'] }]
    const { lines } = await plan(json({ _id: 'a', tags: [], credit: '图' }), { existing })
    expect(lines.at(-1)).toBe('第 1 行　更新　a《旧》：标签（清空）、封面出处')
  })

  test('leaves what only publishing writes, and says so unless the file repeats it', async () => {
    const existing = [{ _id: 'a', title: '题', status: '已发布', version: 2, checked: { hash: 'x' } }]
    const of = async (row: object) => (await plan(json({ _id: 'a', ...row }), { existing })).report
    const same = { same: 1, changed: 0 }
    expect(await of({ status: '已发布', version: 2, link: '', checked: { hash: 'y' } })).toMatchObject({
      ...same,
      reminded: 0,
    })
    expect(await of({ status: 'withdrawn' })).toMatchObject({ ...same, reminded: 1 })
    expect(await of({ version: 0 })).toMatchObject({ ...same, reminded: 1 })
    expect(await of({ status: '待审' })).toMatchObject({ same: 0, changed: 1, reminded: 0 })
    for (const status of ['已定时', '已发布', '已撤回', 'scheduled'])
      expect((await plan(json({ _id: 'b', status }))).steps[0]?.row).toEqual({ _id: 'b' })
  })

  test('counts the rows that will wait for the clock, new or changed', async () => {
    const existing = [
      { _id: 'a', title: '题', status: '待发布' },
      { _id: 'b', title: '题', status: '待发布' },
      { _id: 'c', title: '题', status: '待发布' },
    ]
    const { report } = await plan(
      json(
        { _id: 'a', title: '新' },
        { _id: 'b', title: '题' },
        { _id: 'c', status: '草稿' },
        { _id: 'd', status: 'ready' },
        { _id: 'e' },
      ),
      { existing },
    )
    expect(report).toMatchObject({ added: 2, changed: 2, same: 1, waiting: 2 })
  })

  test('names fifty rows of each kind and counts the others; below that it counts none', async () => {
    const rows = (count: number) =>
      json(...Array.from({ length: count }, (_, n) => ({ _id: `r${n}`, version: 9 })))
    const [fifty, more] = [(await plan(rows(50))).lines, (await plan(rows(51))).lines]
    expect(fifty).toHaveLength(101)
    expect(more.filter(line => line.startsWith('……'))).toEqual(['……还有 1 行提醒', '……还有 1 行新增'])
    // What was left out stands before what is new.
    expect([fifty[1]?.slice(6, 10), fifty[51]?.slice(6, 10)]).toEqual(['提醒　r', '新增　r'])
  })
})
