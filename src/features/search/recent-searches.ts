import * as v from 'valibot'
import { readStored, removeStored, writeStored } from '#platform/storage'
import { withRecent } from './recent-list'

const key = 'recent-searches'
const Recent = v.array(v.string())

/** What this reader searched for lately; it never leaves the phone. */
export function listRecent(): string[] {
  return readStored(key, Recent) ?? []
}

export function noteRecent(query: string): void {
  writeStored(key, withRecent(listRecent(), query))
}

export function clearRecent(): void {
  removeStored(key)
}
