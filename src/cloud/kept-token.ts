import * as v from 'valibot'
import { readStored, writeStored } from '#platform/storage'
import type { TokenStore } from './web-api'

/** A token kept on the phone, and in memory where the phone refuses: a full storage keeps nobody from reading. */
export function keptToken(key: string): TokenStore {
  let token: string | undefined
  return {
    read() {
      token ??= readStored(key, v.string()) ?? ''
      return token
    },
    write(next) {
      token = next
      writeStored(key, next)
    },
  }
}
