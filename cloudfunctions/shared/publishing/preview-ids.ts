import { createHash } from 'node:crypto'

/** How many previews of one draft exist at a time. One more replaces the one that expires first. */
export const previewsAtMost = 5

/** The places for a draft's previews. Their ids come from the draft's, so their number is bounded without a count. */
export const previewIdsOf = (draft: string): string[] =>
  Array.from({ length: previewsAtMost }, (_, nth) => {
    const digest = createHash('sha256').update(`preview:${draft}\u0000${nth}`).digest('hex')
    return BigInt(`0x${digest}`).toString(36).slice(0, 10)
  })
