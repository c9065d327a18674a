import type { Root } from 'mdast'
import { isMarkdown } from './tell-kind'

/** The lines of a paragraph that holds nothing but text, or null. */
function linesOf(paragraph: Root['children'][number]): string[] | null {
  if (paragraph.type !== 'paragraph') return null
  let text = ''
  for (const node of paragraph.children) {
    if (node.type === 'text') text += node.value
    else if (node.type === 'break') text += '\n'
    else return null
  }
  return text.split('\n').map(line => line.trim())
}

const isTableRow = (line: string | undefined): boolean => line?.startsWith('|') === true

/**
 * The Markdown that an editor typed into a rich-text field, which stores each line as a paragraph of HTML. Null if the
 * tree has any formatting of its own, or nothing that only Markdown means.
 */
export function typedMarkdown({ children }: Root): string | null {
  const paragraphs: string[][] = []
  for (const child of children) {
    const lines = linesOf(child)
    if (lines === null) return null
    paragraphs.push(lines)
  }
  if (!isMarkdown(paragraphs.flat())) return null
  return (
    paragraphs
      .map((lines, at) => {
        // Rows of a table stand one below the other.
        const isRow = isTableRow(lines.at(-1)) && isTableRow(paragraphs[at + 1]?.[0])
        return `${lines.join('\n')}${isRow ? '\n' : '\n\n'}`
      })
      .join('')
      // Text of HTML, so no tag of Markdown either.
      .replaceAll('<', '\\<')
  )
}
