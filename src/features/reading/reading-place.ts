import * as v from 'valibot'
import { idOf, putFirst } from '#platform/bounded-list'
import { readStoredRows, removeStored, writeStored } from '#platform/storage'

/** Where a reader left a story: the scroll position `top` (px), the time `at` (ms), and whether the fold was open. */
const Place = v.object({ id: v.string(), top: v.number(), at: v.number(), whole: v.boolean() })
export type Place = v.InferOutput<typeof Place>

const key = 'reading-places'
const most = 50
const age = 14 * 86_400_000
/** A place within the first screen is not worth storing. */
const near = 600

/**
 * Returns the list with a place put first. A place near the top, or null, removes the story. The oldest places are
 * dropped.
 */
export function putPlace(places: readonly Place[], id: string, place: Place | null, now: number): Place[] {
  const recent = places.filter(other => now - other.at <= age)
  if (place && place.top >= near) return putFirst(recent, place, most, idOf)
  return recent.filter(other => other.id !== id)
}

/** The place where this reader recently left the story. */
export function readPlace(id: string): Place | undefined {
  const found = readStoredRows(key, Place).find(place => place.id === id)
  return found && Date.now() - found.at <= age ? found : undefined
}

/** Stores a place. Null removes it, for a story read to its end. */
export function writePlace(id: string, place: { top: number; whole: boolean } | null): void {
  const places = readStoredRows(key, Place)
  if (!place && !places.some(other => other.id === id)) return
  const now = Date.now()
  writeStored(key, putPlace(places, id, place && { id, at: now, ...place }, now))
}

/** Forgets every place: each names a story that was read. */
export function clearPlaces(): void {
  removeStored(key)
}
