import type { Definition, Link, Nodes, Paragraph, PhrasingContent, Root, RootContent } from 'mdast'
import { areItems, mendMarkdown, tooTangled } from './mend-markdown'
import { parseMarkdown } from './parse-markdown'
import { markEscapes, writtenNumbers } from './spans'
import { isMarkdown } from './tell-kind'

/**
 * Markdown that an editor typed into a rich-text field, which stores each line as a paragraph of HTML. Neighbouring
 * paragraphs with such marks are read as Markdown together; elements of HTML among their text stay what they are.
 */

/** Marks at the beginning of a line that only Markdown means. */
const certainLine =
  /^(?:[#＃]{2,6}[ \u3000]*[^\s#＃]|[#＃][ \u3000]+\S|[>＞][ \u3000]*[^\s\d>＞]|[-*+][ \u3000]+\S|[!！] ?\[|[|｜].*[|｜]$|(?:-{3,}|\*{3,}|_{3,})$)/
const certainInline =
  /\*\*[^*\n]{1,500}\*\*|＊＊[^\s＊][^＊\n]{0,300}＊＊|\[[^\]\n]{0,300}\][(（][^)）\n]{1,2000}[)）]|[［【][^］】\n]{0,300}[］】][(（](?:(?:story:|https?:\/\/|cloud:\/\/|\/|pages\/)[^)）\n]|[^)）\s]{1,200}\.(?:svg|jpe?g|png|gif|webp)[)）\s#])|`[^`\n]{1,500}`/
/** Marks that other text may hold too. They count only in a body that holds certain ones. */
const possibleLine = /^(?:[0-9０-９]{1,3}(?:[.)）．]|、)\s*\S|[•·●▪■◆○▶►]|[=＝]{3,}$)/
const possibleInline =
  /\*[^\s*][^*\n]{0,500}\*|_[^\s_][^_\n]{0,500}_|==[^\s=][^=\n]{0,200}==|＊＊[^＊\n]{1,300}＊＊|＿[^＿\n]{1,300}＿/
const number = /^[0-9０-９]{1,3}[.)）．、]/
/** A definition of Markdown, `[name]: address`. With a link that names it, it is a certain mark. */
const definition =
  /^\[([^\]^\n][^\]\n]{0,200})\]:[ \t]*<?(?:(?:https?:\/\/|story:|\/|pages\/|cloud:)\S|\S+\.(?:svg|jpe?g|png|gif|webp)$)/
/** `[words][name]`, `[name][]` or `[name]`. */
const reference = /\[([^\][\n]{1,300})\](?:\[([^\][\n]{0,200})\])?(?!:)/g
/** A name as Markdown compares it. */
const nameOf = (label: string): string => label.trim().replace(/\s+/g, ' ').toLowerCase()
const namedIn = (line: string): string[] =>
  [...line.matchAll(reference)].map(([, words = '', name]) => nameOf(name || words))
/** Marks of a block that stand within bold words, where the editor's program put them with the words of their line. */
const blockMark =
  /^\s*(?:[#＃]{2,6}[ \u3000]*(?=[^\s#＃])|[#＃][ \u3000]+|[>＞][ \u3000]*(?=[^\s\d>＞])|[-*+][ \u3000]+)(?=\S)/
const row = /^[|｜]/
const fence = /^(`{3,}|~{3,})/

/** Stands before a character that names a kept node. Text never contains it, because `sourceOf` removes it. */
const keeper = '\uFDD0'
const kept = new RegExp(`${keeper}([\uE000-\uF8FF])`)
const firstName = 0xe000
/** The private characters are 6,400; one paragraph more than fills them begins new names. */
const namesAtMost = 3_000

const textOf = (node: Nodes): string =>
  'value' in node ? node.value : 'children' in node ? node.children.map(textOf).join('') : ''

type Parent = Extract<Nodes, { children: unknown[] }>

/** An address that an editor's program made a link of. */
const isTypedAddress = (node: Nodes): node is Link => node.type === 'link' && textOf(node) === node.url

/** The mark of a block at the beginning of bold or other emphasised words, moved in front of them. */
function withMarkInFront(nodes: PhrasingContent[]): PhrasingContent[] {
  let first: Nodes | undefined = nodes[0]
  if (first?.type === 'text') return nodes
  while (first?.type === 'strong' || first?.type === 'emphasis') first = first.children[0]
  if (first?.type !== 'text' || nodes.some(node => hasBreak(node))) return nodes
  const mark = blockMark.exec(first.value)?.[0]
  if (mark === undefined) return nodes
  first.value = first.value.slice(mark.length)
  return [{ type: 'text', value: mark }, ...nodes]
}

const hasBreak = (node: Nodes): boolean =>
  node.type === 'break' || ('children' in node && node.children.some(hasBreak))

class Reader {
  /** Nodes that stand in the Markdown as one name each. */
  private nodes: PhrasingContent[] = []
  private readonly readsPossible: boolean
  private readonly isWhole: boolean
  private readonly names: Names
  /** The definitions of the names, for the end of the body. */
  readonly definitions = new Map<string, Definition>()
  tangled: string | null = null

  constructor(isWhole: boolean, readsPossible: boolean, names: Names) {
    this.isWhole = isWhole
    this.readsPossible = readsPossible
    this.names = names
  }

  private keep(node: PhrasingContent): string {
    this.nodes.push(node)
    return keeper + String.fromCharCode(firstName + this.nodes.length - 1)
  }

  private sourceOf(nodes: readonly PhrasingContent[]): string {
    return nodes
      .map(node => {
        if (node.type === 'text')
          return (
            node.value
              .replaceAll(keeper, '')
              .replaceAll('\u00A0', ' ')
              // Text of HTML holds no tags and character references of Markdown.
              .replace(/<|&(?=#?[0-9A-Za-z]{1,32};)/g, value => this.keep({ type: 'text', value }))
          )
        if (node.type === 'break') return '\n'
        // An editor program made a link of an address that was typed.
        if (isTypedAddress(node)) return node.url
        return this.keep(node)
      })
      .join('')
  }

  /** The nodes of a text that was parsed from Markdown, with the kept ones in their places. */
  private restored(text: string): PhrasingContent[] {
    return text.split(kept).flatMap((part, at): PhrasingContent[] => {
      if (at % 2 === 0) return part === '' ? [] : [{ type: 'text', value: part }]
      const node = this.nodes[part.charCodeAt(0) - firstName]
      return node ? [structuredClone(node)] : []
    })
  }

  private readonly plain = (text: string): string => this.restored(text).map(textOf).join('')

  private parse(source: string): RootContent[] | null {
    // Markdown knows a link by its name only if the text that it reads also defines the name.
    const mended = mendMarkdown([source.trimEnd(), ...this.names.values()].join('\n\n'))
    const tangled = tooTangled(mended)
    if (tangled) {
      this.tangled ??= tangled.message
      return null
    }
    const finish = <Node extends Nodes>(node: Node): Node[] => {
      const { position } = node
      const written = mended.slice(position?.start.offset, position?.end.offset)
      delete node.position
      if (node.type === 'text') return this.restored(markEscapes(node.value, written)) as Node[]
      if (node.type === 'list' && node.ordered) node.data = { numbers: writtenNumbers(node, mended) }
      if (node.type === 'inlineCode') node.value = this.plain(node.value)
      if (node.type === 'code') node.value = this.plain(node.value).replace(/(?<! ) +$/gm, '')
      if ('url' in node) node.url = this.plain(node.url)
      if ('title' in node && node.title) node.title = this.plain(node.title)
      if ('alt' in node && node.alt) node.alt = this.plain(node.alt)
      if ('children' in node) node.children = (node.children as Nodes[]).flatMap(finish) as never
      if (node.type === 'definition') {
        this.definitions.set(node.identifier, node)
        return []
      }
      return [node]
    }
    return parseMarkdown(mended).children.flatMap(finish)
  }

  private isTyped(lines: readonly string[], inItem: boolean): boolean {
    return lines.some(
      line =>
        certainLine.test(line) ||
        certainInline.test(line) ||
        (this.names.size > 0 &&
          (definition.test(line) || namedIn(line).some(name => this.names.has(name)))) ||
        (this.readsPossible &&
          ((possibleLine.test(line) && !(inItem && number.test(line))) || possibleInline.test(line))),
    )
  }

  /** Reads the paragraphs among blocks, such as those of the body, a quotation or an item. */
  flow(blocks: readonly RootContent[], inItem = false): RootContent[] {
    const read: RootContent[] = []
    let run: { lines: string[]; node: Paragraph }[] = []
    const flush = (): void => {
      if (run.length > 0) read.push(...(this.parse(joined(run)) ?? run.map(({ node }) => node)))
      run = []
      this.nodes = []
    }
    let open = ''
    for (const [at, node] of blocks.entries()) {
      if (node.type !== 'paragraph') {
        flush()
        this.inside(node)
        read.push(node)
        continue
      }
      node.children = this.phrases(withMarkInFront(node.children))
      const lines = this.linesOf(node.children)
      const isFenced = open !== ''
      const marker = fence.exec(lines[0] ?? '')?.[1]
      if (!isFenced && marker !== undefined && closes(blocks, at, marker)) open = marker
      if (isFenced || open !== '' || (marker === undefined && (this.isWhole || this.isTyped(lines, inItem))))
        run.push({ lines, node })
      else {
        flush()
        read.push(node)
      }
      const closed = isFenced ? lines : lines.slice(1)
      if (open !== '' && closed.some(line => line.startsWith(open))) open = ''
      if (open === '' && this.nodes.length > namesAtMost) flush()
    }
    flush()
    return read
  }

  private linesOf(nodes: readonly PhrasingContent[]): string[] {
    return this.sourceOf(nodes)
      .split('\n')
      .map(line => line.trim())
  }

  /** Reads the text within other blocks and within marks. */
  private inside(node: Nodes): void {
    if (node.type === 'blockquote') node.children = this.flow(node.children) as typeof node.children
    else if (node.type === 'listItem') node.children = this.flow(node.children, true) as typeof node.children
    else if (/^(?:heading|tableCell|strong|emphasis|delete|link)$/.test(node.type))
      (node as Parent).children = this.text((node as Paragraph).children) as never
    else if ('children' in node) for (const child of node.children) this.inside(child)
  }

  private phrases(nodes: PhrasingContent[]): PhrasingContent[] {
    for (const node of nodes) this.inside(node)
    return nodes
  }

  /** Text that can hold no blocks. */
  private text(nodes: PhrasingContent[]): PhrasingContent[] {
    const outer = this.nodes
    this.nodes = []
    const lines = this.linesOf(this.phrases(nodes))
    const [only, ...more] = this.isTyped(lines, true) ? (this.parse(lines.join('  \n')) ?? []) : []
    this.nodes = outer
    return more.length === 0 && (only?.type === 'paragraph' || only?.type === 'heading')
      ? only.children
      : nodes
  }
}

/** Whether the fence that a paragraph opens is closed, in the paragraph itself or in a later one beside it. */
function closes(blocks: readonly RootContent[], at: number, marker: string): boolean {
  for (const [index, block] of blocks.slice(at).entries()) {
    if (block.type !== 'paragraph') return false
    const starts = block.children.map((node, place) =>
      node.type === 'text' && (place === 0 || block.children[place - 1]?.type === 'break')
        ? node.value.trim()
        : '',
    )
    if (starts.slice(index === 0 ? 1 : 0).some(line => line.startsWith(marker))) return true
  }
  return false
}

/** The Markdown of neighbouring paragraphs. Their line breaks were meant. */
function joined(run: readonly { lines: readonly string[] }[]): string {
  let open = ''
  return run
    .map(({ lines }, at) => {
      for (const line of lines) {
        const marker = fence.exec(line)?.[1] ?? ''
        if (open === '') open = marker
        else if (marker.startsWith(open)) open = ''
      }
      const [last = '', next = ''] = [lines.at(-1), run[at + 1]?.lines[0]]
      // Rows of a table and items of a list stand one below the other.
      const together = open !== '' || (row.test(last) && row.test(next)) || areItems(last, next)
      return lines.join('  \n') + (together ? '\n' : '\n\n')
    })
    .join('')
}

/** The lines of all texts of a tree, where an element stands for nothing. */
function linesWithin(node: Nodes): string[] {
  if (!('children' in node)) return []
  const lines = ['']
  const inner: string[] = []
  for (const child of node.children) {
    if (child.type === 'text') lines[lines.length - 1] += child.value.replaceAll('\u00A0', ' ')
    else if (child.type === 'break') lines.push('')
    else if (isTypedAddress(child)) lines[lines.length - 1] += child.url
    else {
      lines[lines.length - 1] += '\uFFFC'
      inner.push(...linesWithin(child))
    }
  }
  return [...lines.map(line => line.trim()), ...inner]
}

/** The definitions that some link names, by their names. */
type Names = ReadonlyMap<string, string>

function namesIn(lines: readonly string[]): Names {
  const defined = new Map<string, string>()
  for (const line of lines) {
    const name = definition.exec(line)?.[1]
    if (name !== undefined && !defined.has(nameOf(name))) defined.set(nameOf(name), line)
  }
  if (defined.size === 0) return defined
  const named = new Set(lines.flatMap(namedIn))
  return new Map([...defined].filter(([name]) => named.has(name)))
}

export interface Typed {
  root: Root
  /** Whether the body has no formatting but Markdown: then marks that were left over are the editor's mistakes. */
  isWhole: boolean
  /** Why a part could not be read, in Chinese. */
  tangled: string | null
}

/** Reads the Markdown in a tree that was parsed from HTML. It changes the tree. */
export function readTyped(root: Root): Typed {
  const lines = linesWithin(root)
  const names = namesIn(lines)
  const isCertain =
    names.size > 0 ||
    lines.some(line => certainLine.test(line) || certainInline.test(line) || fence.test(line))
  const isText = root.children.every(
    block =>
      block.type === 'paragraph' && block.children.every(({ type }) => type === 'text' || type === 'break'),
  )
  const isWhole = isText && (isCertain || isMarkdown(lines))
  if (!isWhole && !isCertain) return { root, isWhole, tangled: null }
  const reader = new Reader(isWhole, isCertain, names)
  const read = reader.flow(root.children)
  const children = [...read, ...reader.definitions.values()]
  return { root: { type: 'root', children }, isWhole, tangled: reader.tangled }
}
