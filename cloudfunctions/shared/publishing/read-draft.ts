import * as v from 'valibot'
import { relatedShown } from '#contract/article'
import { focusAtMost } from '#contract/home'
import { TopicId } from '#contract/ids'
import { PollId } from '#contract/poll'
import { channels, site } from '#site'
import { nameOfStory } from './name-of-story'
import { readTime, timeFault } from './read-time'
import {
  hashOfFields,
  isEmpty,
  lineOf,
  listField,
  orderField,
  pictureField,
  requiredField,
  textField,
  textReminders,
  withoutWord,
  wordField,
} from './row-fields'
import { askable, type Status, spellingsOf, statuses } from './status-words'

/** Parses a row of `drafts`, which may come from the console, a data model's form or an import. */

/** The editors' name of each field, used in messages. */
export const labels = {
  title: '标题',
  teaser: '导语',
  channel: '频道',
  column: '栏目',
  source: '来源',
  author: '作者',
  editor: '责编',
  tags: '标签',
  body: '正文',
  facts: '资料来源',
  aiNotice: '含AI生成内容',
  status: '状态',
  publishAt: '发布时间',
  offlineAt: '下线时间',
  cover: '封面',
  coverAlt: '封面说明',
  credit: '封面出处',
  topic: '专题',
  poll: '云投',
  placement: '版位',
  order: '版位次序',
  from: '版位开始',
  until: '版位结束',
  correction: '更正说明',
  reason: '撤回原因',
  shareCover: '分享图',
  related: '相关阅读',
} as const
type Field = keyof typeof labels
const fields = Object.keys(labels) as Field[]

/** Fields that readers see as plain text. */
const shownAsText = [
  ...(['title', 'teaser', 'source', 'author', 'editor', 'tags', 'facts'] as const),
  ...(['coverAlt', 'credit', 'correction', 'reason'] as const),
]

/** Spellings with what they mean. The form offers the Chinese ones. */
export const aiKinds = new Map([
  ['none', ''],
  ['无', ''],
  ['text', '文字'],
  ['文字', '文字'],
  ['picture', '图片'],
  ['图片', '图片'],
  ['audio', '音频'],
  ['音频', '音频'],
])

/** `body` stays as it is here: `readBody` cleans it and reports what it removes. */
const cleanOf = (field: Field) => (field === 'body' ? (written: string) => written.trim() : lineOf)

const text = (field: Field, longest: number) => textField(labels[field], longest, cleanOf(field))
const textAfter = (word: string, field: Field, longest: number) =>
  textField(labels[field], longest, withoutWord(word, cleanOf(field)))
const required = (field: Field, longest: number) => requiredField(labels[field], longest, cleanOf(field))
const oneOf = (field: Field, values: ReadonlyMap<string, string>, shown: readonly string[]) =>
  wordField(labels[field], values, shown)
const list = (field: Field, separators: RegExp, most: number, longest: number) =>
  listField(labels[field], separators, most, longest)

/** 独家策划 holds topics, which are rows of their own with the same fields. */
export const placements = new Map([
  ['视觉焦点', 'focus'],
  ['focus', 'focus'],
])

/** All accepted spellings of 视觉焦点. */
export const waysToPlace = [...placements.keys()]

/** The problem of a list in which some entries name no story. */
function strangeNames({ input }: v.CheckIssue<string[]>): string {
  const strange = input.flatMap((one, index) => (nameOfStory(one) === null ? [index + 1] : []))
  return `${labels.related}：第 ${strange.join('、')} 条，请写文章编号、稿件的 _id，或本站文章的地址`
}

const statusOf = spellingsOf(statuses)

const Row = v.object({
  title: required('title', 120),
  teaser: required('teaser', 200),
  channel: required('channel', 24),
  column: required('column', 24),
  source: textAfter('来源', 'source', 40),
  author: textAfter('文', 'author', 40),
  editor: textAfter('责编', 'editor', 40),
  tags: list('tags', /[、，,；;\s]+/u, 8, 20),
  body: required('body', 4_000_000),
  facts: list('facts', /\n+/u, 50, 300),
  aiNotice: oneOf('aiNotice', aiKinds, ['无', '文字', '图片', '音频']),
  status: oneOf('status', statusOf, askable(statuses)),
  cover: pictureField(labels.cover),
  coverAlt: text('coverAlt', 200),
  credit: textAfter('图', 'credit', 40),
  topic: v.pipe(
    text('topic', 40),
    v.check(
      id => id === '' || v.is(TopicId, id),
      `${labels.topic}：请写专题的编号（8 到 12 位小写字母和数字）`,
    ),
  ),
  poll: v.pipe(
    text('poll', 40),
    v.check(id => id === '' || v.is(PollId, id), `${labels.poll}：请写云投的编号（字母、数字、- 和 _）`),
  ),
  placement: oneOf('placement', placements, ['视觉焦点']),
  order: orderField(labels.order, focusAtMost),
  correction: text('correction', 200),
  reason: text('reason', 500),
  shareCover: pictureField(labels.shareCover),
  related: v.pipe(
    list('related', /[、，,；;\s]+/u, relatedShown, 300),
    v.check(written => written.every(one => nameOfStory(one) !== null), strangeNames),
    v.transform(written => [...new Set(written.flatMap(one => nameOfStory(one) ?? []))]),
  ),
})

export interface Draft extends Omit<v.InferOutput<typeof Row>, 'status' | 'placement'> {
  status: Status
  /** Whether the story is shown in 视觉焦点 on the home page, in the place `order` if it is not null. */
  inFocus: boolean
  /** From when until when it is (ms); null means from its publication, and without an end. */
  from: number | null
  until: number | null
  /** Milliseconds since 1970. Null means as soon as possible. */
  publishAt: number | null
  /** Milliseconds since 1970. Null means never. */
  offlineAt: number | null
}

export type DraftRead =
  | { ok: true; draft: Draft; reminders: string[] }
  | { ok: false; problems: string[]; reminders: string[] }

/** The key of a channel or column. Editors may write its key or its label. */
function keyOf(
  map: Readonly<Record<string, string | { label: string }>>,
  written: string,
): string | undefined {
  return Object.entries(map).find(
    ([key, value]) => key === written || (typeof value === 'string' ? value : value.label) === written,
  )?.[0]
}

function readSection(row: { channel: string; column: string }): { channel: string; column: string } | string {
  const channel = keyOf(channels, row.channel)
  if (channel === undefined) {
    const all = Object.values(channels).map(({ label }) => label)
    return `${labels.channel}：没有“${row.channel.slice(0, 24)}”，请从 ${all.join('、')} 中选`
  }
  const { label, columns } = channels[channel as keyof typeof channels]
  const column = keyOf(columns, row.column)
  if (column !== undefined) return { channel, column }
  return `${labels.column}：频道“${label}”没有这个栏目，请从 ${Object.values(columns).join('、')} 中选`
}

/**
 * The status of a row, even if its other fields are invalid. A row without a status, or with one that is not spelled
 * exactly, is 草稿: the clock's query does not find it.
 */
export const statusOfRow = ({ status }: Readonly<Record<string, unknown>>): Status =>
  (typeof status === 'string' ? statusOf.get(status) : undefined) ?? '草稿'

/** The tags of a row. None if they are faulty. */
export function tagsOf(written: unknown): string[] {
  const tags = v.safeParse(Row.entries.tags, isEmpty(written) ? undefined : written)
  return tags.success ? tags.output : []
}

/** The topic of a row, and its place in 视觉焦点. Empty or null where they are faulty or not asked for. */
export function namedIn(row: Readonly<Record<string, unknown>>): { topic: string; order: number | null } {
  const filled = (field: 'topic' | 'placement' | 'order') => (isEmpty(row[field]) ? undefined : row[field])
  const topic = v.safeParse(Row.entries.topic, filled('topic'))
  const placement = v.safeParse(Row.entries.placement, filled('placement'))
  const order = v.safeParse(Row.entries.order, filled('order'))
  return {
    topic: topic.success ? topic.output : '',
    order: placement.output === 'focus' && order.success ? order.output : null,
  }
}

/** Whether the clock's query cannot find a row by its status, because it is misspelled or not a text. */
export const isUnknownStatus = (row: Readonly<Record<string, unknown>>): boolean =>
  !isEmpty(row.status) && !(typeof row.status === 'string' && statusOf.has(row.status))

/** All accepted spellings of all statuses. */
export const knownStatuses = [...statusOf.keys()]

/** Parses an editor's row. Returns one problem per error, in Chinese, with the editors' name of the field. */
export function readDraft(row: Readonly<Record<string, unknown>>, now: number): DraftRead {
  // Forms write null, "", 0 or [] for what an editor left empty.
  const filled = Object.fromEntries(
    fields.map(field => [field, isEmpty(row[field]) ? undefined : row[field]]),
  )
  const parsed = v.safeParse(Row, filled, { abortPipeEarly: true })
  const problems = parsed.success ? [] : parsed.issues.map(({ message }) => message)
  const wrong = new Set(parsed.success ? [] : parsed.issues.map(issue => issue.path?.[0]?.key))
  // The clock's query finds a status only as it is spelled.
  if (!wrong.has('status') && typeof filled.status === 'string' && !statusOf.has(filled.status))
    problems.push(`${labels.status}：前后有空格或看不见的字符，请删去重写`)
  const publishAt = readTime(filled.publishAt, now)
  const offlineAt = readTime(filled.offlineAt, now)
  const from = readTime(filled.from, now)
  const until = readTime(filled.until, now)
  const times = { publishAt, offlineAt, from, until }
  for (const field of ['publishAt', 'offlineAt', 'from', 'until'] as const)
    if (times[field] === undefined) problems.push(`${labels[field]}：${timeFault(filled[field], now)}`)
  if (typeof from === 'number' && typeof until === 'number' && until <= from)
    problems.push(`${labels.until}：要晚于${labels.from}，请改晚或清空`)
  if (publishAt === null && statusOfRow(row) === '已定时')
    problems.push(`${labels.publishAt}：状态是 已定时，却没有时间，请写上；要马上发布，请把状态改成 待发布`)
  const isLate = typeof offlineAt === 'number' && offlineAt <= Math.max(now, publishAt ?? now)
  if (isLate && statusOfRow(row) !== '已撤回')
    problems.push(`${labels.offlineAt}：要晚于现在和发布时间，请改晚或清空`)
  const seen = v.safeParse(v.object({ channel: Row.entries.channel, column: Row.entries.column }), filled)
  const section = seen.success ? readSection(seen.output) : null
  if (typeof section === 'string') problems.push(section)
  const hasAlt = v.is(required('coverAlt', 200), filled.coverAlt)
  if (filled.cover !== undefined && !wrong.has('cover') && !wrong.has('coverAlt') && !hasAlt)
    problems.push(`${labels.coverAlt}：有封面时要写上图里有什么`)
  const reminders = shownAsText.flatMap(field => textReminders(labels[field], row[field]))
  if (
    !parsed.success ||
    problems.length > 0 ||
    publishAt === undefined ||
    offlineAt === undefined ||
    from === undefined ||
    until === undefined ||
    section === null ||
    typeof section === 'string'
  )
    return { ok: false, problems, reminders }
  const { source, editor, placement, ...rest } = parsed.output
  const draft = {
    ...rest,
    ...section,
    inFocus: placement === 'focus',
    source: source || site.publisher,
    editor: editor || site.desk,
    status: (parsed.output.status || '草稿') as Status,
    publishAt,
    offlineAt,
    from,
    until,
  }
  return { ok: true, draft, reminders: [...reminders, ...placeReminders(draft, now)] }
}

/** What keeps a draft out of 视觉焦点, although its editor asked for it. */
function placeReminders({ inFocus, order, from, until, ...draft }: Draft, now: number): string[] {
  if (!inFocus) {
    const asked = (['order', 'from', 'until'] as const).find(
      field => ({ order, from, until })[field] !== null,
    )
    return asked ? [`${labels[asked]}：没有写${labels.placement}，没有使用`] : []
  }
  const unseen = '这篇文章不会出现在视觉焦点'
  if (draft.cover === '') return [`${labels.placement}：没有封面，${unseen}`]
  if (until !== null && until <= now) return [`${labels.until}：已经过了，${unseen}`]
  if (until !== null && until <= (draft.publishAt ?? 0)) return [`${labels.until}：早于发布时间，${unseen}`]
  if (from !== null && draft.offlineAt !== null && draft.offlineAt <= from)
    return [`${labels.from}：晚于下线时间，${unseen}`]
  return []
}

/** Hash of the editors' fields. It ignores fields that a form or this program writes. */
export const draftHash = (row: Readonly<Record<string, unknown>>): string => hashOfFields(row, fields)

/** The same hash without `status`, which publishing also changes. */
export const textHash = (row: Readonly<Record<string, unknown>>): string =>
  hashOfFields(
    row,
    fields.filter(field => field !== 'status'),
  )

/** All accepted spellings of a status. */
export const waysToWrite = (status: Status): string[] =>
  [...statusOf].flatMap(([written, meant]) => (meant === status ? [written] : []))
