import * as v from 'valibot'
import { channelOf } from '#site'
import { parseBeijingTime } from '../beijing-time'

/** The fields above a manuscript's text. Messages are in Chinese, because editors read them. */

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

export const FrontMatter = v.pipe(
  v.strictObject(
    {
      title: line('title', 120),
      teaser: line('teaser', 200),
      channel: line('channel', 24),
      column: line('column', 24),
      tags: v.pipe(
        v.array(line('tags', 20), 'tags：请写成列表，如 [极光, 地磁场]'),
        v.maxLength(8, 'tags：最多 8 个'),
      ),
      source: line('source', 40),
      author: line('author', 40),
      editor: line('editor', 40),
      publishedAt: BeijingTime,
      /** The names of the topic (独家策划) that the story belongs to and of the poll (云投) that it shows. */
      topic: v.optional(line('topic', 64)),
      poll: v.optional(line('poll', 64)),
      cover: v.optional(line('cover', 200)),
      coverAlt: v.optional(line('coverAlt', 200)),
      credit: v.optional(line('credit', 40)),
      focus: v.optional(v.boolean('focus：只能是 true 或 false'), false),
      corrected: v.optional(v.strictObject({ at: BeijingTime, reason: line('corrected.reason', 200) })),
      facts: v.pipe(
        v.array(line('facts', 300), 'facts：请列出事实来源'),
        v.minLength(1, 'facts：至少写一条事实来源'),
      ),
    },
    fieldProblem,
  ),
  // Partial checks run even when other fields are wrong, so that all problems are reported together.
  v.forward(
    v.partialCheck(
      [['channel'], ['column']],
      ({ channel, column }) => Object.hasOwn(channelOf(channel)?.columns ?? {}, column),
      'channel / column：没有这个频道或栏目（见 src/site.ts）',
    ),
    ['column'],
  ),
  v.forward(
    v.partialCheck(
      [['cover'], ['coverAlt']],
      ({ cover, coverAlt }) => !cover || coverAlt !== undefined,
      'coverAlt：有题图时要写替代文字',
    ),
    ['cover'],
  ),
)
export type FrontMatter = v.InferOutput<typeof FrontMatter>
