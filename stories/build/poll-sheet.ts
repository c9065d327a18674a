import * as v from 'valibot'
import { OptionKey, pollOptionsAtLeast, pollOptionsAtMost } from '#contract/poll'
import { parseBeijingTime } from '#shared/beijing-time'
import { type Problem, readFields } from './read-fields'
import { fieldProblem, line } from './sheet-fields'

const beijingTime = (label: string) =>
  v.pipe(
    v.string(`${label}：请写成北京时间，如 2026-11-20 09:30`),
    v.trim(),
    v.check(text => parseBeijingTime(text) !== null, `${label}：请写成北京时间，如 2026-11-20 09:30`),
  )

const several = `options：请写 ${pollOptionsAtLeast} 到 ${pollOptionsAtMost} 个选项`

const Option = v.pipe(
  v.strictObject(
    {
      /** What ballots store. It must not change once somebody has answered. */
      key: v.pipe(
        v.string('options：每个选项要有 key'),
        v.check(
          key => v.is(OptionKey, key),
          'options：key 只能用小写字母、数字和连字符，最多 24 个，也不能是 constructor 或 prototype',
        ),
      ),
      label: line('options：label', 60),
      picture: v.optional(line('options：picture', 200)),
      alt: v.optional(line('options：alt', 200)),
    },
    issue => `options：${fieldProblem(issue)}`,
  ),
  v.check(({ picture, alt }) => !picture || alt !== undefined, 'options：有图片时要写替代文字 alt'),
)

/**
 * A poll (云投) as an editor writes it: a YAML file. Its times stay text, which the collection accepts too. Messages are
 * in Chinese, because editors read them.
 */
const PollSheet = v.pipe(
  v.strictObject(
    {
      question: line('question', 200),
      choices: v.optional(v.picklist(['one', 'several'], 'choices：只能是 one 或 several'), 'one'),
      opensAt: beijingTime('opensAt'),
      closesAt: beijingTime('closesAt'),
      options: v.pipe(
        v.array(Option, several),
        v.minLength(pollOptionsAtLeast, several),
        v.maxLength(pollOptionsAtMost, several),
        v.check(
          options => new Set(options.map(({ key }) => key)).size === options.length,
          'options：两个选项用了同一个 key',
        ),
      ),
    },
    fieldProblem,
  ),
  v.forward(
    v.partialCheck(
      [['opensAt'], ['closesAt']],
      ({ opensAt, closesAt }) => opensAt < closesAt,
      'closesAt：要晚于 opensAt',
    ),
    ['closesAt'],
  ),
)
export type PollSheet = v.InferOutput<typeof PollSheet>

/** Reads a poll's file. Reports all problems together. */
export function readPollSheet(text: string): PollSheet | Problem[] {
  return readFields(text.replaceAll('\r\n', '\n'), 1, PollSheet, '云投')
}
