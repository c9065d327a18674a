import type { Element, ElementContent, Root as HtmlRoot, RootContent, Text } from 'hast'
import { fromParse5 } from 'hast-util-from-parse5'
import { type Schema, sanitize } from 'hast-util-sanitize'
import { defaultHandlers, type State, toMdast } from 'hast-util-to-mdast'
import type { Emphasis, List, Nodes, Root } from 'mdast'
import { type DefaultTreeAdapterMap, defaultTreeAdapter, Parser, type Token } from 'parse5-7'
import { VFile } from 'vfile'
import { wide } from './spans'

/** Parses HTML from a CMS, Word or WeChat's article editor into the same tree as Markdown (mdast). */

/** A removed part: its kind in Chinese, and its offset in the text. */
export interface Dropped {
  kind: string
  offset: number
}

declare module 'mdast' {
  interface EmphasisData {
    /** Subscript or superscript, for which mdast has no node. */
    shift?: 'sub' | 'sup'
    /** An emphasis node used only to group its children. */
    bare?: true
  }
  interface TableData {
    /** How many columns the first row has. All rows of a table from HTML are filled up to the longest one. */
    width?: number
  }
}

/** Thrown if the text has more markup than any real story. */
export class TooMuchMarkup extends Error {
  override readonly name = 'TooMuchMarkup'
}

/** Thrown if the text of the story itself, without its markup, is longer than any body may be. */
export class TooMuchText extends Error {
  override readonly name = 'TooMuchText'
}

/**
 * Maximum length of the story's own text in UTF-16 units. The conversion of longer texts needs more memory than a function
 * has. Each unit takes at least one byte of a body, which may have 900,000.
 */
const textAtMost = 900_000
/** Elements nested deeper are reduced to their text, because every walk over the tree is recursive. */
const deepest = 100
/**
 * A story has 2,000 paragraphs at most, and an editor's HTML a dozen elements for each. Converting this many takes about
 * two seconds.
 */
export const elementsAtMost = 30_000
const nodesAtMost = 2 * elementsAtMost
/** Too many attributes in one tag: the parser compares each one with all previous ones. */
const manyAttributes = /(?:(?<!\s)\s+[^\s=<>"'/]+=(?:"[^"]*"|'[^']*'|[^\s"'>]*)){500}/

/** Elements whose text is not part of the story. */
const droppedWhole: Readonly<Record<string, string>> = {
  script: '脚本',
  style: '样式',
  link: '样式',
  iframe: '嵌入的网页',
  frame: '嵌入的网页',
  frameset: '嵌入的网页',
  object: '嵌入的内容',
  embed: '嵌入的内容',
  applet: '嵌入的内容',
  noembed: '嵌入的内容',
  noframes: '嵌入的网页',
  video: '视频',
  audio: '音频',
  mpvoice: '音频',
  qqmusic: '音频',
  'mp-common-mpaudio': '音频',
  'mp-common-videosnap': '视频',
  'mp-miniprogram': '小程序卡片',
  'mp-common-profile': '公众号名片',
  svg: '矢量图',
  math: '公式',
  canvas: '画布',
  input: '表单',
  button: '表单',
  select: '表单',
  textarea: '表单',
  template: '模板',
  noscript: '脚本的替代内容',
  xml: 'Office 数据',
}
const droppedSilently = new Set([
  'head',
  'title',
  'meta',
  'base',
  'colgroup',
  'col',
  'param',
  'source',
  'track',
])

const rawText = new Set([
  'script',
  'style',
  'iframe',
  'noembed',
  'noframes',
  'textarea',
  'title',
  'xmp',
  'plaintext',
])

class GuardedParser extends Parser<DefaultTreeAdapterMap> {
  override onStartTag(token: Token.TagToken): void {
    if (this.openElements.stackTop >= deepest && !rawText.has(token.tagName)) return
    super.onStartTag(token)
  }
}

/** Parses a piece of HTML in linear time and bounded depth. @throws TooMuchMarkup */
function parse(html: string): HtmlRoot {
  if (manyAttributes.test(html)) throw new TooMuchMarkup()
  let created = 0
  const treeAdapter: typeof defaultTreeAdapter = {
    ...defaultTreeAdapter,
    createElement: (name, namespace, attributes) => {
      created += 1
      if (created > elementsAtMost) throw new TooMuchMarkup()
      return defaultTreeAdapter.createElement(name, namespace, attributes)
    },
  }
  const parser = GuardedParser.getFragmentParser<DefaultTreeAdapterMap>(null, {
    treeAdapter,
    scriptingEnabled: false,
    sourceCodeLocationInfo: true,
  })
  parser.tokenizer.write(html, true)
  return fromParse5(parser.getFragment(), { file: new VFile(html) }) as HtmlRoot
}

const schema: Schema = {
  tagNames: [
    ...[
      'p',
      'div',
      'h1',
      'h2',
      'h3',
      'h4',
      'h5',
      'h6',
      'blockquote',
      'pre',
      'ul',
      'ol',
      'li',
      'dl',
      'dt',
      'dd',
    ],
    ...['table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th', 'caption', 'br', 'hr', 'img', 'a'],
    ...['b', 'strong', 'i', 'em', 'sub', 'sup', 'code', 'tt', 'kbd', 'samp', 'del', 's', 'strike', 'q'],
  ],
  attributes: {
    a: ['href'],
    img: ['src', 'alt', 'title'],
    ol: ['start', 'reversed'],
    li: ['value'],
    td: ['colSpan', 'rowSpan'],
    th: ['colSpan', 'rowSpan'],
  },
  // Addresses are checked where they are used, because a refused one must be reported to the editor.
  protocols: {},
  clobber: [],
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const wholeNumber = (value: unknown): number | undefined =>
  /^-?\d{1,9}$/.test(String(value).trim()) ? Number(value) : undefined

const isBlock =
  /^(?:p|div|section|article|header|footer|main|aside|nav|center|h[1-6]|blockquote|pre|ul|ol|li|dl|dt|dd|table|thead|tbody|tfoot|tr|td|th|caption|figure|figcaption|hr|address|details|summary|fieldset|form)$/

function textOf(node: Element | ElementContent | RootContent): string {
  if (node.type === 'text') return node.value
  return 'children' in node ? node.children.map(textOf).join('') : ''
}

/** The text of a caption, which has one line: its breaks and paragraphs become blanks, so that no letters are joined. */
function captionText(node: ElementContent | RootContent): string {
  if (node.type !== 'element') return textOf(node)
  const words = unwrapped(node.children.map(captionText).join(''))
  return node.tagName === 'br' || isBlock.test(node.tagName) ? ` ${words} ` : words
}

/** A line break between Chinese characters, with which a program such as Word wraps its HTML. It is no space. */
const wrapped = new RegExp(`(?<=${wide.source})[ \\t\\r]*\\n[ \\t\\r]*(?=${wide.source})`, 'gu')
const unwrapped = (text: string): string => text.replace(wrapped, '')

const blankLine = /\n[^\S\n]*\n/

/**
 * Blank lines within text divide paragraphs, as two `<br>` do: someone wrote them, and HTML would join the paragraphs.
 * Blank lines between two elements are only layout.
 */
function divided(node: Text): ElementContent[] {
  const value = unwrapped(node.value)
  if (value.trim() === '' || !blankLine.test(value)) return [{ ...node, value }]
  const br = (): Element => ({ type: 'element', tagName: 'br', properties: {}, children: [] })
  return value
    .split(/(?<!\s)\s*\n[^\S\n]*\n\s*/)
    .flatMap((part, at): ElementContent[] => [
      ...(at > 0 ? [br(), br()] : []),
      ...(part === '' ? [] : [{ ...node, value: part }]),
    ])
}

/** The style of a paragraph that Word shows as an item of a list, and of the mark that Word writes before its text. */
const wordItem = /mso-list\s*:\s*l\d+\s+level(\d+)/i
const wordMark = /mso-list\s*:\s*ignore/i

/** The mark of an item of Word: a number, or one character of a symbol font. Undefined for marks that our lists lack. */
function markOf(node: Element): { number?: number } | undefined {
  if (wordMark.test(text(node.properties.style))) {
    const words = textOf(node).replace(/[\s\u3000]+/g, '')
    const number = /^(\d{1,4})[.)、．）]?$/.exec(words)?.[1]
    if (number !== undefined) return { number: Number(number) }
    return /^[^\d\p{Script=Han}]$/u.test(words) ? {} : undefined
  }
  for (const child of node.children) {
    const mark = child.type === 'element' ? markOf(child) : undefined
    if (mark) return mark
  }
  return undefined
}

/** Neighbouring items of Word as lists: those that `Tidier` has marked with their number, 0 for none. */
function withLists(nodes: readonly ElementContent[]): ElementContent[] {
  const all: ElementContent[] = []
  let list: Element | undefined
  let isFlat = true
  for (const node of nodes) {
    const number = node.type === 'element' ? wholeNumber(node.properties.wordNumber) : undefined
    if (node.type === 'element' && number !== undefined) {
      const tagName = number > 0 ? 'ol' : 'ul'
      if (list?.tagName !== tagName) {
        list = { type: 'element', tagName, properties: number > 0 ? { start: number } : {}, children: [] }
        if (node.position) list.position = node.position
        all.push(list)
        isFlat = true
      }
      // Items of an inner level have numbers of their own, so all are counted once their levels become one.
      if (node.properties.wordLevel !== 1 && isFlat) {
        isFlat = false
        for (const item of list.children) if (item.type === 'element') item.properties = {}
      }
      list.children.push({ ...node, properties: isFlat ? { value: String(number) } : {} })
      continue
    }
    // Blank text between the items is layout.
    if (node.type !== 'text' || node.value.trim() !== '') list = undefined
    all.push(node)
  }
  return all
}

/** Removes unsupported elements and records them. Converts the style of inline elements to formatting. */
class Tidier {
  readonly dropped: Dropped[] = []
  /** Whether the mark of an item of Word is left out, because its list writes one. */
  private leavesMark = false
  private nodeCount = 0
  private textLength = 0

  private drop(node: RootContent, kind: string): void {
    this.dropped.push({ kind, offset: node.position?.start.offset ?? 0 })
  }

  children(nodes: readonly RootContent[], inTable: boolean): ElementContent[] {
    const all: ElementContent[] = []
    for (const node of nodes) {
      for (const child of this.node(node, inTable)) {
        if (child.type !== 'text') all.push(child)
        else for (const part of divided(child)) all.push(part)
      }
    }
    return withLists(all)
  }

  /** Children of preformatted text, whose blank lines stay. */
  private verbatim(nodes: readonly RootContent[], inTable: boolean): ElementContent[] {
    return nodes.flatMap(node =>
      node.type === 'element' && node.tagName === 'code'
        ? [{ ...node, properties: {}, children: this.verbatim(node.children, inTable) }]
        : this.node(node, inTable),
    )
  }

  private node(node: RootContent, inTable: boolean): ElementContent[] {
    if (node.type === 'text') {
      this.count()
      this.textLength += node.value.trim().length
      if (this.textLength > textAtMost) throw new TooMuchText()
      return [node]
    }
    if (node.type === 'comment') {
      if (!/^\[if|^\[endif|^(?:Start|End)Fragment/.test(node.value)) this.drop(node, '注释')
      return []
    }
    if (node.type !== 'element') return []
    const name = node.tagName.toLowerCase()
    const { properties } = node
    const whole = Object.hasOwn(droppedWhole, name) ? droppedWhole[name] : undefined
    if (whole !== undefined) {
      this.drop(node, whole)
      return []
    }
    if (droppedSilently.has(name)) return []
    const style = text(properties.style)
    const hidden = properties.hidden !== undefined
    if (
      hidden ||
      /display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?![.\d])/i.test(style)
    ) {
      // WeChat's HTML hides the whole article (`js_content`) until its script has run.
      if (text(properties.id) !== 'js_content' && textOf(node).trim() !== '') {
        this.drop(node, '设为隐藏的文字')
        return []
      }
    }
    if (Object.keys(properties).some(key => /^on/i.test(key))) this.drop(node, '脚本')
    if (style !== '' || properties.color !== undefined) this.drop(node, '字体、颜色等样式')
    this.count()
    if (this.leavesMark && wordMark.test(style)) return []
    return this.element(node, name, style, inTable)
  }

  private count(): void {
    this.nodeCount += 1
    if (this.nodeCount > nodesAtMost) throw new TooMuchMarkup()
  }

  private element(node: Element, name: string, style: string, inTable: boolean): ElementContent[] {
    const { properties } = node
    const made = (tagName: string, children: ElementContent[], own: Element['properties'] = {}): Element => ({
      type: 'element',
      tagName,
      properties: own,
      children,
      ...(node.position ? { position: node.position } : {}),
    })
    if (name === 'img' || name === 'image') {
      const src = text(properties.dataSrc) || text(properties.src)
      return src === ''
        ? []
        : [made('img', [], { src, alt: text(properties.alt), title: text(properties.title) })]
    }
    if (name === 'figure') return this.figure(node, inTable, made)
    if (name === 'table') {
      if (inTable) {
        this.drop(node, '表格里的表格（文字留下）')
        return this.children(node.children, true).map(withoutTable)
      }
      const children = this.children(node.children, true)
      const isCaption = (child: ElementContent): boolean =>
        child.type === 'element' && child.tagName === 'caption'
      const table = made(
        'table',
        children.filter(child => !isCaption(child)),
      )
      // Our tables have no caption, so it becomes a paragraph above.
      const above = children.filter(isCaption).map(child => ({ ...child, tagName: 'p' }) as Element)
      if (isLayout(table)) return [...above, made('div', unframed(table))]
      if (giveHead(table)) this.drop(node, firstRowIsHead)
      return [...above, table]
    }
    if (inTable && /^(?:tbody|thead|tfoot|tr|td|th)$/.test(name)) {
      const span = (value: unknown): number => Math.min(Math.max(Math.trunc(Number(value)) || 1, 1), 50)
      const [colSpan, rowSpan] = [span(properties.colSpan), span(properties.rowSpan)]
      if (colSpan > 1 || rowSpan > 1) this.drop(node, '合并的单元格（拆开）')
      const part = made(name, this.children(node.children, true), { colSpan, rowSpan })
      // A row without cells would become an empty one.
      return name === 'tr' && cellsOf(part).length === 0 ? [] : [part]
    }
    if (name === 'pre') return [made('pre', this.verbatim(node.children, inTable))]
    // A heading with a number is no item of a list.
    const mayBeItem = isBlock.test(name) && !/^h[1-6]$/.test(name)
    const level = Number(mayBeItem ? (wordItem.exec(style)?.[1] ?? 0) : 0)
    const mark = level > 0 ? markOf(node) : undefined
    if (mark) {
      if (level > 1) this.drop(node, '列表里的列表（排成一层）')
      this.leavesMark = true
      const children = this.children(node.children, inTable)
      this.leavesMark = false
      return [made('li', children, { wordNumber: mark.number ?? 0, wordLevel: level })]
    }
    let inner = this.children(node.children, inTable)
    if (isBlock.test(name)) {
      const own: Element['properties'] = {}
      if (name === 'ol') {
        own.start = wholeNumber(properties.start)
        own.reversed = properties.reversed !== undefined
      } else if (name === 'li') own.value = String(properties.value ?? '')
      return [
        made(
          /^(?:h[1-6]|p|blockquote|pre|ul|ol|li|dl|dt|dd|caption|hr)$/.test(name) ? name : 'div',
          inner,
          own,
        ),
      ]
    }
    if (/font-weight\s*:\s*(?:bold|[6-9]00)/i.test(style) && name !== 'b' && name !== 'strong')
      inner = [made('strong', inner)]
    if (/font-style\s*:\s*italic/i.test(style) && name !== 'i' && name !== 'em') inner = [made('em', inner)]
    const shift = /vertical-align\s*:\s*(sub|super)/i.exec(style)?.[1]?.toLowerCase()
    if (shift && name !== 'sub' && name !== 'sup') inner = [made(shift === 'sub' ? 'sub' : 'sup', inner)]
    if (name === 'a') return [made('a', inner, { href: text(properties.href) })]
    return schema.tagNames?.includes(name) ? [made(name, inner)] : inner
  }

  /** A figure becomes a picture whose title is the caption. */
  private figure(
    node: Element,
    inTable: boolean,
    made: (tagName: string, children: ElementContent[]) => Element,
  ): ElementContent[] {
    const caption = node.children.find(child => child.type === 'element' && child.tagName === 'figcaption')
    const inner = this.children(
      node.children.filter(child => child !== caption),
      inTable,
    )
    const picture = firstImage(inner)
    if (!caption) return [made('div', inner)]
    const words = captionText(caption).replace(/\s+/g, ' ').trim()
    if (picture) {
      picture.properties.title = words
      return [made('div', inner)]
    }
    return [made('div', [...inner, made('p', this.children([caption], inTable))])]
  }
}

/** A part of a table as plain blocks, with everything in it. */
function withoutTable(node: ElementContent): ElementContent {
  if (node.type !== 'element' || !/^(?:tbody|thead|tfoot|tr|td|th|caption)$/.test(node.tagName)) return node
  return { ...node, tagName: 'div', properties: {}, children: node.children.map(withoutTable) }
}

function firstImage(nodes: readonly ElementContent[]): Element | undefined {
  for (const node of nodes) {
    if (node.type !== 'element') continue
    const found = node.tagName === 'img' ? node : firstImage(node.children)
    if (found) return found
  }
  return undefined
}

function rowsOf(node: Element): Element[] {
  return node.children.flatMap(child => {
    if (child.type !== 'element') return []
    if (child.tagName === 'tr') return [child]
    return /^(?:tbody|thead|tfoot)$/.test(child.tagName) ? rowsOf(child) : []
  })
}

const cellsOf = (row: Element): Element[] =>
  row.children.filter((cell): cell is Element => cell.type === 'element' && /^t[dh]$/.test(cell.tagName))

/** Whether a table has only one column: such a table is a frame, so only its content is used. */
function isLayout(table: Element): boolean {
  return rowsOf(table).every(row => cellsOf(row).length <= 1)
}

/** The change that a table without a head got. It begins with a verb, unlike the parts that were removed. */
const firstRowIsHead = '把表格的第一行当作标题'

/** Makes the first row of a table its head, unless it has one: Word marks none. Returns whether it did. */
function giveHead(table: Element): boolean {
  const [first] = rowsOf(table)
  const hasHead = table.children.some(child => child.type === 'element' && child.tagName === 'thead')
  const cells = first ? cellsOf(first) : []
  if (hasHead || cells.length === 0 || cells.some(({ tagName }) => tagName === 'th')) return false
  for (const cell of cells) cell.tagName = 'th'
  return true
}

const unframed = (table: Element): ElementContent[] =>
  rowsOf(table).flatMap(row =>
    cellsOf(row).map((cell): Element => ({ ...cell, tagName: 'div', properties: {} })),
  )

const shifted =
  (shift: 'sub' | 'sup') =>
  (state: State, node: Element): Emphasis => ({
    type: 'emphasis',
    children: state.all(node) as Emphasis['children'],
    data: { shift },
  })

/** An ordered list with the number of each item, as a browser counts them. */
function orderedList(state: State, node: Element): Nodes {
  const list = defaultHandlers.ol?.(state, node) as List
  const items = node.children.filter(
    (child): child is Element => child.type === 'element' && child.tagName === 'li',
  )
  const isReversed = node.properties.reversed === true
  let next = wholeNumber(node.properties.start) ?? (isReversed ? items.length : 1)
  const numbers = items.map(({ properties }) => {
    const number = wholeNumber(properties.value) ?? next
    next = number + (isReversed ? -1 : 1)
    return number
  })
  return { ...list, data: { numbers } }
}

function tableOf(state: State, node: Element): Nodes {
  const table = defaultHandlers.table?.(state, node) as Nodes
  const [first] = rowsOf(node)
  const width =
    first && cellsOf(first).reduce((sum, { properties }) => sum + Number(properties.colSpan ?? 1), 0)
  return table.type === 'table' && width ? { ...table, data: { width } } : table
}

/** Parses untrusted HTML and lists the parts that it removed. @throws TooMuchMarkup, TooMuchText */
export function parseHtml(html: string): { root: Root; dropped: Dropped[] } {
  const tidier = new Tidier()
  const root: HtmlRoot = { type: 'root', children: tidier.children(parse(html).children, false) }
  const safe = sanitize(root, schema) as HtmlRoot
  const tree = toMdast(safe, {
    // Without it, marks and words outside of all block elements would not share a paragraph.
    document: true,
    quotes: ['“”', '‘’'],
    handlers: { ol: orderedList, table: tableOf, sub: shifted('sub'), sup: shifted('sup') },
  })
  return { root: tree.type === 'root' ? tree : { type: 'root', children: [] }, dropped: tidier.dropped }
}
