import { createHash } from 'node:crypto'

/** A topic's id: ten characters derived from its file's name, so that a second import finds the rows of the first. */
export function sampleTopicId(slug: string): string {
  const digest = createHash('sha256').update(`topic:${slug}`).digest('hex')
  return BigInt(`0x${digest}`).toString(36).slice(0, 10)
}
