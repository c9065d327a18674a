import * as v from 'valibot'
import { parseBeijingTime } from '#shared/beijing-time'

/** What the sheets of polls and topics share. Messages are in Chinese, because editors read them. */

/** A line of text in an editor's file. `label` names the field in messages. */
export const line = (label: string, longest: number) =>
  v.pipe(
    v.string(`${label}：缺少，或不是文字`),
    v.trim(),
    v.minLength(1, `${label}：不能为空`),
    v.maxLength(longest, `${label}：不能超过 ${longest} 个字`),
  )

export const BeijingTime = v.pipe(
  v.string('publishedAt：缺少发布时间'),
  v.transform(parseBeijingTime),
  v.number('publishedAt：请写成北京时间，如 2026-11-20 09:30'),
)

/** valibot reports an unknown key as expected `never`, and the name of a missing key in `expected`. */
export const fieldProblem = (issue: v.StrictObjectIssue): string =>
  issue.expected === 'never'
    ? `${issue.received.replaceAll('"', '')}：不认识的字段`
    : `${(issue.expected ?? '').replaceAll('"', '')}：缺少`
