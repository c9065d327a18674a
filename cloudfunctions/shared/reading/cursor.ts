import * as v from 'valibot'
import { ArticleId, Instant } from '#contract/ids'

/**
 * A cursor says where the next page of a list begins. Clients must not read it; only this module makes it:
 * `position-id-check`, all of `[0-9a-z]`. The check detects a cursor that was altered or that belongs to another list.
 */
export interface Position {
  /** A time in milliseconds since 1970, or a place in a list counted from 0. */
  at: number
  /** The story the last page ended with. */
  id: string
}

/** FNV-1a, 32 bits. */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  return (hash >>> 0).toString(36)
}

/** `list` names the list and everything that selects its rows. */
export function sealCursor(list: string, { at, id }: Position): string {
  const position = at.toString(36)
  return `${position}-${id}-${checksum(`${list}|${position}|${id}`)}`
}

/**
 * The position a cursor names, or null when we did not make it for this list. The check is not secret, so position and
 * id are validated as well: they must be ones that a list and a story could have.
 */
export function unsealCursor(list: string, cursor: string): Position | null {
  const [position = '', id = '', check, ...more] = cursor.split('-')
  if (check !== checksum(`${list}|${position}|${id}`) || more.length > 0) return null
  const at = Number.parseInt(position, 36)
  // A place in a list is far below the last instant.
  const isPosition = v.is(Instant, at) && at.toString(36) === position
  return isPosition && v.is(ArticleId, id) ? { at, id } : null
}
