import type {
  Definition,
  Image,
  List,
  Nodes,
  Paragraph,
  PhrasingContent,
  Root,
  RootContent,
  Table,
  Text,
} from 'mdast'
import type { Block, Span } from '#contract/article'
import { longestParagraph, mendMarkdown } from './mend-markdown'
import { parseMarkdown } from './parse-markdown'
import { readLink } from './read-link'
import {
  breaks,
  cleanPieces,
  escaped,
  joinsShortLines,
  type Marks,
  markEscapes,
  type Piece,
  plainText,
  toSpans,
  wrap,
  writtenNumbers,
} from './spans'
import { withoutSums } from './sums'

/** A position in the body: the number of its part (paragraph, picture, list …) and the line of the text, from 1. */
export interface Place {
  paragraph: number
  line: number
}

/** An error that the editor must correct. `message` is Chinese and does not contain the position. */
export interface Fault extends Place {
  message: string
}

declare module 'mdast' {
  interface ImageData {
    /** The paragraph below the picture that is its caption, with its brackets or its arrow. */
    caption?: PhrasingContent[]
  }
}

/** A part of the source that was omitted or converted. `kind` is Chinese. It does not prevent publishing. */
export interface Change extends Place {
  kind: string
}

/** A link to another site. It becomes plain text; the address is reported to the editor. */
export interface Link {
  text: string
  address: string
}

/** Looks up the pictures and stories that a body refers to. */
export interface References {
  /** A picture's stored address and its size in pixels, why it cannot be used, or null if it cannot be found. */
  picture(address: string): { src: string; width: number; height: number } | { fault: string } | null
  /** The id of the story with this slug or id, or null. */
  story(reference: string): string | null
  /** The address of our site. Links to its stories become links within the app. */
  site?: string | undefined
}

/** Matches addresses of pictures: any scheme except those that are unsafe or exist only on the editor's computer. */
const pictureAddress = /^(?!(?:javascript|vbscript|data|file|blob|about|wxfile|mhtml|jar|view-source):)/i

/** Markdown that we do not support, with the Chinese word for editors. */
const unsupported: Partial<Record<Nodes['type'], string>> = {
  html: 'HTML 标签',
  thematicBreak: '分隔线',
  footnoteDefinition: '脚注',
  footnoteReference: '脚注',
  delete: '删除线',
}

/** Matches Markdown that the parser left in the text, so the editor mistyped it. Readers must not see it. */
const strayMark =
  /\*\*|!\[|\]\(|\]（(?:story:|https?:|\/)|^#{1,6}|^[|｜].*[|｜]$|^={3,}$|^```|^:{3,}|\$\$|\[\^[^\]\s]{1,20}\]/

/** Words between two pairs of tildes. A range (10~~20℃) and a long sound (太好了~~) have none. */
const deletedWords =
  /~~(?<!\d[℃°%％]?~~(?=\d))(?=[^\s~])(?:[^~\n]|~(?!~)){1,2000}(?<=[^\s~])~~(?<!\d[℃°%％]?~~(?=\d))/

/**
 * Matches what looks like a mark of a block in the middle of a line (`正文## 题`, `正文- 一`), a row of a table outside of
 * one, a list mark without a space, a formula of TeX, and a link by a name that is defined nowhere (`[鲸落][a]`). Some
 * authors mean it as it stands, so it is only told.
 */
const doubtfulMark =
  /(?<!#)#{2,6}(?=[^#]|$)|(?<=[\p{Script=Han}。；：，！？）”])(?:[#>]|[-*+])[ \t\u3000]+(?=\S)|[|｜] [^|｜]{1,200} [|｜]|^[-*+]+(?=\p{Script=Han})|^[-*+>] |```|^-{3,}|(?<!-)-{3,}$|~~|\$[^$\n]{0,100}[\\^_][^$\n]{0,100}\$|\^[-+−]?\w{1,10}\^|\\[a-zA-Z]{2,20}\{|\[[^\][]{1,100}\]\[[^\][\d][^\][]{0,200}\]|^\[[^\][\d][^\][]{0,200}\]:\s?(?:https?:|\/)|\[[^\][\d][^\][]{0,100}\](?:[:：]\s?story:|:\s?https?:)/u
/** Marks that only other editors know: `[[鲸落]]`, `{{注}}`, `[TOC]`, `[!NOTE]`, `++线++`, `～～删～～`. They are only told as well. */
const foreignMark =
  /\[\[[^\][]{1,100}\]\]|\{\{[^{}]{1,100}\}\}|^\[toc\]$|^\[![^\][\s]{1,20}\]|(?<![\w+])\+\+[^\s+][^+\n]{0,100}\+\+(?![\w+])|～～[^\s～][^～\n]{0,100}～～/i
/** Emphasis of Markdown, which HTML does not know. */
const emphasisMark =
  /(?<![*\w])\*[^\s*][^*\n]{0,200}\*(?!\w)|(?<![_\w])(?:_[^\s_][^_\n]{0,200}_|__[^\s_][^_\n]{0,200}__)(?![_\w])|(?<![=\w])==[^\s=][^=\n]{0,200}==(?![=\w])|`[^`\n]{1,200}`/

/** Asterisks that may be signs of multiplication or emphasis. Those that are certain are escaped. */
const doubtfulTimes =
  /\*(?<=[0-9０-９)）][^\s*]{0,7}\*)[^\s*]{1,48}\*(?=\p{Script=Han}{0,3}[-−－+＋¥￥$＄€√(（]?[0-9０-９])/u

/** A full-width list mark at the beginning of a line. With a figure behind it, it is a sign. */
const strayBullet = new RegExp(`(?<=(?:^|[\\n${wrap}])\\s{0,9})[－＋＊](?=[ \\t\\u3000]{1,9}[^\\d\\s])`)

/** The beginning of what would be a tag, had it not been escaped. */
const escapedTag = new RegExp(`${escaped}<(?=[A-Za-z/!?])`, 'g')
const maskable = new RegExp(`${escaped}.`, 'gs')

/** Matches addresses that are written as plain text. */
const bareAddress = /https?:\/\/[\w\-.~:/?#@!$&'()*+,;=%[\]]+/g

/** What programs write where an editor described no picture: the file's name, or 图片, which WeChat's editor writes. */
const emptyWords = /^(?:[\w.@-]{0,200}\.(?:jpe?g|png|gif|webp|svg|bmp)|图片|图像|image|img|photo|picture)?$/i

/** A paragraph below a picture that is its caption: in brackets, or with an arrow before it. */
const captionBelow = /^(?:[（(]([^（()）]{1,300})[)）]|[▲△▴↑]\s*(.{1,300}))$/u

const columnsAtMost = 50

const wordsAtMost = 500
const pictureWordsCut = `图片说明里 ${wordsAtMost} 字以后的字`

/** The change of lines that became one paragraph, as in Markdown. */
export const linesJoined = '把换行连成了一段'

/** Whether numbers are all the same, which Markdown counts up itself. */
const areEqual = (numbers: readonly number[]): boolean => numbers.every(number => number === numbers[0])
const countUp = (numbers: readonly number[]): boolean =>
  numbers.every((number, at) => number === (numbers[0] ?? 0) + at)

const nodeText = (nodes: readonly Nodes[]): string =>
  nodes
    .map(node => ('value' in node ? node.value : 'children' in node ? nodeText(node.children) : ''))
    .join('')
    .replaceAll(escaped, '')

/** HTML elements that we support inside Markdown text, and the formatting of each. */
const inlineTags: Readonly<Record<string, Marks>> = {
  sub: { sub: true },
  sup: { sup: true },
  b: { bold: true },
  strong: { bold: true },
  i: { italic: true },
  em: { italic: true },
  code: { code: true },
}
/** HTML elements that end a paragraph, also within a line of Markdown. */
const blockTags =
  /^(?:p|div|section|article|h[1-6]|ul|ol|li|dl|dt|dd|table|tr|td|th|blockquote|figure|figcaption|pre|hr|center)$/
/** HTML elements that are removed together with their content. */
const hiddenTags = /^(?:script|style|iframe|svg|math|object|noscript|textarea|template|xmp|title|select)$/

interface Options {
  /** Whether the source is Markdown. HTML is converted to the same tree, but its nodes have no line numbers. */
  markdown: boolean
  /** The Markdown that the tree was parsed from, to read the numbers of a list. */
  source: string
  /** Whether a mark left over is the editor's mistake. In HTML it may be meant, so it is only told. */
  strict: boolean
  /** Parses HTML inside Markdown. */
  html: (text: string, place: Place) => RootContent[]
}

/**
 * Converts an mdast tree to blocks. It omits nothing silently: it records each omission as a change, and each part that
 * it cannot convert as a fault.
 */
export class Converter {
  readonly faults: Fault[] = []
  readonly changes: Change[] = []
  readonly links: Link[] = []
  private readonly definitions = new Map<string, Definition>()
  private readonly references: References
  private readonly options: Options
  private paragraph = 0
  private line = 1

  constructor(references: References, options: Options) {
    this.references = references
    this.options = options
  }

  convert(root: Root): Block[] {
    for (const node of root.children) {
      if (node.type === 'definition') this.definitions.set(node.identifier, node)
    }
    return this.captioned(root.children).flatMap(node => {
      if (node.type === 'definition' && !node.identifier.startsWith('^')) return []
      this.paragraph += 1
      this.at(node)
      const blocks = this.block(node)
      for (const block of blocks) this.check(block)
      return blocks
    })
  }

  private at(node: Nodes): void {
    if (node.position && this.options.markdown) this.line = node.position.start.line
  }

  private place(): Place {
    return { paragraph: this.paragraph, line: this.line }
  }

  private fault(message: string): void {
    this.faults.push({ ...this.place(), message })
  }

  private change(kind: string): void {
    this.changes.push({ ...this.place(), kind })
  }

  /**
   * Gives pictures their captions. A caption is a paragraph directly after a picture, either in brackets or starting with
   * an arrow such as ▲.
   */
  private captioned(nodes: readonly RootContent[]): RootContent[] {
    const retained: RootContent[] = []
    for (const node of nodes) {
      const image = onlyImage(retained.at(-1))
      if (
        node.type === 'paragraph' &&
        image &&
        !image.title &&
        !image.data?.caption &&
        captionBelow.test(nodeText(node.children).trim())
      )
        image.data = { caption: node.children }
      else retained.push(node)
    }
    return retained
  }

  private block(node: RootContent): Block[] {
    switch (node.type) {
      case 'yaml':
        return []
      case 'paragraph':
        return this.paragraphs(node)
      case 'heading': {
        const text = this.plain(node.children)
        return text === '' ? [] : [{ type: 'heading', text }]
      }
      case 'blockquote':
        return this.quotes(node.children)
      case 'list':
        return this.list(node)
      case 'table':
        return this.table(node)
      case 'code':
        return node.value.trim() === '' ? [] : [{ type: 'code', text: node.value }]
      case 'html': {
        this.change('HTML 标签')
        return this.options.html(node.value, this.place()).flatMap(child => this.block(child))
      }
      case 'definition':
        this.fault('不支持的写法：脚注，请把注释写进正文')
        return []
      case 'delete':
      case 'footnoteDefinition':
        this.fault(`不支持的写法：${unsupported[node.type]}`)
        return []
      case 'thematicBreak':
        this.change('分隔线')
        return []
      default:
        return this.paragraphs({ type: 'paragraph', children: [node as PhrasingContent] })
    }
  }

  /** Converts a paragraph. Pictures and empty lines split it into several blocks. */
  private paragraphs(node: Paragraph): Block[] {
    const blocks: Block[] = []
    for (const part of this.parts(node.children)) {
      if (part.type === 'image') {
        const picture = this.picture(part.image)
        if (picture) blocks.push(picture)
        continue
      }
      for (const pieces of dividedByEmptyLines(part.pieces)) {
        const spans = this.finish(pieces)
        if (spans.length > 0) blocks.push({ type: 'paragraph', spans })
      }
    }
    return blocks
  }

  private quotes(children: readonly RootContent[]): Block[] {
    return children.flatMap(child => {
      this.at(child)
      return this.block(child).map(
        (block): Block => (block.type === 'paragraph' ? { type: 'quote', spans: block.spans } : block),
      )
    })
  }

  /** Converts a list. Ordered items whose numbers do not count on begin another list, so that they keep their numbers. */
  private list(node: List): Block[] {
    const items: { spans: Span[]; number: number }[] = []
    const after: Block[] = []
    const ordered = node.ordered === true
    const numbers = ordered ? this.numbersOf(node) : []
    let keepsNumbers =
      !areEqual(numbers) && numbers.length === node.children.length && numbers.every(number => number >= 0)
    const collect = (list: List, nested: boolean): void => {
      for (const [at, item] of list.children.entries()) {
        this.at(item)
        if (nested || item.children.some(child => child.type === 'list')) {
          this.change('列表里的列表（排成一层）')
          keepsNumbers = false
        }
        const number = numbers[at] ?? 0
        let spans: Span[] = []
        for (const child of item.children) {
          if (child.type === 'list') {
            if (spans.length > 0) items.push({ spans, number })
            spans = []
            collect(child, true)
            continue
          }
          for (const block of this.block(child)) {
            if (block.type === 'paragraph' || block.type === 'quote')
              spans = spans.length > 0 ? [...spans, '\n', ...block.spans] : block.spans
            else after.push(block)
          }
        }
        if (spans.length > 0) items.push({ spans: joined(spans), number })
      }
    }
    collect(node, false)
    const [first = 1] = numbers
    const isCounted = first >= 0 && (areEqual(numbers) || countUp(numbers))
    if (!keepsNumbers && !isCounted) this.change('列表里不连续的编号（按顺序重排）')
    const lists: { start: number; items: Span[][] }[] = []
    for (const { spans, number } of items) {
      const last = lists.at(-1)
      if (last && (!keepsNumbers || number === last.start + last.items.length)) last.items.push(spans)
      else lists.push({ start: keepsNumbers ? number : first < 0 ? 1 : first, items: [spans] })
    }
    return [
      ...lists.map(
        ({ start, items }): Block => ({ type: 'list', ordered, items, ...(start !== 1 ? { start } : {}) }),
      ),
      ...after,
    ]
  }

  private numbersOf(node: List): number[] {
    if (node.data?.numbers) return node.data.numbers
    return this.options.markdown ? writtenNumbers(node, this.options.source) : []
  }

  private table(node: Table): Block[] {
    const width = node.data?.width ?? node.children[0]?.children.length ?? 0
    if (width > columnsAtMost) {
      this.fault(`表格有 ${width} 列，最多 ${columnsAtMost} 列，请拆成几个表`)
      return []
    }
    const rows = node.children.map(row => row.children.map(cell => this.plain(cell.children)))
    const [head = [], ...body] = rows.map((row, index) => {
      if (row.length > width) {
        if (row.slice(width).some(cell => cell !== ''))
          this.fault(`表格第 ${index + 1} 行比表头多出单元格，请给表头补上，或删去多出的`)
        return row.slice(0, width)
      }
      return [...row, ...Array<string>(width - row.length).fill('')]
    })
    return width === 0 || rows.flat().every(cell => cell === '') ? [] : [{ type: 'table', head, rows: body }]
  }

  private picture(image: Image): Block | null {
    const address = pictureOf(image.url)
    if (address === null) {
      this.fault('的图片不在网上（直接贴进来的或本机的），请先上传，再写它的地址')
      return null
    }
    const picture = this.references.picture(address)
    if (!picture) {
      if (/\s/.test(address))
        this.fault(`的图片地址里有空格，请给文件改名、重新上传，再写新的地址：${address.slice(0, 200)}`)
      else this.fault(`找不到图片：${address.slice(0, 200)}`)
      return null
    }
    if ('fault' in picture) {
      this.fault(`的图片${picture.fault}：${address.slice(0, 200)}`)
      return null
    }
    const { src, width, height } = picture
    const [caption = '', credit = ''] = this.captionOf(image)
      .split(/[｜|]\s*图[：:]/)
      .map(words => this.cut(words))
    const written = this.cut(this.unmarked(this.asWritten(image, 'alt')))
    const alt = emptyWords.test(written) ? caption : written
    // The words that the handbook and the console's picture button write as a pattern.
    if (alt === '替代文字' || caption === '说明' || credit === '出处') {
      this.fault('的图片还写着样板的字，请把“替代文字”“说明”“出处”换成这张图的')
      return null
    }
    if (alt === '') {
      this.fault(
        this.options.strict
          ? '的图片没有说明，请在图片后的括号里写上；Markdown 的写法是 ![替代文字](地址 "说明｜图：出处")'
          : '的图片没有说明，请在图片下面另起一段，写在括号里，如（深海里的鲸骨）',
      )
      return null
    }
    return {
      type: 'picture',
      src,
      width,
      height,
      alt,
      ...(caption ? { caption } : {}),
      ...(credit ? { credit } : {}),
    }
  }

  private captionOf(image: Image): string {
    if (!image.data?.caption) return this.unmarked(this.asWritten(image, 'title'))
    const words = this.plain(image.data.caption)
    const [, inBrackets, behindArrow] = captionBelow.exec(words) ?? []
    return (inBrackets ?? behindArrow ?? words).trim()
  }

  /** A picture's title or alternative text as its Markdown, in which a mark may have been written with a backslash. */
  private asWritten({ title, alt, position }: Image, part: 'title' | 'alt'): string {
    const text = (part === 'title' ? title : alt) ?? ''
    if (!this.options.markdown || !position) return text
    const source = this.options.source.slice(position.start.offset, position.end.offset)
    if (!source.includes('\\')) return text
    return (pictureParts.exec(source)?.groups?.[part] ?? text).replace(/^(["'])(.*)\1$/s, '$2')
  }

  /**
   * The words of a caption or an alternative text, which have no formatting. Marks are read as in a paragraph, so that
   * readers do not see them. In HTML a mark may be meant as it stands, unless it is certain.
   */
  private unmarked(markdown: string): string {
    if (markdown === '') return ''
    const nodes =
      anyMark.test(markdown) && (this.options.strict || strayMark.test(markdown))
        ? phrasesOf(markdown.slice(0, 10 * wordsAtMost))
        : [{ type: 'text' as const, value: markdown }]
    return this.plain(nodes)
  }

  /** The words of a picture, at most 500 characters. Tells the change if they were longer. */
  private cut(words: string): string {
    const letters = [...words.trim()]
    if (letters.length > wordsAtMost) this.change(pictureWordsCut)
    return letters.slice(0, wordsAtMost).join('')
  }

  /** Cleans the words of a link to another site: no formatting, one line, at most 500 characters. */
  private words(text: string): string {
    const { pieces, tags } = cleanPieces([{ text, marks: {} }])
    if (tags > 0) this.change('HTML 标签')
    return [...plainText(pieces)].slice(0, wordsAtMost).join('')
  }

  private plain(nodes: readonly PhrasingContent[]): string {
    const pieces: Piece[] = []
    for (const part of this.parts(nodes)) {
      if (part.type === 'text') pieces.push(...part.pieces)
      else this.change('小标题或表格里的图片')
    }
    return plainText(this.cleaned(pieces))
  }

  private finish(pieces: readonly Piece[]): Span[] {
    if (this.options.strict && joinsShortLines(pieces)) this.change(linesJoined)
    return toSpans(this.cleaned(pieces).flatMap(piece => this.linked(piece)))
  }

  private cleaned(raw: readonly Piece[]): Piece[] {
    const { pieces, unseen, tags } = cleanPieces(
      raw.map(({ text, marks }) => ({ text: text.replace(escapedTag, '＜').replaceAll(escaped, ''), marks })),
    )
    for (let i = 0; i < unseen; i++) this.change('看不见的字符')
    for (let i = 0; i < tags; i++) this.change('HTML 标签')
    const shown = (all: readonly Piece[]): string =>
      all.map(piece => (piece.marks.code ? '·' : piece.text)).join('')
    const text = shown(pieces)
    if (text.includes('\uFFFD')) this.fault('有乱码（�），请对照原文改正')
    const isEscaped = raw.some(piece => piece.text.includes(escaped))
    const masked = isEscaped
      ? shown(cleanPieces(raw.map(piece => ({ ...piece, text: piece.text.replace(maskable, '·') }))).pieces)
      : text
    const stray = strayMark.exec(masked)?.[0] ?? strayBullet.exec(shown(raw))?.[0]
    const isDeleted = this.options.strict && deletedWords.test(masked)
    if (isDeleted) this.fault('不支持的写法：删除线（~~），请删去这些波浪号，或连同中间的字一起删去')
    if (stray !== undefined && this.options.strict) {
      this.fault(`有没写对的标记「${stray.slice(0, 10)}」，请改正或删去`)
    } else if (!isDeleted) {
      const doubtful =
        stray ?? (doubtfulMark.exec(masked) ?? foreignMark.exec(masked))?.[0] ?? this.emphasisLeft(masked)
      if (doubtful !== undefined) this.change(`留下了像标记的文字「${doubtful.trim().slice(0, 10)}」`)
    }
    return pieces
  }

  /** In HTML without any certain mark of Markdown, words between asterisks or underscores may be meant so. */
  private emphasisLeft(text: string): string | undefined {
    if (!/[*_=]/.test(text)) return undefined
    const marks = withoutSums(text)
    const emphasis = this.options.strict ? null : emphasisMark.exec(marks)
    return (emphasis ?? doubtfulTimes.exec(marks))?.[0]
  }

  /** Finds addresses in plain text. Addresses of our stories become links; `links` lists the others for the editor. */
  private linked(piece: Piece): Piece[] {
    if (piece.marks.code || piece.marks.story !== undefined || !piece.text.includes('http')) return [piece]
    const pieces: Piece[] = []
    let from = 0
    for (const { 0: found, index } of piece.text.matchAll(bareAddress)) {
      const words = found.replace(/(?<![.,;:!?'"])[.,;:!?'"]+$/, '')
      const address = words.includes('(') ? words : words.replace(/(?<!\))\)+$/, '')
      const target = readLink(address, this.references.site)
      const story = 'story' in target ? this.story(target.story) : null
      if (story === null) {
        if ('address' in target) this.external(address, target.address)
        continue
      }
      if (index > from) pieces.push({ text: piece.text.slice(from, index), marks: piece.marks })
      pieces.push({ text: address, marks: { ...piece.marks, story } })
      from = index + address.length
    }
    if (from < piece.text.length) pieces.push({ text: piece.text.slice(from), marks: piece.marks })
    return pieces
  }

  private story(reference: string): string | null {
    const id = this.references.story(reference)
    if (id === null)
      this.fault(`链接只能指向本站文章（写 story: 和文章编号），没有找到：${reference.slice(0, 100)}`)
    return id
  }

  private external(text: string, address: string): void {
    if (!this.links.some(link => link.address === address))
      this.links.push({ text: this.words(text.replaceAll(wrap, ' ')), address })
  }

  /** Splits inline nodes into runs of text and pictures, in their order. */
  private parts(
    nodes: readonly PhrasingContent[],
  ): ({ type: 'text'; pieces: Piece[] } | { type: 'image'; image: Image })[] {
    const parts: ({ type: 'text'; pieces: Piece[] } | { type: 'image'; image: Image })[] = []
    for (const piece of this.pieces(nodes, {})) {
      const last = parts.at(-1)
      if ('image' in piece) parts.push({ type: 'image', image: piece.image })
      else if (last?.type === 'text') last.pieces.push(piece)
      else parts.push({ type: 'text', pieces: [piece] })
    }
    return parts
  }

  private pieces(nodes: readonly PhrasingContent[], marks: Marks): (Piece | { image: Image })[] {
    const pieces: (Piece | { image: Image })[] = []
    const open: { name: string; marks: Marks }[] = []
    let hidden: string | null = null
    for (const node of nodes) {
      const inner = open.at(-1)?.marks ?? marks
      if (node.type !== 'html') {
        if (hidden === null) for (const piece of this.piece(node, inner)) pieces.push(piece)
        continue
      }
      const [, slash = '', name = ''] =
        /^<(\/?)([a-z][a-z0-9:-]*)/i.exec(node.value)?.map(part => part.toLowerCase()) ?? []
      if (hidden !== null) {
        if (slash && name === hidden) hidden = null
        continue
      }
      const own = Object.hasOwn(inlineTags, name) ? inlineTags[name] : undefined
      if (name === 'br') pieces.push({ text: '\n', marks: inner })
      else if (blockTags.test(name)) pieces.push({ text: '\n', marks: {} }, { text: '\n', marks: {} })
      else if (name === 'img') {
        for (const image of imagesOf(this.options.html(node.value, this.place()))) pieces.push({ image })
      } else if (own && !slash) open.push({ name, marks: { ...inner, ...own } })
      else if (own) {
        const at = open.map(one => one.name).lastIndexOf(name)
        if (at >= 0) open.splice(at)
      } else if (hiddenTags.test(name) && !slash) hidden = name
      if (!own && name !== 'img' && name !== 'br') this.change('HTML 标签')
    }
    return pieces
  }

  private piece(node: PhrasingContent, marks: Marks): (Piece | { image: Image })[] {
    switch (node.type) {
      case 'text':
        return [{ text: this.withEscapes(node).replace(breaks, wrap), marks }]
      case 'strong':
        return this.pieces(node.children, { ...marks, bold: true })
      case 'emphasis': {
        const shift = node.data?.shift
        if (shift) return this.pieces(node.children, { ...marks, [shift]: true })
        return this.pieces(node.children, { ...marks, italic: true })
      }
      case 'inlineCode':
        return [{ text: node.value, marks: { ...marks, code: true } }]
      case 'break':
        return [{ text: '\n', marks }]
      case 'image':
        return [{ image: node }]
      case 'imageReference': {
        const { url = '', title = null } = this.definitions.get(node.identifier) ?? {}
        return [{ image: { type: 'image', url, title, alt: node.alt ?? null } }]
      }
      case 'linkReference': {
        if (node.identifier.startsWith('^')) {
          this.fault('不支持的写法：脚注，请把注释写进正文')
          return []
        }
        const url = this.definitions.get(node.identifier)?.url ?? ''
        const linked = this.link(url, node.children, marks)
        // The number of a source, `[1]`, keeps its brackets.
        return node.referenceType === 'shortcut' && /^\d{1,3}$/.test(node.identifier)
          ? [{ text: '[', marks }, ...linked, { text: ']', marks }]
          : linked
      }
      case 'link':
        return this.link(node.url, node.children, marks)
      case 'delete':
        this.fault('不支持的写法：删除线')
        return []
      default:
        return this.flow(node as Nodes, marks)
    }
  }

  private withEscapes({ value, position }: Text): string {
    if (!this.options.markdown || !position) return value
    return markEscapes(value, this.options.source.slice(position.start.offset, position.end.offset))
  }

  /** Blocks within a cell, a heading or a mark of HTML, such as the paragraphs of a cell, with breaks around them. */
  private flow(node: Nodes, marks: Marks): (Piece | { image: Image })[] {
    const label = unsupported[node.type]
    if (label !== undefined) {
      this.fault(`不支持的写法：${label}`)
      return []
    }
    const end = [
      { text: '\n', marks },
      { text: '\n', marks },
    ]
    if ('children' in node) return [...end, ...this.pieces(node.children as PhrasingContent[], marks), ...end]
    return 'value' in node ? [...end, { text: node.value, marks }, ...end] : []
  }

  private link(
    url: string,
    children: readonly PhrasingContent[],
    marks: Marks,
  ): (Piece | { image: Image })[] {
    const target = readLink(url, this.references.site)
    if ('story' in target) {
      const story = this.story(target.story)
      return this.pieces(children, story === null ? marks : { ...marks, story })
    }
    if ('address' in target) this.external(nodeText(children), target.address)
    else if (url !== '' && !/^(?:#|mailto:|tel:)/i.test(url)) this.change('打不开的链接（文字留下）')
    return this.pieces(children, marks)
  }

  private check(block: Block): void {
    if (JSON.stringify(block).length > longestParagraph)
      this.fault(`太长：一段最多 ${longestParagraph / 10_000} 万字，请分段`)
  }
}

/** The alternative text and the title, with its quotes, in the Markdown of a picture. */
const pictureParts =
  /^!\[(?<alt>(?:\\.|[^\][\\])*)\]\(.*?(?:\s(?<title>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')\s*)?\)$/s

/** Text without any of these characters is the same in Markdown, and most captions are such. */
const anyMark = /[*_`~#>=<&[\\+\n＊＿＃＞－-]/

/** The number that a caption begins with belongs to its words. */
const numberInFront = /^(\s*\d{1,9})([.)])(?=\s)/

/** Parses Markdown that stands in one place, such as a caption. Its headings, quotations and list marks are left out. */
function phrasesOf(markdown: string): PhrasingContent[] {
  const source = mendMarkdown(markdown.replace(/(?<!\s)\s*\n\s*/g, '\n').replace(numberInFront, '$1\\$2'))
  const found: PhrasingContent[] = []
  const add = (nodes: readonly Nodes[]): boolean =>
    nodes.every(node => {
      if (node.type === 'blockquote' || node.type === 'listItem' || (node.type === 'list' && !node.ordered))
        return add(node.children)
      if (node.type !== 'paragraph' && node.type !== 'heading') return false
      if (found.length > 0) found.push({ type: 'break' })
      found.push(...node.children)
      return true
    })
  if (!add(parseMarkdown(source).children)) return [{ type: 'text', value: markdown }]
  for (const node of found) settle(node, source)
  return found
}

/** Takes the positions in `source` from nodes, and marks what was written there with a backslash. */
function settle(node: Nodes, source: string): void {
  const { position } = node
  if (node.type === 'text')
    node.value = markEscapes(node.value, source.slice(position?.start.offset, position?.end.offset))
  delete node.position
  if ('children' in node) for (const child of node.children) settle(child, source)
}

/** Normalizes a picture's address for the lookup. Returns null if it cannot be a picture that is on the web. */
export function pictureOf(url: string): string | null {
  // Browsers ignore control characters in an address, so `java\nscript:` must not pass as a safe scheme.
  const address = safeDecode(url.trim())
    .replace(/\p{Cc}+/gu, '')
    .replace(/^(?:http:)?\/\//i, 'https://')
  return address === '' || !pictureAddress.test(address.replace(/\s+/g, '')) ? null : address
}

/** Decodes a file name, because Markdown may have encoded its spaces. Addresses with a scheme stay encoded. */
function safeDecode(url: string): string {
  if (/^[a-z]+:\/\//i.test(url) || !url.includes('%')) return url
  try {
    return decodeURIComponent(url)
  } catch {
    return url
  }
}

/** Returns all pictures of the trees, in their order. */
export function imagesOf(nodes: readonly Nodes[]): Image[] {
  return nodes.flatMap(node => {
    if (node.type === 'image') return [node]
    return 'children' in node ? imagesOf(node.children) : []
  })
}

/** Returns the picture of a paragraph that contains nothing else. */
function onlyImage(node: RootContent | undefined): Image | undefined {
  if (node?.type !== 'paragraph') return undefined
  const [only, ...more] = node.children
  return only?.type === 'image' && more.length === 0 ? only : undefined
}

/** Splits a paragraph at two or more line breaks in a row: many CMSs write `<br><br>` between paragraphs. */
function dividedByEmptyLines(pieces: readonly Piece[]): Piece[][] {
  const divided: Piece[][] = [[]]
  let breaks = 0
  for (const piece of pieces) {
    const isBreak = piece.text === '\n' && !piece.marks.code
    const isBlank = piece.text.replaceAll(wrap, '').replace(/[\s\u3000]/g, '') === ''
    if (isBreak) breaks += 1
    else if (!isBlank) {
      if (breaks > 1) divided.push([])
      breaks = 0
    }
    divided.at(-1)?.push(piece)
  }
  return divided
}

/** Joins neighbouring spans of unformatted text. */
function joined(spans: readonly Span[]): Span[] {
  const all: Span[] = []
  for (const span of spans) {
    const last = all.at(-1)
    if (typeof span === 'string' && typeof last === 'string') all[all.length - 1] = last + span
    else all.push(span)
  }
  return all
}
