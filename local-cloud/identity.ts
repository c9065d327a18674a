import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { BoundedMap } from '../cloudfunctions/shared/bounded-map'

/**
 * Who a client is.
 * - `reader`: logged in to WeChat, has an OPENID.
 * - `visitor`: signed in anonymously on the web: authenticated (`auth != null`), but without an OPENID.
 * - `guest`: not signed in at all, as in Moments' single-page mode: `auth == null`.
 */
export type ClientKind = 'reader' | 'visitor' | 'guest'

export interface Client {
  readonly kind: ClientKind
  /** A reader's WeChat OPENID, or the id of a visitor's web account. A guest has none. */
  readonly openid: string | null
  readonly uid: string | null
}

export interface Identity {
  /** Creates a reader, visitor or guest and its token. Only trusted tools may pass `openid`. */
  signIn(kind: ClientKind, openid?: string): { token: string; client: Client }
  /** The client that a token belongs to. Undefined if this cloud did not issue the token. */
  clientOf(token: string): Client | undefined
  /** Signs a token out: it no longer identifies anybody. Forgotten when this cloud ends. */
  revoke(token: string): void
}

/** How many clients' tokens are in memory. They are there only as a cache. */
const cachedTokens = 50_000

/** How many signed-out tokens are remembered; the oldest are forgotten first. */
const revokedAtMost = 10_000

const nonceBytes = 12
const tagBytes = 16

/**
 * A token contains the identity, encrypted with `key`. So a reader has the same OPENID after a restart and a `kill -9`,
 * although the cloud stores nothing but the key. The client that holds the token cannot read the OPENID in it.
 */
export function createIdentity(key: Buffer): Identity {
  const cache = new BoundedMap<string, Client>(cachedTokens)
  const revoked = new BoundedMap<string, true>(revokedAtMost)
  const secret = createHash('sha256').update(key).digest()

  function seal(text: string): string {
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', secret, nonce)
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
  }

  /** The decrypted text of a token. Null if this cloud did not issue it. */
  function open(token: string): string | null {
    const bytes = Buffer.from(token, 'base64url')
    if (bytes.length <= nonceBytes + tagBytes || bytes.toString('base64url') !== token) return null
    const decipher = createDecipheriv('aes-256-gcm', secret, bytes.subarray(0, nonceBytes))
    decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
    try {
      const opened = [decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]
      return Buffer.concat(opened).toString('utf8')
    } catch {
      return null
    }
  }

  function remember(token: string, client: Client): Client {
    cache.set(token, client)
    return client
  }

  return {
    signIn(kind, openid) {
      const text = JSON.stringify([kind, openid ?? randomId()])
      const token = seal(text)
      return { token, client: remember(token, describe(text)) }
    },
    clientOf(token) {
      if (revoked.has(token)) return undefined
      const known = cache.get(token)
      if (known) return known
      const text = open(token)
      return text === null ? undefined : remember(token, describe(text))
    },
    revoke(token) {
      // Accepts only tokens of this cloud, so that nobody can fill the list with others.
      if (revoked.has(token) || open(token) === null) return
      revoked.set(token, true)
    },
  }
}

/**
 * A client's public name on the web API, which tells clients apart. A visitor's public name is its uid, which is also
 * the `_openid` of its documents. A reader's public name does not reveal the OPENID.
 */
export function publicName(client: Client): string {
  if (client.kind === 'visitor') return client.uid ?? ''
  return client.uid === null
    ? ''
    : createHash('sha256').update(`sub:${client.uid}`).digest('hex').slice(0, 32)
}

/** Has the form of a WeChat OPENID: 28 characters, never all digits (the SDK turns those into a number). */
function randomId(): string {
  return `o${randomBytes(32).toString('base64url').replaceAll('-', 'a').slice(0, 27)}`
}

function describe(text: string): Client {
  const [kind, id] = JSON.parse(text) as [ClientKind, string]
  return {
    kind,
    openid: kind === 'reader' ? id : null,
    uid: kind === 'guest' ? null : id,
  }
}
