import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Who a client is.
 * - `reader`: logged in to WeChat, has an OPENID.
 * - `visitor`: signed in anonymously on the web: authenticated (`auth != null`), but without an OPENID.
 * - `guest`: not signed in at all, as in Moments' single-page mode: `auth == null`.
 */
export type ClientKind = 'reader' | 'visitor' | 'guest'

export interface Client {
  readonly kind: ClientKind
  /** Only a reader's is a WeChat OPENID; a visitor's is the web account's id; a guest has none. */
  readonly openid: string | null
  readonly uid: string | null
}

export interface Identity {
  /** Makes a new reader (or visitor, or guest) and its token. `openid` only for tools that stand above clients. */
  signIn(kind: ClientKind, openid?: string): { token: string; client: Client }
  /** The client a token was made for, or undefined if this cloud never made it. */
  clientOf(token: string): Client | undefined
}

/** Clients' tokens live in memory only as a cache; this many are kept before it is emptied. */
const cachedTokens = 50_000

/**
 * Tokens carry the identity and are signed with `key`, so that a reader keeps the same OPENID over restarts and a
 * `kill -9` without the cloud having to store anything but the key.
 */
export function createIdentity(key: Buffer): Identity {
  const cache = new Map<string, Client>()
  const sign = (payload: string) => createHmac('sha256', key).update(payload).digest('base64url')

  function remember(token: string, client: Client): Client {
    if (cache.size >= cachedTokens) cache.clear()
    cache.set(token, client)
    return client
  }

  return {
    signIn(kind, openid) {
      const payload = Buffer.from(JSON.stringify([kind, openid ?? randomId()])).toString('base64url')
      const token = `${payload}.${sign(payload)}`
      return { token, client: remember(token, describe(payload)) }
    },
    clientOf(token) {
      const known = cache.get(token)
      if (known) return known
      const [payload, signature, more] = token.split('.')
      if (!payload || !signature || more !== undefined) return undefined
      const expected = Buffer.from(sign(payload))
      const given = Buffer.from(signature)
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
      return remember(token, describe(payload))
    },
  }
}

/** Shaped like a WeChat OPENID: 28 characters, and never all digits (the SDK turns those into a number). */
function randomId(): string {
  return `o${randomBytes(32).toString('base64url').replaceAll('-', 'a').slice(0, 27)}`
}

function describe(payload: string): Client {
  const [kind, id] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [ClientKind, string]
  return {
    kind,
    openid: kind === 'reader' ? id : null,
    uid: kind === 'guest' ? null : id,
  }
}
