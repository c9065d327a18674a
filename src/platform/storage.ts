import Taro from '@tarojs/taro'
import * as v from 'valibot'

type Schema<T> = v.BaseSchema<unknown, T, v.BaseIssue<unknown>>

/** The value stored under a key; undefined if there is none, it does not fit the schema, or the phone refuses. */
export function readStored<T>(key: string, schema: Schema<T>): T | undefined {
  try {
    const stored = v.safeParse(schema, Taro.getStorageSync<unknown>(key))
    return stored.success ? stored.output : undefined
  } catch {
    return undefined
  }
}

/** The rows stored under a key. A row that does not fit the schema is left out alone: the others stay readable. */
export function readStoredRows<T>(key: string, schema: Schema<T>): T[] {
  return (readStored(key, v.array(v.unknown())) ?? []).flatMap(row => {
    const parsed = v.safeParse(schema, row)
    return parsed.success ? [parsed.output] : []
  })
}

/** Stores a value. False when the phone refuses: storage full (10 MB, 1 MB a key), or private browsing on the web. */
export function writeStored(key: string, value: unknown): boolean {
  try {
    Taro.setStorageSync(key, value)
    return true
  } catch {
    return false
  }
}

/** Removes a key. */
export function removeStored(key: string): void {
  try {
    Taro.removeStorageSync(key)
  } catch {
    // The phone refuses storage altogether, so nothing is stored.
  }
}
