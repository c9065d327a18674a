import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import { Block } from '#contract/article'
import { readTime } from '#shared/publishing/read-time'
import { countPairs, termsOf } from '#shared/publishing/story-terms'
import { pairsOf } from '#shared/publishing/tokens'
import { plainValue } from '#shared/transfer/plain-value'
import { emptyReport, type ImportJob, planImport } from '#shared/transfer/plan-import'
import type { Row } from '#shared/transfer/read-rows'
import { TableModel } from '#shared/transfer/table-model'
import { rowWriter } from '#shared/transfer/write-rows'
import { built, putRows, rowsOf, startAppCloud } from '../support/app-cloud'
import type { CloudProcess } from '../support/local-cloud'
import { sampleLines, sampleStories } from '../support/sample-rows'

const models = path.resolve(__dirname, '../../cloudfunctions/rules/models')

const key = 'a-key-of-an-editor'

const Strings = v.array(v.string())
const Text = v.object({
  title: v.string(),
  teaser: v.string(),
  tags: Strings,
  terms: Strings,
  blocks: v.array(Block),
})

/** Drafts, with titles that belong among the first five of their 相关阅读, and one that does not. */
const expected: readonly (readonly [slug: string, right: readonly string[], wrong: string])[] = [
  ['why-aurora-is-green', ['大西洋每年变宽一指', '土星环：直径27万千米，厚约10米'], '一头鲸沉下去之后'],
  ['moon-drifting-away', ['背着月亮的那一面，为什么也涨潮', '用激光给原子降温'], '一头鲸沉下去之后'],
  ['kettle-limescale', ['一滴水怎样盖起一根钟乳石'], '捕蝇草会数到五'],
]

let cloud: CloudProcess
let drafts: { _id: string }[]

beforeAll(async () => {
  await built('functions', 'stories')
  const keys = JSON.stringify({ 王编辑: createHash('sha256').update(key).digest('hex') })
  cloud = await startAppCloud({ args: ['--no-timers', '--env', `EDITOR_KEYS=${keys}`] })
  const rowsOfTable = (table: 'topics' | 'polls' | 'drafts') =>
    sampleLines(table).map(line => JSON.parse(line) as Record<string, unknown> & { _id: string })
  for (const collection of ['polls', 'topics'] as const) {
    await putRows(cloud, collection, rowsOfTable(collection))
    for (const { _id } of rowsOfTable(collection)) await panel({ action: 'publish', collection, draft: _id })
  }
  // One in four is published here, among the rows of the others.
  const slugs = expected.map(([slug]) => slug)
  drafts = rowsOfTable('drafts').filter(({ _id }, n) => n % 4 === 0 || slugs.includes(_id))
  await putRows(cloud, 'drafts', drafts)
  const published = new Set<unknown>(drafts.map(({ _id }) => _id))
  await putRows(
    cloud,
    'articles',
    sampleStories().filter(({ draft }) => !published.has(draft)),
  )
}, 90_000)
afterAll(() => cloud?.stop())

const panel = async (event: object) => {
  const body = { name: 'editor', event: { key, ...event }, source: null }
  const { result } = await cloud.control<{ result: { ok: boolean; lines: string[] } }>('invoke', body)
  return result
}

/** Whether the time of a poll is over. */
const isOver = (closesAt: unknown): boolean =>
  (readTime(closesAt, Date.now()) ?? Number.POSITIVE_INFINITY) <= Date.now()

/** A row without the fields that depend on other stories or the current time, and with plain numbers and dates. */
const comparable = ({
  terms: _,
  tokens: __,
  related: ___,
  corrected: ____,
  fresh: _____,
  named: ______,
  focusFrom: _______,
  ...row
}: Record<string, unknown>) =>
  JSON.parse(JSON.stringify(row), (_key, value) => {
    if (typeof value?.$numberInt === 'string') return Number(value.$numberInt)
    const instant = value?.$date?.$numberLong
    return typeof instant === 'string' ? { $date: new Date(Number(instant)).toISOString() } : value
  })

test('the sample drafts pass the panel’s check without a problem or a reminder', async () => {
  expect(await panel({ action: 'check' })).toEqual({
    ok: true,
    lines: [`查了 ${drafts.length} 篇稿件，没有问题`],
  })
})

test('the sample rows are what publishing makes of the sample drafts', async () => {
  // Those whose 相关阅读 is looked at come last.
  const slugs = expected.map(([slug]) => slug)
  const order = drafts.map(({ _id }) => _id).filter(slug => !slugs.includes(slug))
  for (const draft of [...order, ...slugs]) {
    const { ok, lines } = await panel({ action: 'publish', draft })
    expect([ok, lines.length]).toEqual([true, 1])
  }
  const published = await rowsOf(cloud, 'articles')
  const byId = (rows: readonly Record<string, unknown>[]) =>
    Object.fromEntries(rows.map(row => [String(row._id), comparable(row)]))
  expect(byId(published)).toEqual(byId(sampleStories()))
  for (const row of await rowsOf(cloud, 'drafts'))
    expect(row).toMatchObject({ status: '已发布', problems: [], reminders: [] })
})

test('the sample topics and polls are what publishing makes of their rows, once their stories are there', async () => {
  for (const collection of ['polls', 'topics'] as const) {
    expect(await panel({ action: 'check', collection })).toMatchObject({ ok: true })
    for (const { _id } of await rowsOf(cloud, collection))
      expect(await panel({ action: 'publish', collection, draft: _id })).toMatchObject({ ok: true })
  }
  for (const row of [...(await rowsOf(cloud, 'topics')), ...(await rowsOf(cloud, 'polls'))])
    expect(row).toMatchObject({
      ...{ status: '已发布', problems: [] },
      reminders: isOver(row.closesAt) ? ['结束时间：已经过了，读者只能看结果，不能再回答'] : [],
    })
  const byId = (rows: readonly Record<string, unknown>[]) =>
    Object.fromEntries(rows.map(({ at: _, articleId: __, ...row }) => [String(row._id), comparable(row)]))
  for (const table of ['publishedTopics', 'publishedPolls'] as const) {
    const built = sampleLines(table).map(line => JSON.parse(line) as Record<string, unknown>)
    const published = await rowsOf(cloud, table)
    expect(byId(published)).toEqual(byId(built))
    // A poll stands in the story that names it, once that is published.
    for (const { _id, articleId } of published)
      if (articleId) expect(built.find(row => row._id === _id)).toMatchObject({ articleId })
  }
})

test('a story published among others has related stories and search terms that are rare among them', async () => {
  const rows = new Map((await rowsOf(cloud, 'articles')).map(row => [String(row.draft), row]))
  const titles = new Map([...rows.values()].map(({ _id, title }) => [String(_id), String(title)]))
  for (const [slug, right, wrong] of expected) {
    const row = rows.get(slug)
    const related = (row?.related ?? []) as string[]
    expect(related).toHaveLength(12)
    expect(related).not.toContain(row?._id)
    const shown = related.slice(0, 5).map(id => titles.get(id))
    for (const title of right) expect(shown).toContain(title)
    expect(shown).not.toContain(wrong)
    // Nearer to the terms that the whole collection gives than those that the story gives by itself.
    const built = v.parse(
      Text,
      sampleStories().find(({ _id }) => _id === row?._id),
    )
    const pairsIn = (terms: readonly string[]) => new Set(terms.flatMap(pairsOf))
    const best = pairsIn(built.terms)
    const sharedBy = (terms: readonly string[]) => [...pairsIn(terms)].filter(pair => best.has(pair)).length
    const { terms, tokens } = v.parse(v.object({ terms: Strings, tokens: Strings }), row)
    expect(sharedBy(terms)).toBeGreaterThan(1.1 * sharedBy(termsOf(built, countPairs([built]))))
    expect(tokens.length).toBeLessThanOrEqual(1_000)
  }
})

test('the samples, exported as CSV and imported again untouched, change nothing', async () => {
  const now = Date.UTC(2026, 10, 1)
  for (const table of ['drafts', 'topics', 'polls'] as const) {
    const model = v.parse(TableModel, JSON.parse(readFileSync(path.join(models, `${table}.json`), 'utf8')))
    const rows = sampleLines(table).map(line => plainValue(JSON.parse(line)) as Row)
    const writer = rowWriter('csv', model, now)
    const file = Buffer.from(writer.head + rows.map(writer.line).join(''))
    const report = emptyReport()
    const job: ImportJob = {
      ...{ model, mode: 'upsert', now, limits: { bytes: file.length, rows: rows.length } },
      async *open() {
        yield file
      },
      target: { find: async () => new Map(rows.map(row => [String(row._id), row])) },
    }
    for await (const { kind } of planImport(job, report)) expect(kind).toBe('same')
    expect(report).toMatchObject({ same: rows.length, refused: 0, reminded: 0 })
  }
})
