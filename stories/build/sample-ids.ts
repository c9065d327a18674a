import { createHash } from 'node:crypto'

function idOf(kind: string, slug: string): string {
  const digest = createHash('sha256').update(`${kind}:${slug}`).digest('hex')
  return BigInt(`0x${digest}`).toString(36).slice(0, 10)
}

/** A story's id: ten characters derived from the slug, so that a second import finds the rows of the first. */
export const sampleStoryId = (slug: string): string => idOf('story', slug)
export const sampleTopicId = (slug: string): string => idOf('topic', slug)
