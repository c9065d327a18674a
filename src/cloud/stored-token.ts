import * as v from 'valibot'
import { readStored, writeStored } from '#platform/storage'
import type { TokenStore } from './web-api'

/** A token in the phone's storage, with a copy in memory in case the storage is full. */
export function storedToken(key: string): TokenStore {
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
