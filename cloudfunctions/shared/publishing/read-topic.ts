import * as v from 'valibot'
import { topicsAtMost } from '#contract/home'
import { ArticleId } from '#contract/ids'
import { PollId } from '#contract/poll'
import { spelledStatus, statusField } from './entry-statuses'
import {
  hashOfFields,
  isEmpty,
  listField,
  orderField,
  pictureField,
  requiredField,
  textField,
  textReminders,
  timeOf,
  withoutWord,
} from './row-fields'

/** Parses a row of `topics`, which may come from the console, a data model's form or an import. */

/** The editors' name of each field, used in messages. */
export const topicLabels = {
  title: '标题',
  status: '状态',
  lead: '导语',
  publishedAt: '发布时间',
  cover: '题图',
  coverAlt: '题图说明',
  credit: '题图出处',
  editor: '责编',
  poll: '云投',
  stories: '文章',
  order: '版位次序',
  from: '版位开始',
  until: '版位结束',
} as const
const labels = topicLabels

/** The fields of which readers see the text. */
const shownAsText = ['title', 'lead', 'coverAlt', 'credit', 'editor'] as const

/** How many stories a topic may list. */
export const storiesAtMost = 500

const Row = v.object({
  title: requiredField(labels.title, 120),
  status: statusField(labels.status),
  lead: textField(labels.lead, 500),
  cover: pictureField(labels.cover),
  coverAlt: textField(labels.coverAlt, 200),
  credit: textField(labels.credit, 40, withoutWord('图')),
  editor: textField(labels.editor, 40, withoutWord('责编')),
  poll: v.pipe(
    textField(labels.poll, 40),
    v.check(id => id === '' || v.is(PollId, id), `${labels.poll}：请写云投的编号（字母、数字、- 和 _）`),
  ),
  stories: listField(labels.stories, /[、，,；;\s]+/u, storiesAtMost, 40),
  order: orderField(labels.order, topicsAtMost),
})

export interface TopicDraft extends Omit<v.InferOutput<typeof Row>, 'status'> {
  /** Milliseconds since 1970. Null means at the first publication. */
  publishedAt: number | null
  /** From when until when `order` applies (ms); null means from the beginning, and without an end. */
  from: number | null
  until: number | null
}

export type TopicRead =
  | { ok: true; entry: TopicDraft; reminders: string[] }
  | { ok: false; problems: string[]; reminders: string[] }

/** Parses an editor's row. Returns one problem per error, in Chinese, with the editors' name of the field. */
export function readTopicRow(row: Readonly<Record<string, unknown>>, now: number): TopicRead {
  const filled = Object.fromEntries(
    Object.keys(labels).map(field => [field, isEmpty(row[field]) ? undefined : row[field]]),
  )
  const parsed = v.safeParse(Row, filled, { abortPipeEarly: true })
  const problems = parsed.success ? [] : parsed.issues.map(({ message }) => message)
  problems.push(...spelledStatus(labels.status, row.status))
  const publishedAt = timeOf(labels.publishedAt, filled.publishedAt, now, problems)
  const from = timeOf(labels.from, filled.from, now, problems)
  const until = timeOf(labels.until, filled.until, now, problems)
  if (from !== null && until !== null && until <= from)
    problems.push(`${labels.until}：要晚于${labels.from}，请改晚或清空`)
  if (parsed.success) {
    const { cover, coverAlt, stories } = parsed.output
    if (cover !== '' && coverAlt === '') problems.push(`${labels.coverAlt}：有题图时要写上图里有什么`)
    const wrong = stories.filter(id => !v.is(ArticleId, id))
    if (wrong.length > 0)
      problems.push(
        `${labels.stories}：请写文章编号（8 到 12 位小写字母和数字），“${wrong[0]}”不是${wrong.length > 1 ? `，另有 ${wrong.length - 1} 个` : ''}`,
      )
  }
  const isIdle = parsed.success && parsed.output.order === null
  const reminders = [
    ...shownAsText.flatMap(field => textReminders(labels[field], row[field])),
    ...(isIdle && from !== null ? [`${labels.from}：没有写${labels.order}，没有用到`] : []),
    ...(isIdle && until !== null ? [`${labels.until}：没有写${labels.order}，没有用到`] : []),
  ]
  if (!parsed.success || problems.length > 0) return { ok: false, problems, reminders }
  const { status: _, ...entry } = parsed.output
  return { ok: true, entry: { ...entry, publishedAt, from, until }, reminders }
}

/** Hash of the editors' fields, with or without the status. */
export const topicHash = (row: Readonly<Record<string, unknown>>, withStatus: boolean): string =>
  hashOfFields(
    row,
    Object.keys(labels).filter(field => withStatus || field !== 'status'),
  )
