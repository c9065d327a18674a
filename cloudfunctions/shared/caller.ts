import { AppError } from './app-error'
import { platformContext } from './cloud'
import { hashOf } from './hash'
import { readSalt } from './stores/settings'

/** The caller. Its identity comes only from the platform's context, never from an event. */
export interface Caller {
  /** Whether the platform gave this caller an identity. Readers from Moments and web guests have none. */
  readonly known: boolean
  /**
   * How our collections store the reader: a salted hash of the OPENID, which never changes and cannot be reversed.
   * Rejects with `unauthenticated` where the caller has no identity.
   */
  reader(): Promise<string>
}

/** The caller of the invocation that is running. An instance runs one at a time. */
export function currentCaller(): Caller {
  const { openId } = platformContext()
  return {
    known: openId !== '',
    async reader() {
      if (!openId) throw new AppError('unauthenticated', 'this needs an identity')
      return hashOf(await readSalt(), openId)
    },
  }
}

/** A caller without an identity, like every visitor of the web: for pages that are the same for everyone. */
export const guest: Caller = {
  known: false,
  reader: () => Promise.reject(new AppError('unauthenticated', 'this needs an identity')),
}
