import type { Root } from 'mdast'
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table'
import { gfmTable } from 'micromark-extension-gfm-table'
import remarkParse from 'remark-parse'
import { type Processor, unified } from 'unified'
import { chineseAttention } from './chinese-attention'

/**
 * Of GFM only tables: a tilde is a range (10~20℃), and bare addresses are found where text becomes spans, so that they
 * do not swallow 。，. Paragraphs may begin with spaces, and a rule below a line is a rule.
 */
function chineseMarkdown(this: Processor): void {
  const data = this.data()
  data.micromarkExtensions = [
    gfmTable(),
    chineseAttention,
    { disable: { null: ['codeIndented', 'setextUnderline'] } },
  ]
  data.fromMarkdownExtensions = [gfmTableFromMarkdown()]
}

const parser = unified().use(remarkParse).use(chineseMarkdown)

export const parseMarkdown = (text: string): Root => parser.parse(text)
