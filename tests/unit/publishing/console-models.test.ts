import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import { focusAtMost, topicsAtMost } from '#contract/home'
import { channels } from '#site'
import { entryStatuses } from '../../../cloudfunctions/shared/publishing/entry-statuses'
import { labels, readDraft } from '../../../cloudfunctions/shared/publishing/read-draft'
import { pollLabels, readPollRow } from '../../../cloudfunctions/shared/publishing/read-poll'
import { readTopicRow, topicLabels } from '../../../cloudfunctions/shared/publishing/read-topic'
import { statuses } from '../../../cloudfunctions/shared/publishing/status-words'
import type { DraftNote } from '../../../cloudfunctions/shared/stores/drafts'
import { fieldWords } from '../../../local-cloud/console/field-words'

// The models give the console a form. What the form offers, and what the code reads, must be the same.

jest.mock('wx-server-sdk', () => ({ init: () => undefined, database: () => ({ command: {} }) }))

const folder = path.resolve(__dirname, '../../../cloudfunctions/rules/models')

/** What is known of a model's property: console-wide formats only, because an unknown one draws no field. */
const Property = v.strictObject({
  type: v.picklist(['string', 'number', 'array', 'object']),
  format: v.picklist(['', 'datetime', 'x-image', 'x-rtf']),
  title: v.pipe(v.string(), v.minLength(1)),
  description: v.pipe(v.string(), v.minLength(1)),
  'x-index': v.number(),
  'x-required': v.optional(v.literal(true)),
  'x-image-size': v.optional(v.number()),
  'x-image-support': v.optional(v.array(v.string())),
  maxLength: v.optional(v.number()),
  minItems: v.optional(v.number()),
  maxItems: v.optional(v.number()),
  items: v.optional(
    v.looseObject({
      type: v.picklist(['string', 'object']),
      maxLength: v.optional(v.number()),
      properties: v.optional(
        v.record(v.string(), v.looseObject({ properties: v.optional(v.looseObject({})) })),
      ),
    }),
  ),
})
const Model = v.strictObject({
  'x-kind': v.literal('tcb'),
  'x-primary-column': v.string(),
  'x-defaultMethods': v.array(v.string()),
  type: v.literal('object'),
  title: v.string(),
  description: v.string(),
  required: v.array(v.string()),
  properties: v.record(v.string(), Property),
})
type Property = v.InferOutput<typeof Property>

const readModel = (name: string) =>
  v.parse(Model, JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')))
const requiredOf = (properties: Record<string, Property>): string[] =>
  Object.entries(properties).flatMap(([key, property]) => (property['x-required'] ? [key] : []))

/** A value that a form would give for a field: as long as the model allows, and `more` beyond it. */
function filled({ type, format, maxLength, maxItems }: Property, more = 0): unknown {
  if (format === 'datetime') return Date.UTC(2026, 10, 20)
  if (format === 'x-image') return 'cloud://local.1/covers/a.jpg#1200x900'
  if (type === 'string') return '字'.repeat((maxLength ?? 10) + more)
  if (maxItems === undefined) return []
  return Array.from({ length: maxItems + more }, (_, index) => `${index}`)
}

test.each(readdirSync(folder).map(file => path.basename(file, '.json')))('the model %s is in order', name => {
  const model = readModel(name)
  expect(model.required).toEqual(requiredOf(model.properties))
  expect(model.properties[model['x-primary-column']]).toBeDefined()
  const listed = Object.values(model.properties)
  expect(listed.map(property => property['x-index'])).toEqual(listed.map((_, index) => index + 1))
  expect(new Set(listed.map(({ title }) => title)).size).toBe(listed.length)
  for (const { type, format, maxLength, items } of listed) {
    if (format === 'datetime') expect(type).toBe('number')
    else if (format !== '') expect(type).toBe('string')
    // The console holds 4,000 bytes in a text field, at three bytes a Chinese character.
    expect((maxLength ?? items?.maxLength ?? 0) * 3).toBeLessThanOrEqual(4_000)
  }
})

describe.each([
  ['drafts', labels as Record<string, string>],
  ['topics', topicLabels as Record<string, string>],
  ['polls', pollLabels as Record<string, string>],
  ['summaries', {} as Record<string, string>],
])('the form of %s', (name, named) => {
  const model = readModel(name)
  const fields = Object.entries(model.properties)

  test('lets rows be seen, made, changed and deleted, one or many', () => {
    const methods = ['Create', 'Delete', 'Update', 'GetItem', 'GetList', 'GetRecords']
    const many = ['BatchCreate', 'BatchUpdate', 'BatchDelete']
    expect(model['x-defaultMethods']).toEqual([...methods, ...many].map(method => `weda${method}`))
  })

  test('says of each field that programs alone write it, or how an editor writes it', () => {
    // An import takes no value of a field whose hint begins so.
    const ours = fields.filter(([, { description }]) => description.startsWith('系统写的'))
    expect(ours.map(([field]) => field)).toEqual(
      fields.flatMap(([field]) => (Object.hasOwn(named, field) ? [] : [field])),
    )
  })

  test('its hints name the limits that hold', () => {
    const most = { drafts: focusAtMost, topics: topicsAtMost }[name] ?? 0
    for (const [field, { description, maxLength, maxItems, minItems, items }] of fields) {
      const said = (words: RegExp) => [...description.matchAll(words)].map(([, number]) => Number(number))
      const longest = items?.maxLength ?? maxLength
      for (const number of said(/最多 (\d+) 个字/g)) expect([field, number]).toEqual([field, longest])
      for (const number of said(/最多 (\d+) (?:个(?!字)|条|篇)/g))
        expect([field, number]).toEqual([field, maxItems])
      if (field === 'order') expect(description).toContain(`1 到 ${most}：`)
      if (minItems !== undefined) expect(description).toContain(`${minItems} 到 ${maxItems} 个`)
    }
  })

  test('offers a clock for times and nothing else, and a picture’s button for pictures', () => {
    const times = ['publishAt', 'offlineAt', 'from', 'until', 'publishedAt', 'opensAt', 'closesAt']
    const pictures = ['cover', 'shareCover']
    for (const [field, { format, description }] of fields) {
      expect([field, format === 'datetime']).toEqual([field, times.includes(field)])
      expect([field, format === 'x-image']).toEqual([field, pictures.includes(field)])
      expect([field, format === 'x-rtf']).toEqual([field, field === 'body'])
      if (times.includes(field)) expect(description).toMatch(/^北京时间/)
    }
  })
})

describe('drafts', () => {
  const { properties } = readModel('drafts')
  const good = {
    title: '题目',
    teaser: '导语',
    channel: '地球',
    column: '海洋',
    body: '正文。',
  }
  const problemsOf = (row: object): string[] => {
    const read = readDraft({ ...good, ...row }, Date.UTC(2026, 10, 1))
    return read.ok ? [] : read.problems
  }
  const about = (field: string, row: object): string[] =>
    problemsOf(row).filter(problem => problem.startsWith(`${properties[field]?.title}：`))

  test('every field of the form is read, and every field that is read is in the form', () => {
    const noted: Record<keyof DraftNote, true> = {
      status: true,
      problems: true,
      reminders: true,
      link: true,
      version: true,
      storyId: true,
      result: true,
      reason: true,
    }
    const read: Record<string, string> = labels
    expect(Object.keys(properties).sort()).toEqual([...new Set(Object.keys({ ...read, ...noted }))].sort())
    for (const [field, label] of Object.entries(read)) expect(properties[field]?.title).toBe(label)
  })

  test('the form marks as required what publishing requires', () => {
    expect(problemsOf({})).toEqual([])
    const missing = Object.keys(properties).filter(field => about(field, { [field]: undefined }).length > 0)
    expect(missing.sort()).toEqual(requiredOf(properties).sort())
  })

  test('the form allows as much as publishing does, and no more', () => {
    for (const [field, property] of Object.entries(properties)) {
      if (!(field in labels) || property['x-image-size'] || property.format === 'datetime') continue
      const tooLong = (value: unknown) => about(field, { [field]: value }).some(one => one.includes('最多'))
      const { items } = property
      if (property.format === 'x-rtf' || property.type === 'number') continue
      expect([field, tooLong(filled(property))]).toEqual([field, false])
      expect([field, tooLong(filled(property, 1))]).toEqual([field, true])
      if (!items?.maxLength) continue
      expect([field, tooLong(['字'.repeat(items.maxLength)])]).toEqual([field, false])
      expect([field, tooLong(['字'.repeat(items.maxLength + 1)])]).toEqual([field, true])
    }
  })

  test('publishing reads the values as the form stores them', () => {
    const row = {
      cover: filled(properties.cover as Property),
      coverAlt: '图里有什么',
      publishAt: filled(properties.publishAt as Property),
      tags: ['深海', '鲸落'],
      facts: ['甲', '乙'],
      problems: [],
      reminders: [],
    }
    expect(readDraft({ ...good, ...row }, 0)).toMatchObject({
      ok: true,
      draft: { publishAt: Date.UTC(2026, 10, 20), tags: ['深海', '鲸落'], facts: ['甲', '乙'] },
    })
    // An empty form.
    const empty = Object.fromEntries(
      Object.entries(properties)
        .filter(([field]) => !(field in good))
        .map(([field, { type }]) => [field, type === 'number' ? 0 : type === 'array' ? [] : '']),
    )
    expect(problemsOf(empty)).toEqual([])
  })

  test('hints name every word that may be written', () => {
    for (const status of statuses) expect(properties.status?.description).toContain(status)
    for (const { label, columns } of Object.values(channels)) {
      expect(properties.channel?.description).toContain(label)
      expect(properties.column?.description).toContain(`${label}：${Object.values(columns).join('、')}`)
    }
    for (const word of ['无', '文字', '图片', '音频']) {
      expect(properties.aiNotice?.description).toContain(word)
      expect(about('aiNotice', { aiNotice: word })).toEqual([])
    }
  })
})

test('publishing knows every word that the local form offers, and the hints name it', () => {
  const { drafts, topics, polls } = fieldWords()
  const readers = {
    drafts: (row: object) => readDraft({ title: '题', channel: '地球', column: '海洋', ...row }, 0),
    topics: (row: object) => readTopicRow({ title: '题', ...row }, 0),
    polls: (row: object) => readPollRow({ _id: 'a', question: '问', ...row }, 0),
  }
  const tried: string[] = []
  for (const [name, fields] of Object.entries({ drafts, topics, polls })) {
    const { properties } = readModel(name)
    for (const [field, { offered = [], names = {}, by }] of Object.entries(fields ?? {})) {
      const title = `${properties[field]?.title}：`
      const rows = [
        ...[...offered, ...Object.keys(by ? {} : names)].map(word => ({ [field]: word })),
        ...Object.entries(by?.offered ?? {}).flatMap(([other, words]) =>
          words.map(word => ({ [by?.field ?? '']: other, [field]: word })),
        ),
      ]
      for (const row of rows) {
        const read = readers[name as keyof typeof readers](row)
        expect(read.ok ? [] : read.problems.filter(one => one.startsWith(title))).toEqual([])
        tried.push(String(row[field]))
      }
      for (const word of offered) expect(properties[field]?.description).toContain(word)
    }
  }
  expect(tried).toEqual(
    expect.arrayContaining(['待审', '生命', '人体', '图片', '视觉焦点', '多选', 'several']),
  )
})

/** The fields that publishing writes into a row of topics or polls. */
const noted = ['problems', 'reminders', 'result', 'link', 'version']

describe.each([
  [
    'topics',
    {
      labels: topicLabels as Record<string, string>,
      noted: [...noted, 'topicId'],
      good: { title: '题目' },
      read: readTopicRow,
    },
  ],
  [
    'polls',
    {
      labels: pollLabels as Record<string, string>,
      noted,
      good: {
        _id: 'poll-1',
        question: '问',
        opensAt: Date.UTC(2026, 10, 1),
        closesAt: Date.UTC(2026, 11, 1),
        options: [
          { key: 'a', label: '甲' },
          { key: 'b', label: '乙' },
        ],
      },
      read: readPollRow,
    },
  ],
] as const)('%s', (name, { labels: named, noted: written, good, read }) => {
  const { properties } = readModel(name)
  const problemsOf = (row: object): string[] => {
    const result = read({ ...good, ...row }, Date.UTC(2026, 10, 1))
    return result.ok ? [] : result.problems
  }
  const about = (field: string, row: object): string[] =>
    problemsOf(row).filter(problem => problem.startsWith(`${properties[field]?.title}：`))

  test('every field of the form is read, and every field that is read is in the form', () => {
    expect(Object.keys(properties).sort()).toEqual([...Object.keys(named), ...written].sort())
    for (const [field, label] of Object.entries(named)) expect(properties[field]?.title).toBe(label)
  })

  test('the form requires what publishing requires', () => {
    expect(problemsOf({})).toEqual([])
    const missing = Object.keys(properties).filter(field => about(field, { [field]: undefined }).length > 0)
    expect(missing.sort()).toEqual(requiredOf(properties).sort())
  })

  test('the form allows as much as publishing does, and no more', () => {
    for (const [field, property] of Object.entries(properties)) {
      if (!(field in named) || property.type !== 'string' || property.format !== '') continue
      const tooLong = (value: unknown) => about(field, { [field]: value }).some(one => one.includes('最多'))
      expect([field, tooLong(filled(property))]).toEqual([field, false])
      expect([field, tooLong(filled(property, 1))]).toEqual([field, true])
    }
  })

  test('an empty form has no problem but the fields that are required', () => {
    const empty = Object.fromEntries(
      Object.entries(properties)
        .filter(([field]) => !(field in good))
        .map(([field, { type }]) => [field, type === 'number' ? 0 : type === 'array' ? [] : '']),
    )
    expect(problemsOf(empty)).toEqual([])
  })

  test('the hint of the status names every word that may be written', () => {
    for (const status of entryStatuses) {
      expect(properties.status?.description).toContain(status)
      expect(problemsOf({ status })).toEqual([])
    }
  })
})

test('a topic may list as many stories as its form takes', () => {
  const { maxItems = 0 } = readModel('topics').properties.stories as Property
  const ids = (count: number) => Array.from({ length: count }, (_, n) => `story${10_000 + n}`)
  const read = (count: number) => readTopicRow({ title: '题目', stories: ids(count) }, 0)
  expect(read(maxItems)).toMatchObject({ ok: true })
  expect(read(maxItems + 1)).toMatchObject({ ok: false, problems: [`文章：最多 ${maxItems} 个，请删去一些`] })
})

test('the options of a poll have the fields that publishing reads, and as many', () => {
  const { options, choices } = readModel('polls').properties
  const { items, minItems = 0, maxItems = 0 } = options as Property
  const option = (key: number) => ({
    key: 'k'.repeat(20) + key,
    label: '字'.repeat(59) + key,
    picture: { src: 'cloud://a/b.jpg', alt: '图' },
  })
  const made = (count: number) => Array.from({ length: count }, (_, key) => option(key))
  const keysOf = (value: unknown) => Object.keys(value as object).sort()
  const inner = items?.properties ?? {}
  expect(keysOf(inner)).toEqual(keysOf(option(1)))
  expect(keysOf(inner.picture?.properties)).toEqual(keysOf(option(1).picture))
  const read = (changes: object) =>
    readPollRow(
      { _id: 'p', question: '问', opensAt: '2026-11-20 09:30', closesAt: '2026-12-20 09:30', ...changes },
      0,
    )
  for (const count of [minItems, maxItems]) expect(read({ options: made(count) })).toMatchObject({ ok: true })
  for (const count of [minItems - 1, maxItems + 1])
    expect(read({ options: made(count) })).toMatchObject({
      ok: false,
      problems: [`选项：请写 ${minItems} 到 ${maxItems} 个`],
    })
  for (const [word, meant] of [
    ['单选', 'one'],
    ['多选', 'several'],
  ] as const) {
    expect(choices?.description).toContain(word)
    expect(read({ options: made(2), choices: word })).toMatchObject({ entry: { choices: meant } })
  }
})
