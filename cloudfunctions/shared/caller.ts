import { AppError } from './app-error'
import { platformContext } from './cloud'
import { hashOf } from './hash'
import { readSalt } from './stores/settings'

/** Who calls. Only the platform's context says so; nothing in an event does. */
export interface Caller {
  /** Whether the platform gave this caller an identity: Moments readers and web guests have none. */
  readonly known: boolean
  /**
   * The reader's name inside our collections: a salted hash, the same for ever, from which nobody gets the OPENID
   * back. Rejects with `unauthenticated` where there is none.
   */
  reader(): Promise<string>
}

/** The caller of the invocation that is running; an instance serves one at a time. */
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
