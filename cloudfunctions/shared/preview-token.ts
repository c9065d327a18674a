import { createHash, randomInt, timingSafeEqual } from 'node:crypto'

/** The secret that opens a preview. The database stores only its hash. */

const characters = '0123456789abcdefghijklmnopqrstuvwxyz'
const length = 16

/** 82 random bits. Lower case only, because people read addresses aloud and type them. */
export const newToken = (): string =>
  Array.from({ length }, () => characters[randomInt(characters.length)]).join('')

export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex')

/** Compared with a token where no preview exists, so that both cases do the same work. No token has this hash. */
const noHash = '0'.repeat(64)

/** Whether a token has this hash; null where no preview exists. Takes the same time for every token. */
export const opens = (token: string, hash: string | null): boolean =>
  timingSafeEqual(Buffer.from(tokenHash(token)), Buffer.from(hash ?? noHash))
