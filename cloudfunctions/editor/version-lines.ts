import * as v from 'valibot'
import { Block, type Span } from '#contract/article'
import { channelOf } from '#site'
import { labels } from '../shared/publishing/read-draft'
import { writtenTime } from '../shared/publishing/written-time'

const textOf = (spans: readonly Span[]): string =>
  spans.map(span => (typeof span === 'string' ? span : span.text)).join('')

/** A block of a story as lines of text. */
function linesOf(block: Block): string[] {
  switch (block.type) {
    case 'paragraph':
      return [textOf(block.spans)]
    case 'heading':
      return [`小标题：${block.text}`]
    case 'quote':
      return [`引用：${textOf(block.spans)}`]
    case 'list':
      return block.items.map(item => `· ${textOf(item)}`)
    case 'picture': {
      const { alt, caption, credit, src } = block
      return [`图片：${[alt, caption, credit, src].filter(Boolean).join('　')}`]
    }
    case 'table':
      return [block.head, ...block.rows].map(row => `表格：${row.join(' | ')}`)
    case 'code':
      return block.text.split('\n').map(line => `代码：${line}`)
  }
}

const Text = v.fallback(v.string(), '')

const Content = v.object({
  title: Text,
  teaser: Text,
  channel: Text,
  column: Text,
  source: Text,
  author: Text,
  editor: Text,
  tags: v.fallback(v.array(v.string()), []),
  cover: v.fallback(v.object({ src: Text, alt: Text }), { src: '', alt: '' }),
  credit: Text,
  shareCover: v.fallback(v.object({ src: Text }), { src: '' }),
  relatedChosen: v.fallback(v.array(v.string()), []),
  topic: v.fallback(v.object({ title: Text }), { title: '' }),
  poll: Text,
  publishedAt: v.fallback(v.nullable(v.date()), null),
  offlineAt: v.fallback(v.nullable(v.date()), null),
  corrected: v.fallback(v.object({ reason: Text }), { reason: '' }),
  blocks: v.fallback(v.array(v.fallback(v.nullable(Block), null)), []),
})

/** A version as text: its fields with the editors' names, and its body line by line. */
export interface VersionLines {
  fields: Map<string, string>
  body: string[]
}

export function versionLines(content: unknown): VersionLines {
  const read = v.parse(Content, content)
  const { tags, cover, topic, corrected, blocks, publishedAt, offlineAt } = read
  const channel = channelOf(read.channel)
  const fields = new Map([
    [labels.title, read.title],
    [labels.teaser, read.teaser],
    [labels.channel, channel?.label ?? read.channel],
    [labels.column, (channel?.columns as Record<string, string>)?.[read.column] ?? read.column],
    [labels.source, read.source],
    [labels.author, read.author],
    [labels.editor, read.editor],
    [labels.tags, tags.join('、')],
    [labels.cover, cover.src],
    [labels.coverAlt, cover.alt],
    [labels.credit, read.credit],
    [labels.shareCover, read.shareCover.src],
    [labels.related, read.relatedChosen.join('、')],
    [labels.topic, topic.title],
    [labels.poll, read.poll],
    [labels.publishAt, publishedAt ? writtenTime(publishedAt.getTime()) : ''],
    [labels.offlineAt, offlineAt ? writtenTime(offlineAt.getTime()) : ''],
    [labels.correction, corrected.reason],
  ])
  return { fields, body: blocks.flatMap(block => (block ? linesOf(block) : [])) }
}
