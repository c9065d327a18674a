import * as v from 'valibot'
import { putFirst } from '#platform/bounded-list'
import { readStoredRows, removeStored, writeStored } from '#platform/storage'

const key = 'recent-searches'
const most = 10

/** The reader's recent searches; they never leave the phone. */
export function listRecent(): string[] {
  return readStoredRows(key, v.string())
}

export function noteRecent(query: string): void {
  writeStored(key, putFirst(listRecent(), query, most))
}

export function clearRecent(): void {
  removeStored(key)
}
