import { createHash } from 'node:crypto'
import { built, putRows, rowsOf, startAppCloud } from '../support/app-cloud'
import type { CloudProcess } from '../support/local-cloud'
import { sampleLines, sampleStories, sampleTopics } from '../support/sample-rows'

const key = 'a-key-of-an-editor'

let cloud: CloudProcess

beforeAll(async () => {
  await built('functions', 'stories')
  const keys = JSON.stringify({ 王编辑: createHash('sha256').update(key).digest('hex') })
  cloud = await startAppCloud({ args: ['--no-timers', '--env', `EDITOR_KEYS=${keys}`] })
  await putRows(cloud, 'topics', sampleTopics())
  for (const table of ['polls', 'drafts'] as const) {
    const rows = sampleLines(table).map(line => JSON.parse(line) as object)
    await putRows(cloud, table, rows)
  }
}, 90_000)
afterAll(() => cloud?.stop())

const panel = async (event: object) => {
  const body = { name: 'editor', event: { key, ...event }, source: null }
  const { result } = await cloud.control<{ result: { ok: boolean; lines: string[] } }>('invoke', body)
  return result
}

/** What depends on the other stories there are, or on the moment, or how an export writes a number. */
const comparable = ({
  terms: _,
  tokens: __,
  related: ___,
  corrected: ____,
  ...row
}: Record<string, unknown>) =>
  JSON.parse(JSON.stringify(row), (_key, value) => {
    if (typeof value?.$numberInt === 'string') return Number(value.$numberInt)
    const instant = value?.$date?.$numberLong
    return typeof instant === 'string' ? { $date: new Date(Number(instant)).toISOString() } : value
  })

test('the sample drafts pass the panel’s check without a problem or a reminder', async () => {
  expect(await panel({ action: 'check' })).toEqual({ ok: true, lines: ['查了 40 篇稿件，没有问题'] })
})

test('the sample rows are what publishing makes of the sample drafts', async () => {
  const drafts = sampleLines('drafts').map(line => JSON.parse(line) as { _id: string })
  const answers = await Promise.all(drafts.map(({ _id: draft }) => panel({ action: 'publish', draft })))
  for (const { ok, lines } of answers) expect([ok, lines.length]).toEqual([true, 1])
  const published = await rowsOf(cloud, 'articles')
  const byId = (rows: readonly Record<string, unknown>[]) =>
    Object.fromEntries(rows.map(row => [String(row._id), comparable(row)]))
  expect(byId(published)).toEqual(byId(sampleStories()))
  for (const row of await rowsOf(cloud, 'drafts'))
    expect(row).toMatchObject({ status: '已发布', problems: [], reminders: [] })
})
