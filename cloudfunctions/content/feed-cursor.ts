import type { FeedPosition, FeedScope } from '../shared/stores/articles'

/** FNV-1a, 32 bits: tells a cursor that was altered, or taken from another list, from one we made. */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  return (hash >>> 0).toString(36)
}

const stamp = (scope: FeedScope, time: string, id: string): string =>
  checksum([scope.channel ?? '', scope.column ?? '', time, id].join('|'))

/** `time-id-check`, opaque to pages: where the next page of this very list begins. */
export function writeCursor(scope: FeedScope, { publishedAt, id }: FeedPosition): string {
  const time = publishedAt.toString(36)
  return `${time}-${id}-${stamp(scope, time, id)}`
}

/** The position a cursor names, or null where we did not write it for this list. */
export function readCursor(scope: FeedScope, cursor: string): FeedPosition | null {
  const [time = '', id = '', check, ...more] = cursor.split('-')
  if (check !== stamp(scope, time, id) || more.length > 0) return null
  const publishedAt = Number.parseInt(time, 36)
  return Number.isSafeInteger(publishedAt) && publishedAt.toString(36) === time ? { publishedAt, id } : null
}
