import Taro from '@tarojs/taro'
import * as v from 'valibot'

type Schema<T> = v.BaseSchema<unknown, T, v.BaseIssue<unknown>>

/** Reads the value stored under a key. Undefined if there is none, it does not fit the schema, or storage fails. */
export function readStored<T>(key: string, schema: Schema<T>): T | undefined {
  try {
    const stored = v.safeParse(schema, Taro.getStorageSync<unknown>(key))
    return stored.success ? stored.output : undefined
  } catch {
    return undefined
  }
}

/** Reads the rows stored under a key. Drops a row that does not fit the schema and returns the others. */
export function readStoredRows<T>(key: string, schema: Schema<T>): T[] {
  return (readStored(key, v.array(v.unknown())) ?? []).flatMap(row => {
    const parsed = v.safeParse(schema, row)
    return parsed.success ? [parsed.output] : []
  })
}

/** Stores a value. False if the phone refuses: storage full (10 MB, 1 MB per key), or private browsing on the web. */
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
    // A phone that refuses all storage has stored nothing.
  }
}
