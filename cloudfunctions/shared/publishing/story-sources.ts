import type { Block, Span } from '#contract/article'

/** The heading above 资料来源, which compose-story.ts puts at the end of a story's blocks as a list. */
export const sourcesHeading = '资料来源'

const textOf = (span: Span): string => (typeof span === 'string' ? span : span.text)

/** The entries of a story's 资料来源; none if it names none. */
export function sourcesOf(blocks: readonly Block[]): string[] {
  const at = blocks.map(block => block.type === 'heading' && block.text === sourcesHeading).lastIndexOf(true)
  const list = at < 0 ? undefined : blocks[at + 1]
  return list?.type === 'list' ? list.items.map(item => item.map(textOf).join('')) : []
}
