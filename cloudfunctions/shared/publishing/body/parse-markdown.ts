import type { Root } from 'mdast'
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

export const parseMarkdown = (text: string): Root => parser.parse(text)
