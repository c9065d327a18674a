import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import { readDraft } from '../../../cloudfunctions/shared/publishing/read-draft'
import { readPollRow } from '../../../cloudfunctions/shared/publishing/read-poll'
import { readTopicRow } from '../../../cloudfunctions/shared/publishing/read-topic'
import { statuses } from '../../../cloudfunctions/shared/publishing/status-words'
import { emptyReport, planImport } from '../../../cloudfunctions/shared/transfer/plan-import'
import type { Row } from '../../../cloudfunctions/shared/transfer/read-rows'
import { TableModel } from '../../../cloudfunctions/shared/transfer/table-model'

jest.mock('wx-server-sdk', () => ({ init: () => undefined, database: () => ({ command: {} }) }))

const root = path.resolve(__dirname, '../../..')
const handbook = readFileSync(path.join(root, 'docs/编辑手册.md'), 'utf8')
const examples = path.join(root, 'docs/examples')
const modelOf = (name: string) =>
  v.parse(
    TableModel,
    JSON.parse(readFileSync(path.join(root, `cloudfunctions/rules/models/${name}.json`), 'utf8')),
  )
const now = Date.UTC(2026, 10, 27)

const problemsOf = (read: { ok: true } | { ok: false; problems: string[] }): string[] =>
  read.ok ? [] : read.problems

/** The problems of a row that publishing would tell its editor. */
const checks: Readonly<Record<string, (row: Row) => unknown>> = {
  drafts: row => problemsOf(readDraft(row, now)),
  topics: row => problemsOf(readTopicRow(row, now)),
  polls: row => problemsOf(readPollRow(row, now)),
}

test.each(readdirSync(examples))('the example %s can be imported as it is', async file => {
  const [collection = ''] = file.split('.')
  const report = emptyReport()
  const bytes = readFileSync(path.join(examples, file))
  const plan = planImport(
    {
      open: async function* () {
        yield bytes
      },
      limits: { bytes: 1e6, rows: 100 },
      model: modelOf(collection),
      mode: 'insert',
      now,
      target: { find: async () => new Map() },
    },
    report,
  )
  let rows = 0
  for await (const { row } of plan) {
    rows += 1
    expect(checks[collection]?.(row)).toEqual([])
  }
  expect(report).toMatchObject({ added: rows, refused: 0 })
  expect(rows).toBeGreaterThan(0)
})

test.each([
  ['drafts', '## 每一栏怎么写', '## 状态'],
  ['topics', '### 专题的栏', '### 云投的栏'],
  ['polls', '### 云投的栏', '## 首页布局'],
])('a table of the handbook has every field of %s', (collection, start, end) => {
  const part = handbook.slice(handbook.indexOf(start), handbook.indexOf(end))
  const named = [...part.matchAll(/^\| ([^|]+) \| [^|]+ \| [^|]+ \|$/gm)].flatMap(([, name = '']) =>
    name.split('、'),
  )
  const titles = Object.values(modelOf(collection).properties).map(({ title = '' }) => title)
  expect(titles.filter(title => !named.includes(title))).toEqual([])
})

test('the handbook explains every status', () => {
  expect(statuses.filter(status => !handbook.includes(`| ${status} |`))).toEqual([])
})

test('every file that the handbook names exists', () => {
  const named = [...handbook.matchAll(/\]\((examples\/[^)]+)\)/g)].map(([, file = '']) => file)
  expect(named.map(file => path.basename(file)).sort()).toEqual(readdirSync(examples).sort())
})

test('every picture that the handbook names is there, and is small', () => {
  const folder = path.join(root, 'docs/pictures')
  const named = [...handbook.matchAll(/!\[[^\]]+\]\(pictures\/([^)]+)\)/g)].map(([, file = '']) => file)
  expect(named.sort()).toEqual(readdirSync(folder).sort())
  const bytes = named.reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0)
  expect(bytes).toBeLessThan(600_000)
})
