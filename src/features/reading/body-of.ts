import type { Article, Block } from '#contract/article'

/** A story's blocks as the page shows them: its cover leads, unless the text shows the same picture itself. */
export function bodyOf(article: Article): Block[] {
  const { cover, credit, blocks } = article
  if (!cover || blocks.some(block => block.type === 'picture' && block.src === cover.src)) return blocks
  const { src, width, height, alt } = cover
  return [{ type: 'picture', src, width, height, alt, ...(credit ? { credit } : {}) }, ...blocks]
}
