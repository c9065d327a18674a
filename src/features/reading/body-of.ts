import type { Article, Block } from '#contract/article'

/** A story's blocks as the page shows them: the cover first, unless the text contains the same picture. */
export function bodyOf(article: Article): Block[] {
  const { cover, credit, blocks } = article
  if (!cover || blocks.some(block => block.type === 'picture' && block.src === cover.src)) return blocks
  const { src, width, height, alt } = cover
  return [{ type: 'picture', src, width, height, alt, ...(credit ? { credit } : {}) }, ...blocks]
}
