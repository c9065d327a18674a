import Taro from '@tarojs/taro'
import * as v from 'valibot'

type Schema<T> = v.BaseSchema<unknown, T, v.BaseIssue<unknown>>

/**
 * What the phone keeps under a key, or undefined: never kept, kept by a version that wrote it otherwise, or unreadable.
 */
export function readStored<T>(key: string, schema: Schema<T>): T | undefined {
  try {
    const stored = v.safeParse(schema, Taro.getStorageSync<unknown>(key))
    return stored.success ? stored.output : undefined
  } catch {
    return undefined
  }
}

/** Keeps a value. False when the phone refuses: storage full (10 MB, 1 MB a key), or private browsing on the web. */
export function writeStored(key: string, value: unknown): boolean {
  try {
    Taro.setStorageSync(key, value)
    return true
  } catch {
    return false
  }
}

/** Forgets a key; a phone that refuses has nothing to forget. */
export function removeStored(key: string): void {
  try {
    Taro.removeStorageSync(key)
  } catch {
    // Nothing a reader could do about it.
  }
}
