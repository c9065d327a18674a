import * as v from 'valibot'
import { type Article, Teaser } from '#contract/article'
import { Instant } from '#contract/ids'
import { idOf, putFirst } from '#platform/bounded-list'
import { readStoredRows, removeStored, writeStored } from '#platform/storage'

/** A story on the shelf: its teaser, and when it was added. */
const Shelved = v.object({ ...Teaser.entries, at: Instant })
export type Shelved = v.InferOutput<typeof Shelved>

const favourites = { key: 'shelf-favourites', limit: 200 }
const history = { key: 'shelf-history', limit: 100 }

/** Cuts by code points, not code units: half of a surrogate pair (扩展 B) cannot be drawn. */
const cut = (text: string): string => (text.length > 120 ? Array.from(text).slice(0, 120).join('') : text)

/** A row has about half a kilobyte, so both lists stay far below the 1 MB limit of a key. */
function shelved(teaser: Teaser & Partial<Pick<Article, 'corrected'>>): Shelved {
  const { id, title, channel, column, publishedAt, cover, correctedAt = teaser.corrected?.at } = teaser
  return {
    id,
    title: cut(title),
    teaser: cut(teaser.teaser),
    channel,
    column,
    publishedAt,
    ...(cover ? { cover } : {}),
    ...(correctedAt ? { correctedAt } : {}),
    at: Date.now(),
  }
}

/** Favourites, newest first. */
export const listFavourites = (): Shelved[] => readStoredRows(favourites.key, Shelved)

/** Stories read, newest first. */
export const listHistory = (): Shelved[] => readStoredRows(history.key, Shelved)

/**
 * Writes a list. If the phone's storage is full, first drops the older half of the history, because favourites matter
 * more.
 */
function write(key: string, rows: readonly Shelved[]): boolean {
  if (writeStored(key, rows)) return true
  const read = listHistory()
  if (read.length === 0) return false
  writeStored(history.key, read.slice(0, Math.floor(read.length / 2)))
  return key === history.key ? false : writeStored(key, rows)
}

/**
 * Puts a story first in the history, and updates it among the favourites. If the storage is full, drops older entries.
 */
export function noteRead(teaser: Teaser): void {
  const row = shelved(teaser)
  write(history.key, putFirst(listHistory(), row, history.limit, idOf))
  if (isFavourite(row.id))
    write(
      favourites.key,
      listFavourites().map(one => (one.id === row.id ? { ...row, at: one.at } : one)),
    )
}

export function isFavourite(id: string): boolean {
  return listFavourites().some(entry => entry.id === id)
}

/** Adds or removes a favourite. Returns what it did, or `full` if the phone has no room. */
export function toggleFavourite(teaser: Teaser): 'added' | 'removed' | 'full' {
  const before = listFavourites()
  const was = before.some(entry => entry.id === teaser.id)
  const next = was
    ? before.filter(({ id }) => id !== teaser.id)
    : putFirst(before, shelved(teaser), favourites.limit, idOf)
  if (!write(favourites.key, next)) return 'full'
  return was ? 'removed' : 'added'
}

export function clearHistory(): void {
  removeStored(history.key)
}

export function clearFavourites(): void {
  removeStored(favourites.key)
}
