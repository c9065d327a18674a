import { gfmTableToMarkdown } from 'mdast-util-gfm-table'
import { toMarkdown as write } from 'mdast-util-to-markdown'
import { parseHtml } from '../../cloudfunctions/shared/publishing/body/parse-html'

/** Converts HTML that was copied from Word or a web page to the Markdown that publishing reads. */
export function toMarkdown(html: string): string {
  const { root } = parseHtml(html)
  return write(root, { bullet: '-', emphasis: '*', rule: '-', extensions: [gfmTableToMarkdown()] })
}
