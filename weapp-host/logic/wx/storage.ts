import { utf8Length } from '../utf8'
import { ApiFailure, asynchronous, type Ground, textOf, type Wx } from './api'

/** Limits in bytes: 10 MB for an app, 1 MB for a key (WeChat docs, 数据缓存). */
const appLimit = 10 * 1024 * 1024
const keyLimit = 1024 * 1024

/** The phone's storage. It holds copies that survive the app, and refuses large values with WeChat's message. */
export function storageApis(ground: Ground): Wx {
  const entries: Record<string, string> = { ...ground.boot.storage }
  const sizeOf = (key: string, value: string) => utf8Length(key) + utf8Length(value)
  const sizeAt = (key: string) => (entries[key] === undefined ? 0 : sizeOf(key, entries[key]))
  /** Bytes of all entries. */
  let total = Object.keys(entries).reduce((sum, key) => sum + sizeAt(key), 0)
  let isSaving = false

  /** Sends all entries, which may have 10 MB, once for the changes of a turn. */
  function saved(): void {
    if (isSaving) return
    isSaving = true
    void Promise.resolve().then(() => {
      isSaving = false
      ground.saveStorage({ ...entries })
    })
  }

  function read(key: string): unknown {
    const value = entries[key]
    return value === undefined ? undefined : (JSON.parse(value) as { data?: unknown }).data
  }
  function write(key: unknown, data: unknown): undefined {
    if (typeof key !== 'string' || key === '')
      throw new ApiFailure('parameter error: parameter.key should be String')
    const value = JSON.stringify({ data })
    if (utf8Length(value) > keyLimit) throw new ApiFailure('entry size limit reached')
    const after = total - sizeAt(key) + sizeOf(key, value)
    if (after > appLimit) throw new ApiFailure('exceed storage max size 10Mb')
    entries[key] = value
    total = after
    saved()
  }
  function remove(key: unknown): undefined {
    total -= sizeAt(String(key))
    delete entries[String(key)]
    saved()
  }
  function clear(): undefined {
    for (const key of Object.keys(entries)) delete entries[key]
    total = 0
    saved()
  }
  const info = () => ({
    keys: Object.keys(entries),
    currentSize: Math.ceil(total / 1024),
    limitSize: appLimit / 1024,
  })
  /** The synchronous form throws instead of calling `fail`. */
  const synchronous =
    <A extends unknown[], R>(name: string, run: (...args: A) => R) =>
    (...args: A): R => {
      try {
        return run(...args)
      } catch (error) {
        throw new Error(`${name}:fail ${error instanceof Error ? error.message : String(error)}`)
      }
    }

  return {
    getStorageSync: synchronous('getStorageSync', (key: string) => read(key) ?? ''),
    setStorageSync: synchronous('setStorageSync', write),
    removeStorageSync: synchronous('removeStorageSync', remove),
    clearStorageSync: synchronous('clearStorageSync', clear),
    getStorageInfoSync: info,
    getStorage: asynchronous('getStorage', options => {
      const data = read(textOf(options, 'key') ?? '')
      if (data === undefined) throw new ApiFailure('data not found')
      return { data }
    }),
    setStorage: asynchronous('setStorage', options => write(options.key, options.data)),
    removeStorage: asynchronous('removeStorage', options => remove(options.key)),
    clearStorage: asynchronous('clearStorage', clear),
    getStorageInfo: asynchronous('getStorageInfo', info),
  }
}
