import * as v from 'valibot'
import { readStored, writeStored } from '#platform/storage'
import type { TokenStore } from './web-api'

/**
 * What an HTTP header may hold, at a length that servers take (theirs have about 1 KB). With any other stored text, every
 * request would fail, and no sign-in would follow.
 */
const Token = v.pipe(v.string(), v.maxLength(4_096), v.regex(/^[\x21-\x7e]*$/))

/** A token in the phone's storage, with a copy in memory in case the storage is full. */
export function storedToken(key: string): TokenStore {
  let token: string | undefined
  return {
    read() {
      token ??= readStored(key, Token) ?? ''
      return token
    },
    write(next) {
      token = next
      writeStored(key, next)
    },
  }
}
