import type { Block, Span } from '#contract/article'

const lengthOf = (spans: readonly Span[]): number =>
  spans.reduce((sum, span) => sum + (typeof span === 'string' ? span : span.text).length, 0)

/** The length of a block in characters; a picture counts as a short paragraph. */
export function weightOf(block: Block): number {
  switch (block.type) {
    case 'paragraph':
    case 'quote':
      return lengthOf(block.spans)
    case 'list':
      return block.items.reduce((sum, item) => sum + lengthOf(item) + 10, 0)
    case 'table':
      return [block.head, ...block.rows].reduce((sum, row) => sum + row.join('').length + 10, 0)
    case 'picture':
      return 100
    case 'heading':
    case 'code':
      return block.text.length
  }
}

/** Shorter stories are shown whole (characters): about seven screens. */
const longStory = 2_000
/** What is shown of a long story: this part of its characters. */
const shownPart = 0.4
/** A smaller rest is shown at once: it is not worth a tap. */
const restAtLeast = 0.25

/**
 * Finds the fold of a long story. `at` is the index of the first block behind the fold, `rest` the percentage in
 * 阅读剩余全文（N%）. The fold never follows a sub-heading directly; it moves before the sub-heading. Null for a story that is
 * shown whole.
 */
export function foldAt(blocks: readonly Block[]): { at: number; rest: number } | null {
  const weights = blocks.map(weightOf)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (total < longStory) return null
  const wanted = total * shownPart
  let shown = 0
  let at = 0
  while (at < blocks.length && shown < wanted) shown += weights[at++] ?? 0
  while (at > 1 && blocks[at - 1]?.type === 'heading') shown -= weights[--at] ?? 0
  // If the section ends within the next two blocks, show it to its end.
  for (const ahead of [1, 2]) {
    if (blocks[at]?.type !== 'heading' && blocks[at + ahead]?.type === 'heading') {
      for (const end = at + ahead; at < end; at++) shown += weights[at] ?? 0
      break
    }
  }
  const rest = (total - shown) / total
  if (at >= blocks.length || rest < restAtLeast) return null
  return { at, rest: Math.round(rest * 100) }
}
