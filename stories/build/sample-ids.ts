import { createHash } from 'node:crypto'

function idOf(kind: string, slug: string): string {
  const digest = createHash('sha256').update(`${kind}:${slug}`).digest('hex')
  return BigInt(`0x${digest}`).toString(36).slice(0, 10)
}

/** A story's id: ten characters, the same for the same slug, so that a second import finds the first one's rows. */
export const sampleStoryId = (slug: string): string => idOf('story', slug)
export const sampleTopicId = (slug: string): string => idOf('topic', slug)
