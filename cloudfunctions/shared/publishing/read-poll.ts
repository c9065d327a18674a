import * as v from 'valibot'
import { OptionKey, PollId, pollOptionsAtLeast, pollOptionsAtMost } from '#contract/poll'
import { spelledStatus, statusField } from './entry-statuses'
import {
  hashOfFields,
  isEmpty,
  pictureField,
  requiredField,
  textField,
  textReminders,
  timeOf,
  wordField,
} from './row-fields'

/** Parses a row of `polls`, which may come from the console, a data model's form or an import. */

/** The editors' name of each field, used in messages. */
export const pollLabels = {
  question: '题目',
  status: '状态',
  choices: '可选几项',
  opensAt: '开始时间',
  closesAt: '结束时间',
  options: '选项',
} as const
const labels = pollLabels

/** Spellings with what they mean. The form offers the Chinese ones. */
export const ways = new Map([
  ['one', 'one'],
  ['单选', 'one'],
  ['several', 'several'],
  ['多选', 'several'],
])

const Row = v.object({
  question: requiredField(labels.question, 200),
  status: statusField(labels.status),
  choices: v.pipe(
    wordField(labels.choices, ways, ['单选', '多选']),
    v.transform(word => (word === 'several' ? ('several' as const) : ('one' as const))),
  ),
})

/** An option as its editor writes it. `picture` is an address, empty for none. */
export interface OptionDraft {
  key: string
  label: string
  picture: string
  alt: string
}

export interface PollDraft extends Omit<v.InferOutput<typeof Row>, 'status'> {
  /** Milliseconds since 1970. */
  opensAt: number
  closesAt: number
  options: OptionDraft[]
}

export type PollRead =
  | { ok: true; entry: PollDraft; reminders: string[] }
  | { ok: false; problems: string[]; reminders: string[] }

const record = v.record(v.string(), v.unknown())

/** The label of an option's field in messages: 选项第 2 个的文字. */
const optionLabel = (index: number, name: string): string => `${labels.options}第 ${index + 1} 个的${name}`

function optionSchema(index: number) {
  const key = optionLabel(index, 'key')
  return v.object({
    key: v.pipe(
      requiredField(key, 40),
      v.check(
        one => v.is(OptionKey, one),
        `${key}：只能用小写字母、数字和短横，最多 24 个，也不能是 constructor 或 prototype`,
      ),
    ),
    label: requiredField(optionLabel(index, '文字'), 60),
    picture: pictureField(optionLabel(index, '图片')),
    alt: textField(optionLabel(index, '图片说明'), 200),
  })
}

function readOption(written: unknown, index: number, problems: string[]): OptionDraft | null {
  const option = v.safeParse(record, written)
  if (!option.success) {
    problems.push(`${labels.options}：第 ${index + 1} 个要有 key 和文字`)
    return null
  }
  const { key, label, picture } = option.output
  // A form writes a picture as an object of address and text, of which either may be empty; others write an address.
  const parts = v.safeParse(record, picture)
  const { src, alt } =
    parts.success && !Array.isArray(picture) ? parts.output : { src: picture, alt: option.output.alt }
  const fields = { key, label, picture: src, alt }
  const filled = Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [field, isEmpty(value) ? undefined : value]),
  )
  const parsed = v.safeParse(optionSchema(index), filled, { abortPipeEarly: true })
  if (!parsed.success) {
    problems.push(...parsed.issues.map(({ message }) => message))
    return null
  }
  if (parsed.output.picture !== '' && parsed.output.alt === '')
    problems.push(`${optionLabel(index, '图片说明')}：有图片时要写上图里有什么`)
  return parsed.output
}

/** What its editor is told about what readers will see of an option. */
function remindersOfOption(written: unknown, index: number): string[] {
  const { label, picture, alt } = v.parse(v.fallback(record, {}), written)
  const inPicture = v.parse(v.fallback(record, {}), picture).alt
  return [
    ...textReminders(optionLabel(index, '文字'), label),
    ...textReminders(optionLabel(index, '图片说明'), inPicture ?? alt),
  ]
}

function readOptions(written: unknown, problems: string[]): OptionDraft[] {
  const count = Array.isArray(written) ? written.length : 0
  if (!Array.isArray(written) || count < pollOptionsAtLeast || count > pollOptionsAtMost) {
    problems.push(`${labels.options}：请写 ${pollOptionsAtLeast} 到 ${pollOptionsAtMost} 个`)
    return []
  }
  const options = written.flatMap((one, index) => readOption(one, index, problems) ?? [])
  const keys = options.map(({ key }) => key)
  const twice = [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))]
  for (const key of twice) problems.push(`${labels.options}：有两个的 key 都是“${key}”，请改掉一个`)
  const words = options.map(({ label }) => label)
  const same = [...new Set(words.filter((word, index) => words.indexOf(word) !== index))]
  for (const word of same) problems.push(`${labels.options}：有两个的文字都是“${word}”，请改掉一个`)
  return options
}

/** A time that an editor must write. */
function requiredTime(label: string, written: unknown, now: number, problems: string[]): number {
  if (isEmpty(written)) problems.push(`${label}：还没有填写，请写上`)
  return timeOf(label, isEmpty(written) ? undefined : written, now, problems) ?? 0
}

/** Parses an editor's row. Returns one problem per error, in Chinese, with the editors' name of the field. */
export function readPollRow(row: Readonly<Record<string, unknown>>, now: number): PollRead {
  const filled = Object.fromEntries(
    Object.keys(labels).map(field => [field, isEmpty(row[field]) ? undefined : row[field]]),
  )
  const parsed = v.safeParse(Row, filled, { abortPipeEarly: true })
  const problems = parsed.success ? [] : parsed.issues.map(({ message }) => message)
  problems.push(...spelledStatus(labels.status, row.status))
  if (!v.is(PollId, row._id)) problems.push('编号（_id）：只能用字母、数字、- 和 _，最多 40 个，请另建一行')
  const opensAt = requiredTime(labels.opensAt, filled.opensAt, now, problems)
  const closesAt = requiredTime(labels.closesAt, filled.closesAt, now, problems)
  if (opensAt > 0 && closesAt > 0 && closesAt <= opensAt)
    problems.push(`${labels.closesAt}：要晚于${labels.opensAt}`)
  const options = readOptions(filled.options, problems)
  const reminders = [
    ...textReminders(labels.question, row.question),
    ...(Array.isArray(filled.options) ? filled.options.flatMap(remindersOfOption) : []),
  ]
  if (!parsed.success || problems.length > 0) return { ok: false, problems, reminders }
  const { status: _, ...entry } = parsed.output
  const ended = closesAt <= now ? [`${labels.closesAt}：已经过了，读者只能看结果，不能再回答`] : []
  return { ok: true, entry: { ...entry, opensAt, closesAt, options }, reminders: [...reminders, ...ended] }
}

/** Hash of the editors' fields, with or without the status. */
export const pollHash = (row: Readonly<Record<string, unknown>>, withStatus: boolean): string =>
  hashOfFields(
    row,
    Object.keys(labels).filter(field => withStatus || field !== 'status'),
  )
