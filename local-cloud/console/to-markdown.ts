import type { Delete, Emphasis, Nodes, Root, Strong } from 'mdast'
import { gfmTableToMarkdown } from 'mdast-util-gfm-table'
import { defaultHandlers, type Handle, toMarkdown as write } from 'mdast-util-to-markdown'
import { parseHtml } from '../../cloudfunctions/shared/publishing/body/parse-html'
import { refusalOf } from '../../cloudfunctions/shared/publishing/body/read-body'
import { readTyped } from '../../cloudfunctions/shared/publishing/body/typed-markdown'
import { CloudError } from '../cloud-error'

/** Markdown has no subscripts; publishing reads those of HTML. */
const emphasis: Handle = (node: Emphasis, parent, state, info) => {
  const shift = node.data?.shift
  if (!shift) return defaultHandlers.emphasis(node, parent, state, info)
  const inner = state.containerPhrasing(node, { ...info, before: '>', after: '<' })
  return `<${shift}>${inner}</${shift}>`
}
// Else a character beside it would be written as a number.
const peek: Handle = (node: Emphasis, parent, state) =>
  node.data?.shift ? '<' : (defaultHandlers.emphasis.peek(node, parent, state) ?? '')

/**
 * Bold text with the same marks everywhere. The library's own handler writes characters beside the marks as numbers,
 * because CommonMark does not read `**重点。**后文`; publishing does.
 */
const strong: Handle = (node: Strong, _parent, state, info) =>
  `**${state.containerPhrasing(node, { ...info, before: '*', after: '*' })}**`

/** Joins neighbouring bold texts, into which Word divides one, and puts a heading on one line. In place. */
function tidy(node: Nodes): void {
  if (!('children' in node)) return
  const joined: Nodes[] = []
  for (const child of node.children as Nodes[]) {
    const last = joined.at(-1)
    if (last?.type === 'strong' && child.type === 'strong') last.children.push(...child.children)
    else if (node.type === 'heading' && child.type === 'break') joined.push({ type: 'text', value: ' ' })
    else joined.push(child)
  }
  node.children = joined as never
  for (const child of joined) tidy(child)
}

const deleted: Handle = (node: Delete, _parent, state, info) =>
  `~~${state.containerPhrasing(node, { ...info, before: '~', after: '~' })}~~`

/** Markdown that stands in the HTML as text is read too: else its marks would be written as characters. */
function parsed(html: string): Root {
  try {
    return readTyped(parseHtml(html).root).root
  } catch (error) {
    throw new CloudError('INVALID_PARAM', refusalOf(error))
  }
}

/**
 * Converts HTML that was copied from Word or a web page to the Markdown that publishing reads. Deleted words stay
 * marked: publishing refuses the mark, so that an editor takes them out.
 * @throws CloudError if there is more markup or text than publishing reads
 */
export function toMarkdown(html: string): string {
  const root = parsed(html)
  tidy(root)
  return write(root, {
    bullet: '-',
    emphasis: '*',
    rule: '-',
    extensions: [gfmTableToMarkdown()],
    handlers: {
      emphasis: Object.assign(emphasis, { peek }),
      strong: Object.assign(strong, { peek: () => '*' }),
      delete: deleted,
    },
  })
}
