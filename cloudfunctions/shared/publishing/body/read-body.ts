import type { Root, RootContent } from 'mdast'
import type { Block } from '#contract/article'
import { withoutUnseen } from '../../unseen-characters'
import { fencedCode, frontMatter, mendMarkdown, tooTangled, unclosedCode } from './mend-markdown'
import { type Dropped, elementsAtMost, parseHtml, TooMuchMarkup, TooMuchText } from './parse-html'
import { parseMarkdown } from './parse-markdown'
import { type BodyKind, tellKind } from './tell-kind'
import {
  type Change,
  Converter,
  type Fault,
  imagesOf,
  type Link,
  linesJoined,
  type Place,
  pictureOf,
  type References,
} from './to-blocks'
import { readTyped } from './typed-markdown'

export type { Link, Place, References } from './to-blocks'

/** Something an editor must correct before the body is published. */
export interface BodyProblem {
  field: 'body'
  place: Place
  /** Chinese; names the place and how to correct it: 第 3 段的图片没有说明，请在图片后的括号里写上. */
  message: string
}

/** A reminder (提醒) for the editor: parts of one kind that were removed or changed. */
export interface BodyReminder {
  kind: string
  count: number
  /** The first paragraphs that it refers to, and the line of the first one. */
  paragraphs: number[]
  line: number
  /** Chinese; contains the count and the places. */
  message: string
}

export interface Body {
  /** The blocks that could be converted; empty if the body cannot be read at all. */
  blocks: Block[]
  problems: BodyProblem[]
  reminders: BodyReminder[]
  /** Links to other sites. In the body they become plain text; their addresses are listed in 资料来源. */
  links: Link[]
}

/** A parsed body whose pictures and links to stories are not resolved yet. */
export interface ParsedBody {
  kind: BodyKind
  /** Addresses of its pictures without duplicates: `cloud://`, https or a file name. */
  pictures: string[]
  /** What its links to our stories name: ids of stories, or of drafts. Without duplicates. `site`: see readLink. */
  stories(site?: string | undefined): string[]
  toBlocks(references: References): Body
}

/** Limits of a story. A function's reply is at most 1 MB and contains more than the body. */
export const blocksAtMost = 2_000
export const bytesAtMost = 900_000
/** The longest source text in UTF-16 units. It exceeds the limit of the body, because HTML is mostly markup. */
const longestText = { markdown: 600_000, html: 4_000_000 }

/** Found in every body that links to one of our stories. */
const linksToStories = /story:|\/a\/|pages\/article/i

const endsSentence = /[。！？…：；.!?][”’」』）)]*\s*$/
/** A line that Markdown may mean otherwise than as text. */
const otherLine = /^\s*(?:[-*+>＞#＃|｜•·●]|[\d０-９]+[.)）．、]|!\[)|^\s*$/
/** A program wraps lines before so many characters, so a longer line is a paragraph. */
const longLine = 80
/** Chinese writers indent the first line of a paragraph by two full-width spaces, editors' programs by hard ones. */
const indented = /^(?:\u3000{2}|\u00A0{2,8}|(?:&nbsp;){2,8})[\u3000\u00A0]*\S/

/** Whether a line below another one begins a paragraph, although no empty line stands between them. */
function isParagraph(before: string, line: string): boolean {
  if (indented.test(line)) return !otherLine.test(line.replace(/^(?:[\s\u3000]|&nbsp;)+/, ''))
  const isLong = before.length > longLine || line.length > longLine
  return isLong && endsSentence.test(before) && !otherLine.test(before) && !otherLine.test(line)
}

/**
 * Sets empty lines between paragraphs that have none: before indented lines, beside lines that are longer than a program
 * wraps them, and between all lines if every line ends like a sentence. Also returns, for each line of the result, its
 * number in the text that the editor sees.
 */
function divideLines(text: string): { divided: string; numbers: number[] } {
  const lines = text.split('\n')
  const written = text.trim().split('\n')
  const areSentences =
    written.length > 1 && written.every(line => endsSentence.test(line) && !otherLine.test(line))
  const divided: string[] = []
  const numbers: number[] = []
  const { isCode } = fencedCode(lines)
  for (const [at, line] of lines.entries()) {
    const before = lines[at - 1] ?? ''
    if (
      !isCode[at] &&
      before.trim() !== '' &&
      line.trim() !== '' &&
      (areSentences || isParagraph(before, line))
    ) {
      divided.push('')
      numbers.push(at + 1)
    }
    divided.push(line)
    numbers.push(at + 1)
  }
  return { divided: divided.join('\n'), numbers }
}

/** Gives blocks of HTML their text as the editor wrote it: `mendMarkdown` escapes asterisks, which HTML would show. */
function withHtmlAsWritten(root: Root, source: string): Root {
  const lines = source.split('\n')
  for (const node of root.children)
    if (node.type === 'html' && node.position?.start.column === 1)
      node.value = lines.slice(node.position.start.line - 1, node.position.end.line).join('\n')
  return root
}

/** Stands for a picture whose file does not matter. */
const anyPicture = { src: '', width: 1, height: 1 }

const failed = (message: string, line = 1): { faults: Fault[] } => ({
  faults: [{ paragraph: 1, line, message }],
})

const tooLong = `正文太长：最多 ${bytesAtMost / 1_000} KB，约 ${Math.floor(bytesAtMost / 30_000)} 万字`

/** What an editor reads about a body that is not converted. Throws other errors again. */
export function refusalOf(error: unknown): string {
  if (error instanceof TooMuchText) return tooLong
  if (error instanceof TooMuchMarkup)
    return `正文里的 HTML 标记太多，最多 ${elementsAtMost / 10_000} 万个，请只粘贴文字，或分成几篇`
  throw error
}

/**
 * Parses an editor's body: Markdown, plain text, or HTML from a CMS, Word or WeChat's editor. This is the first of two
 * phases; in the second, the caller measures `pictures` and calls `toBlocks`.
 */
export function parseBody(source: string): ParsedBody {
  const seen = withoutUnseen(source)
  const kind = tellKind(seen.text)
  let isStrict = kind === 'markdown'
  const before: Change[] = Array.from({ length: Math.min(seen.removed, 1_000_000) }, () => ({
    paragraph: 0,
    line: 1,
    kind: '看不见的字符',
  }))
  let faults: Fault[] = []
  let root: Root = { type: 'root', children: [] }
  let mended = ''
  /** Of each line of `mended`, its number in the source. */
  let numbers: readonly number[] = []
  const asSeen = <Placed extends Place>(place: Placed): Placed => ({
    ...place,
    line: numbers[place.line - 1] ?? place.line,
  })
  const read = (): void => {
    if (seen.text.length > longestText[kind]) {
      faults = failed(tooLong).faults
      return
    }
    if (kind === 'html') {
      const html = parseHtml(seen.text)
      before.push(...placed(html.dropped, html.root))
      const typed = readTyped(html.root)
      root = typed.root
      isStrict = typed.isWhole
      if (typed.tangled !== null) faults = failed(`：${typed.tangled}`).faults
      return
    }
    const lines = divideLines(seen.text)
    mended = mendMarkdown(lines.divided)
    numbers = lines.numbers
    const tangled = frontMatter(lines.divided) ?? tooTangled(mended) ?? unclosedCode(mended)
    if (tangled) {
      const line = numbers[tangled.line - 1] ?? tangled.line
      faults = failed(`第 ${line} 行：${tangled.message}`, line).faults
    } else root = withHtmlAsWritten(parseMarkdown(mended), lines.divided)
  }
  try {
    read()
  } catch (error) {
    faults = failed(refusalOf(error)).faults
  }

  const html = (text: string, place: Place, changes: Change[]): RootContent[] => {
    const { root: inner, dropped } = parseHtml(text)
    changes.push(...dropped.map(({ kind: what }) => ({ ...place, kind: what })))
    return inner.children
  }
  const convert = (
    references: References,
  ): { blocks: Block[]; faults: Fault[]; changes: Change[]; links: Link[] } => {
    const changes = [...before]
    const converter = new Converter(references, {
      markdown: kind === 'markdown',
      source: mended,
      strict: isStrict,
      html: (text, place) => html(text, place, changes),
    })
    try {
      const blocks = faults.length > 0 ? [] : converter.convert(structuredClone(root))
      const found = [...faults, ...converter.faults.map(asSeen)]
      const all = found.length > 0 ? found : limits(blocks)
      return {
        blocks,
        faults: all,
        changes: [...changes, ...converter.changes.map(asSeen)],
        links: converter.links,
      }
    } catch (error) {
      return { blocks: [], ...failed(refusalOf(error)), changes, links: [] }
    }
  }

  return {
    kind,
    pictures: [...new Set(imageAddresses(root))],
    stories(site) {
      const named = new Set<string>()
      const story = (name: string): null => {
        named.add(name)
        return null
      }
      // Converting finds links in all their forms, also in captions, but costs as much as the conversion itself.
      if (linksToStories.test(seen.text)) convert({ picture: () => anyPicture, story, site })
      return [...named]
    },
    toBlocks(references) {
      const { blocks, faults: found, changes, links } = convert(references)
      const problems = found.map(fault => toProblem(fault))
      if (blocks.length === 0 && problems.length === 0)
        problems.push({ field: 'body', place: { paragraph: 1, line: 1 }, message: '没有正文，请写上' })
      return { blocks, problems, reminders: grouped(changes), links }
    },
  }
}

/** Runs both phases, for callers that already have the pictures. */
export const readBody = (text: string, references: References): Body => parseBody(text).toBlocks(references)

function imageAddresses(root: Root): string[] {
  const inHtml = (nodes: readonly RootContent[]): string[] =>
    nodes.flatMap(node => {
      if (node.type === 'html')
        return /<img/i.test(node.value)
          ? imagesOf(parseHtml(node.value).root.children).map(({ url }) => url)
          : []
      return 'children' in node ? inHtml(node.children as RootContent[]) : []
    })
  const referenced = root.children.flatMap(node => (node.type === 'definition' ? [node] : []))
  const names = new Set(referencedImages(root.children))
  return [
    ...imagesOf(root.children).map(({ url }) => url),
    ...referenced.filter(({ identifier }) => names.has(identifier)).map(({ url }) => url),
    ...inHtml(root.children),
  ].flatMap(url => pictureOf(url) ?? [])
}

function referencedImages(nodes: readonly RootContent[]): string[] {
  return nodes.flatMap(node => {
    if (node.type === 'imageReference') return [node.identifier]
    return 'children' in node ? referencedImages(node.children as RootContent[]) : []
  })
}

function limits(blocks: readonly Block[]): Fault[] {
  const place = { paragraph: blocks.length, line: 1 }
  if (blocks.length > blocksAtMost)
    return [{ ...place, message: `：正文有 ${blocks.length} 段，最多 ${blocksAtMost} 段，请分成几篇` }]
  const bytes = Buffer.byteLength(JSON.stringify(blocks))
  if (bytes > bytesAtMost) {
    const long = `正文太长：${Math.ceil(bytes / 1_000)} KB，最多 ${bytesAtMost / 1_000} KB（约 ${Math.floor(bytesAtMost / 30_000)} 万字）`
    return [{ ...place, message: `：${long}，请分成几篇` }]
  }
  return []
}

/** Offset of a node's first text. The HTML converter sets no position on nodes that it adds. */
function startOf(node: RootContent): number | undefined {
  if (node.position) return node.position.start.offset
  if (!('children' in node)) return undefined
  for (const child of node.children) {
    const start = startOf(child)
    if (start !== undefined) return start
  }
  return undefined
}

/** Finds the places of removed parts in the body. */
function placed(dropped: readonly Dropped[], root: Root): Change[] {
  const starts = root.children.map(node => startOf(node) ?? 0)
  let index = 0
  return [...dropped]
    .sort((a, b) => a.offset - b.offset)
    .map(({ kind, offset }) => {
      while (index < starts.length && (starts[index] ?? 0) <= offset) index += 1
      return { paragraph: Math.max(1, index), line: 1, kind }
    })
}

function toProblem({ paragraph, line, message }: Fault): BodyProblem {
  const whole = /^第 \d|^正文/.test(message)
  const link = /^[的：有]/.test(message) ? '' : '：'
  return {
    field: 'body',
    place: { paragraph, line },
    message: whole
      ? message
      : message.startsWith('：')
        ? message.slice(1)
        : `第 ${paragraph} 段${link}${message}`,
  }
}

/** What the editor may do about changes whose kind begins so. */
const remedies = { 留下了: '，如果不是原文，请改正', [linesJoined]: '，要分段请在中间空一行' }

/** Merges all changes of one kind into one reminder. */
function grouped(changes: readonly Change[]): BodyReminder[] {
  const kinds = new Map<string, { count: number; paragraphs: Set<number>; line: number }>()
  for (const { kind, paragraph, line } of changes) {
    const group = kinds.get(kind) ?? { count: 0, paragraphs: new Set<number>(), line }
    group.count += 1
    if (paragraph > 0) group.paragraphs.add(paragraph)
    kinds.set(kind, group)
  }
  return [...kinds].map(([kind, { count, paragraphs: all, line }]) => {
    const paragraphs = [...all].slice(0, 5)
    const where =
      paragraphs.length === 0 ? '' : `（第 ${paragraphs.join('、')} 段${all.size > 5 ? '等' : ''}）`
    const change = /^(?:把|留下了)/.test(kind) ? kind : `去掉了${kind}`
    const remedy = Object.entries(remedies).find(([start]) => kind.startsWith(start))?.[1] ?? ''
    return { kind, count, paragraphs, line, message: `${change} ${count} 处${where}${remedy}` }
  })
}
