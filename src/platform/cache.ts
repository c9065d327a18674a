import * as v from 'valibot'
import { CacheRow, longestEntry, prune } from './cache-index'
import { readStored, removeStored, writeStored } from './storage'

/** Increase this if the current code cannot read older entries: the cache then removes them. */
const version = 1
const indexKey = 'cache'
const Index = v.object({ version: v.number(), rows: v.array(CacheRow) })

const entryKey = (key: string): string => `cache:${key}`

function readRows(): CacheRow[] {
  const index = readStored(indexKey, Index)
  if (!index) return []
  if (index.version === version) return index.rows
  for (const row of index.rows) removeStored(entryKey(row.key))
  return []
}

function writeRows(rows: CacheRow[]): void {
  writeStored(indexKey, { version, rows })
}

/** A cached value, and when it was written (ms). */
export interface Cached<T> {
  value: T
  at: number
}

/** Reads the value cached under a key. Undefined if it was never cached, was dropped, or no longer fits the schema. */
export function readCached<T>(
  key: string,
  schema: v.BaseSchema<unknown, T, v.BaseIssue<unknown>>,
): Cached<T> | undefined {
  const row = readRows().find(candidate => candidate.key === key)
  if (!row) return undefined
  const value = readStored(entryKey(key), schema)
  return value === undefined ? undefined : { value, at: row.at }
}

/**
 * Caches a reply of the cloud. The cache has limits on number, size and age. If the phone's storage is full, drops the
 * older half of the entries, pinned ones last, and tries once more. Never throws.
 */
export function writeCached(key: string, value: unknown): void {
  const size = JSON.stringify(value).length
  if (size > longestEntry) return
  const now = Date.now()
  const before = readRows()
  const pinned = before.find(row => row.key === key)?.pinned
  const row: CacheRow = { key, at: now, size, ...(pinned ? { pinned } : {}) }
  const { retained, dropped } = prune([row, ...before.filter(other => other.key !== key)], now)
  for (const gone of dropped) removeStored(entryKey(gone.key))
  if (!retained.includes(row) || writeStored(entryKey(key), value)) {
    writeRows(retained)
    return
  }
  // Sort pinned entries first, then the newest.
  const others = retained.filter(other => other !== row)
  others.sort((a, b) => Number(b.pinned ?? false) - Number(a.pinned ?? false))
  const half = others.slice(0, Math.floor(others.length / 2))
  for (const gone of others.slice(half.length)) removeStored(entryKey(gone.key))
  writeRows(writeStored(entryKey(key), value) ? [row, ...half] : half)
}

/** Drops one entry, even a pinned one. */
export function dropCached(key: string): void {
  removeStored(entryKey(key))
  writeRows(readRows().filter(row => row.key !== key))
}

/** Drops every entry, pinned ones too. */
export function clearCache(): void {
  for (const row of readRows()) removeStored(entryKey(row.key))
  removeStored(indexKey)
}

/** Keys of all cached entries that begin with a prefix. */
export function cachedKeys(prefix: string): string[] {
  return readRows().flatMap(({ key }) => (key.startsWith(prefix) ? [key] : []))
}

/**
 * Pins the entries with these keys, and unpins every other whose key begins with the prefix. A pinned entry does not
 * expire and is dropped last.
 */
export function pinCached(prefix: string, keys: ReadonlySet<string>): void {
  const before = readRows()
  const rows = before.map(row => {
    const pin = keys.has(row.key)
    if (!row.key.startsWith(prefix) || pin === (row.pinned ?? false)) return row
    const { pinned: _, ...rest } = row
    return pin ? { ...rest, pinned: true as const } : rest
  })
  // Writing to storage blocks the page, and a story that the reader opens mostly changes no pin.
  if (rows.some((row, index) => row !== before[index])) writeRows(rows)
}
