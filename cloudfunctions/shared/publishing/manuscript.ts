import type { Nodes, Paragraph, PhrasingContent, Root, RootContent } from 'mdast'
import remarkFrontmatter from 'remark-frontmatter'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import type { Block, Span } from '#contract/article'
import { FrontMatter } from './front-matter'
import { type Problem, readFields } from './read-fields'

/** Resolves the pictures and stories that a manuscript names. */
export interface References {
  /** A picture's stored place and size in pixels, or null where it cannot be found. */
  picture(name: string): { src: string; width: number; height: number } | null
  /** The id of a story by its slug, or null. */
  story(slug: string): string | null
}

export type Manuscript = { ok: true; meta: FrontMatter; blocks: Block[] } | { ok: false; problems: Problem[] }

type Marks = Omit<Exclude<Span, string>, 'text'>

const lineOf = (node: Nodes): number => node.position?.start.line ?? 1

const names: Partial<Record<Nodes['type'], string>> = {
  html: 'HTML 标签',
  thematicBreak: '分隔线',
  footnoteDefinition: '脚注',
  footnoteReference: '脚注',
  definition: '链接定义',
  imageReference: '引用式图片',
  linkReference: '引用式链接',
  delete: '删除线',
  image: '与文字同段的图片（图片要单独成段）',
}

/** Converts the text below the front matter. It reports everything it does not support and drops nothing silently. */
class Converter {
  readonly problems: Problem[] = []
  readonly references: References

  constructor(references: References) {
    this.references = references
  }

  private refuse(node: Nodes, message?: string): void {
    this.problems.push({
      line: lineOf(node),
      message: message ?? `不支持的写法：${names[node.type] ?? node.type}`,
    })
  }

  blocks(nodes: readonly RootContent[]): Block[] {
    return nodes.flatMap(node => this.block(node) ?? [])
  }

  private block(node: RootContent): Block | null {
    switch (node.type) {
      case 'yaml':
        return null
      case 'paragraph':
        return this.paragraph(node)
      case 'heading':
        if (node.depth !== 2) {
          this.refuse(node, '小标题只用两个井号（##）')
          return null
        }
        return { type: 'heading', text: this.plain(node.children) }
      case 'blockquote': {
        const [only, ...more] = node.children
        if (only?.type !== 'paragraph' || more.length > 0) {
          this.refuse(node, '引文只能是一段文字')
          return null
        }
        return { type: 'quote', spans: this.spans(only.children) }
      }
      case 'list':
        return {
          type: 'list',
          ordered: node.ordered === true,
          items: node.children.flatMap(item => {
            const [only, ...more] = item.children
            if (only?.type === 'paragraph' && more.length === 0) return [this.spans(only.children)]
            this.refuse(item, '列表的每一项只能是一行文字，不能嵌套')
            return []
          }),
        }
      case 'table': {
        const [head = [], ...rows] = node.children.map(row =>
          row.children.map(cell => this.plain(cell.children)),
        )
        return { type: 'table', head, rows }
      }
      case 'code':
        return { type: 'code', text: node.value }
      default:
        this.refuse(node)
        return null
    }
  }

  private paragraph(node: Paragraph): Block | null {
    const [only, ...more] = node.children
    if (only?.type !== 'image' || more.length > 0)
      return { type: 'paragraph', spans: this.spans(node.children) }
    const picture = this.references.picture(only.url)
    if (!picture) {
      this.refuse(node, `找不到图片：${only.url}`)
      return null
    }
    if (!only.alt) {
      this.refuse(node, '图片要写替代文字：![替代文字](文件 "说明｜图：出处")')
      return null
    }
    const [caption = '', credit] = (only.title ?? '').split('｜图：')
    return {
      type: 'picture',
      ...picture,
      alt: only.alt,
      ...(caption.trim() ? { caption: caption.trim() } : {}),
      ...(credit?.trim() ? { credit: credit.trim() } : {}),
    }
  }

  private plain(nodes: readonly PhrasingContent[]): string {
    return this.spans(nodes)
      .map(span => (typeof span === 'string' ? span : span.text))
      .join('')
  }

  private spans(nodes: readonly PhrasingContent[], marks: Marks = {}): Span[] {
    const spans: Span[] = []
    for (const span of nodes.flatMap(node => this.span(node, marks))) {
      const last = spans.at(-1)
      if (typeof span === 'string' && typeof last === 'string') spans[spans.length - 1] = last + span
      else spans.push(span)
    }
    return spans
  }

  private span(node: PhrasingContent, marks: Marks): Span[] {
    const marked = (text: string, own: Marks = marks): Span =>
      Object.keys(own).length === 0 ? text : { text, ...own }
    switch (node.type) {
      case 'text':
        // A line break in the source is only the editor's wrapping, and Chinese has no space there.
        return [marked(node.value.replace(/\s*\n\s*/g, ''))]
      case 'strong':
        return this.spans(node.children, { ...marks, bold: true })
      case 'emphasis':
        return this.spans(node.children, { ...marks, italic: true })
      case 'inlineCode':
        return [marked(node.value, { ...marks, code: true })]
      case 'break':
        return [marked('\n')]
      case 'link': {
        const slug = /^story:(.+)$/.exec(node.url)?.[1]
        const story = slug === undefined ? null : this.references.story(slug)
        if (story === null) {
          this.refuse(node, `链接只能指向本站文章（story:文章名）：${node.url}`)
          return []
        }
        return this.spans(node.children, { ...marks, story })
      }
      default:
        this.refuse(node)
        return []
    }
  }
}

function readFrontMatter(root: Root): FrontMatter | Problem[] {
  const [first] = root.children
  if (first?.type !== 'yaml') return [{ line: 1, message: '文稿开头缺少用 --- 围起来的信息' }]
  return readFields(first.value, lineOf(first) + 1, FrontMatter)
}

const parser = unified().use(remarkParse).use(remarkGfm).use(remarkFrontmatter, ['yaml'])

/**
 * Reads a Markdown manuscript with YAML front matter: the only way in which text becomes blocks, for sample stories and
 * for editors' drafts. Reports all problems together.
 */
export function readManuscript(text: string, references: References): Manuscript {
  const root = parser.parse(text.replaceAll('\r\n', '\n'))
  const meta = readFrontMatter(root)
  const converter = new Converter(references)
  const blocks = converter.blocks(root.children)
  const problems = [...(Array.isArray(meta) ? meta : []), ...converter.problems]
  if (blocks.length === 0) problems.push({ line: 1, message: '文稿没有正文' })
  if (Array.isArray(meta) || problems.length > 0) return { ok: false, problems }
  return { ok: true, meta, blocks }
}
