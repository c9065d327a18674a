import * as v from 'valibot'
import { labels } from '#shared/publishing/read-draft'
import { type Problem, readFields } from './read-fields'
import { fieldProblem } from './sheet-fields'

/** Looks up what a sample story refers to, by file name. */
export interface References {
  /** The address of a drawing, with its size as a draft writes it, or null if it does not exist. */
  picture(file: string): string | null
  hasStory(slug: string): boolean
}

/** A row of `drafts`, as an editor would write it in the console. Its `_id` is the file's name. */
export interface DraftRow extends Record<string, unknown> {
  _id: string
  body: string
}

export interface SampleDraft {
  row: DraftRow
  /** The topic and poll that the story names, and when it was last published, as written. */
  topic: string | undefined
  poll: string | undefined
  correctedAt: string | undefined
  /** The line of the file where a draft's field stands, or a line of its body. */
  lineOf(field: string, bodyLine?: number): number
}

const text = (key: string) => v.string(`${key}：不是文字`)
const list = (key: string) => v.array(text(key), `${key}：请写成列表，如 [极光, 地磁场]`)

/** Checks only the types of the fields; publishing checks their contents. */
const FrontMatter = v.strictObject(
  {
    title: text('title'),
    teaser: text('teaser'),
    channel: text('channel'),
    column: text('column'),
    tags: list('tags'),
    source: text('source'),
    author: text('author'),
    editor: text('editor'),
    publishedAt: text('publishedAt'),
    topic: v.optional(text('topic')),
    poll: v.optional(text('poll')),
    cover: v.optional(text('cover')),
    coverAlt: v.optional(text('coverAlt')),
    credit: v.optional(text('credit')),
    focus: v.optional(v.boolean('focus：只能是 true 或 false'), false),
    order: v.optional(v.number('order：请写首页视觉焦点的第几位，如 1')),
    corrected: v.optional(
      v.strictObject({ at: text('corrected.at'), reason: text('corrected.reason') }, fieldProblem),
    ),
    facts: list('facts'),
  },
  fieldProblem,
)

const frontMatter = /^---[ \t]*\n(?:([\s\S]*?)\n)??---[ \t]*(?:\n|$)/

/** The fields of a file whose names differ from a draft's. */
const keys: Readonly<Record<string, string>> = {
  publishAt: 'publishedAt',
  placement: 'focus',
  correction: 'corrected',
}

/** A link to another sample, or a drawing, by its file's name. */
const named = /(\]\()(?:story:([\w-]+)|([\w-]+\.svg))(?=[\s)])/g

/** Reads a sample story, Markdown with YAML front matter, as the row of `drafts` that an editor would write. */
export function readSampleDraft(
  source: string,
  slug: string,
  references: References,
): SampleDraft | Problem[] {
  const whole = source.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const [front = '', fields = ''] = frontMatter.exec(whole) ?? []
  if (front === '') return [{ line: 1, message: '文稿开头缺少用 --- 围起来的信息' }]
  const meta = readFields(fields, 2, FrontMatter)
  if (Array.isArray(meta)) return meta
  const rest = whole.slice(front.length)
  const [blank = ''] = /^\s*/.exec(rest) ?? []
  const linesBefore = (front + blank).split('\n').length - 1
  const lines = whole.split('\n')
  const problems: Problem[] = []
  const body = rest
    .trim()
    .split('\n')
    .map((line, index) =>
      line.replace(named, (link, before: string, story?: string, picture?: string) => {
        if (story !== undefined && !references.hasStory(story))
          problems.push({ line: linesBefore + index + 1, message: `没有这篇文章：${story}` })
        const address = story === undefined ? references.picture(picture ?? '') : `story:${story}`
        return address === null ? link : before + address
      }),
    )
    .join('\n')
  const lineOf = (field: string, bodyLine = 1): number =>
    field === 'body'
      ? linesBefore + bodyLine
      : Math.max(
          0,
          lines.findIndex(line => line.startsWith(`${keys[field] ?? field}:`)),
        ) + 1
  const cover = meta.cover === undefined ? undefined : references.picture(meta.cover)
  if (cover === null) problems.push({ line: lineOf('cover'), message: `找不到题图：${meta.cover}` })
  if (problems.length > 0) return problems
  const { publishedAt, focus, corrected, facts, topic, poll, cover: _, ...same } = meta
  return {
    row: {
      _id: slug,
      ...same,
      ...(cover ? { cover } : {}),
      ...(poll === undefined ? {} : { poll }),
      facts: facts.join('\n'),
      ...(focus ? { placement: '视觉焦点' } : {}),
      ...(corrected ? { correction: corrected.reason } : {}),
      publishAt: publishedAt,
      status: '待发布',
      body,
    },
    topic,
    poll,
    correctedAt: corrected?.at,
    lineOf,
  }
}

/** The field that a message of the publishing code names. */
export const fieldOf = (message: string): string =>
  Object.entries(labels).find(([, label]) => message.startsWith(`${label}：`))?.[0] ?? ''
