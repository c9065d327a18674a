import * as v from 'valibot'
import { openArticle } from '#contract/article'
import type { OutputOf } from '#contract/endpoint'
import { readStored, removeStored, writeStored } from '#platform/storage'
import { CacheRow, longestEntry, prune } from './cache-index'

/** Grows when entries written by an older version can no longer be read; those are then removed. */
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

/** Something kept, and when it was written (ms). */
export interface Cached<T> {
  value: T
  at: number
}

/** What is kept under a key, or undefined: never kept, gone by age or room, or not of this shape any more. */
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
 * Keeps what the network brought. Bounded in number, size and age; a full phone loses the older half first, favourites
 * last, and if that does not help, nothing is kept: reading never fails by it.
 */
export function writeCached(key: string, value: unknown): void {
  const size = JSON.stringify(value).length
  if (size > longestEntry) return
  const now = Date.now()
  const before = readRows()
  const keep = before.find(row => row.key === key)?.keep
  const row: CacheRow = { key, at: now, size, ...(keep ? { keep } : {}) }
  const { kept, dropped } = prune([row, ...before.filter(other => other.key !== key)], now)
  for (const gone of dropped) removeStored(entryKey(gone.key))
  if (!kept.includes(row) || writeStored(entryKey(key), value)) {
    writeRows(kept)
    return
  }
  // The reader's own choice first, then the newest.
  const others = kept.filter(other => other !== row)
  others.sort((a, b) => Number(b.keep ?? false) - Number(a.keep ?? false))
  const half = others.slice(0, Math.floor(others.length / 2))
  for (const gone of others.slice(half.length)) removeStored(entryKey(gone.key))
  writeRows(writeStored(entryKey(key), value) ? [row, ...half] : half)
}

/** Forgets one thing: a story that was withdrawn must not live on here. */
export function dropCached(key: string): void {
  removeStored(entryKey(key))
  writeRows(readRows().filter(row => row.key !== key))
}

/** Forgets everything (清空). */
export function clearCache(): void {
  for (const row of readRows()) removeStored(entryKey(row.key))
  removeStored(indexKey)
}

/** A story as `content/openArticle` gave it. */
export type OpenedArticle = OutputOf<typeof openArticle>

const articleKey = (id: string): string => `article:${id}`

/** A story opened before, for reading at once and for reading without a network. */
export function readCachedArticle(id: string): Cached<OpenedArticle> | undefined {
  return readCached<OpenedArticle>(articleKey(id), openArticle.output)
}

/** Ids of the stories that can be read without a network. */
export function cachedArticleIds(): Set<string> {
  const prefix = articleKey('')
  return new Set(readRows().flatMap(({ key }) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : [])))
}

export function writeCachedArticle(opened: OpenedArticle): void {
  writeCached(articleKey(opened.article.id), opened)
}

export function dropCachedArticle(id: string): void {
  dropCached(articleKey(id))
}

/** Favourites have no age and leave last. Nothing happens for a story that is not here. */
export function keepCachedArticle(id: string, keep: boolean): void {
  writeRows(
    readRows().map(row => {
      if (row.key !== articleKey(id)) return row
      const { keep: _, ...rest } = row
      return keep ? { ...rest, keep: true as const } : rest
    }),
  )
}
