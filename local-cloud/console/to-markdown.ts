import { gfmTableToMarkdown } from 'mdast-util-gfm-table'
import { toMarkdown as write } from 'mdast-util-to-markdown'
import { parseHtml } from '../../cloudfunctions/shared/publishing/body/parse-html'

/** HTML as Word or a page puts it into the clipboard, as the Markdown that publishing reads. */
export function toMarkdown(html: string): string {
  const { root } = parseHtml(html)
  return write(root, { bullet: '-', emphasis: '*', rule: '-', extensions: [gfmTableToMarkdown()] })
}
