import * as v from 'valibot'
import { type Problem, readFields } from './read-fields'
import { BeijingTime, fieldProblem, line } from './sheet-fields'

/** A topic (独家策划) as an editor writes it: a YAML file. Messages are in Chinese, because editors read them. */
const TopicSheet = v.pipe(
  v.strictObject(
    {
      title: line('title', 60),
      lead: line('lead', 200),
      cover: v.optional(line('cover', 200)),
      coverAlt: v.optional(line('coverAlt', 200)),
      credit: v.optional(line('credit', 40)),
      editor: v.optional(line('editor', 40)),
      publishedAt: BeijingTime,
      poll: v.optional(line('poll', 64)),
      /** The names of the topic's stories in order. Without it: the stories that name the topic, newest first. */
      stories: v.optional(
        v.pipe(
          v.array(line('stories', 64), 'stories：请写成文章名的列表'),
          v.minLength(1, 'stories：至少一篇；不写这一行则按时间列出点名本专题的文章'),
          v.maxLength(500, 'stories：最多 500 篇'),
        ),
      ),
    },
    fieldProblem,
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
export type TopicSheet = v.InferOutput<typeof TopicSheet>

/** Reads a topic's file. Reports all problems together. */
export function readTopicSheet(text: string): TopicSheet | Problem[] {
  return readFields(text.replaceAll('\r\n', '\n'), 1, TopicSheet, '专题')
}
