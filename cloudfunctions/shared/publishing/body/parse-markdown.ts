import type { Nodes, Root } from 'mdast'
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table'
import { gfmTable } from 'micromark-extension-gfm-table'
import remarkParse from 'remark-parse'
import { type Processor, unified } from 'unified'
import { chineseAttention } from './chinese-attention'
import { listInParagraph } from './list-in-paragraph'

/**
 * Supports only the tables of GFM. A tilde means a range (10~20℃), not strikethrough. `to-blocks.ts` finds bare
 * addresses, because GFM would include a following 。or ， in them. Indented lines are paragraphs, not code, and `---`
 * below a line is a thematic break, not a heading.
 */
function chineseMarkdown(this: Processor): void {
  const data = this.data()
  data.micromarkExtensions = [
    gfmTable(),
    chineseAttention,
    listInParagraph,
    { disable: { null: ['codeIndented', 'setextUnderline'] } },
  ]
  data.fromMarkdownExtensions = [gfmTableFromMarkdown()]
}

const parser = unified().use(remarkParse).use(chineseMarkdown)

const markBesideSpace = /\*\*\s|\s\*\*/

/**
 * Takes back bold words that stand among other bold words: their marks have a space on the wrong side, as in
 * `**重要 **的，也是** 很重要**`, and paired with each other. The marks become text, which the editor is told.
 */
function unnestBold(node: Nodes, isBold: boolean): Nodes[] {
  if ('children' in node) {
    const inside = isBold || node.type === 'strong'
    // `****words****` is bold once.
    const isWhole = node.children.length === 1 && node.children[0]?.type === 'strong'
    node.children = (node.children as Nodes[]).flatMap(child =>
      unnestBold(child, inside && !isWhole),
    ) as never
    if (isBold && node.type === 'strong')
      return [{ type: 'text', value: '**' }, ...node.children, { type: 'text', value: '**' }]
  }
  return [node]
}

export function parseMarkdown(text: string): Root {
  const root = parser.parse(text)
  if (markBesideSpace.test(text)) unnestBold(root, false)
  return root
}
