import { createHash } from 'node:crypto'

const length = 10

/** The nth candidate for the id of a draft's story: ten characters of `[0-9a-z]`. */
export function storyIdOf(draft: string, nth = 0): string {
  const name = `story:${draft}${nth === 0 ? '' : `\u0000${nth}`}`
  const digest = createHash('sha256').update(name).digest('hex')
  return BigInt(`0x${digest}`).toString(36).slice(0, length)
}
