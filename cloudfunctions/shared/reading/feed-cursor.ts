import type { FeedPosition, FeedScope } from '../stores/articles'
import { sealCursor, unsealCursor } from './cursor'

const listOf = (scope: FeedScope): string => `${scope.channel ?? ''}|${scope.column ?? ''}`

/** The cursor at which the next page of this list begins. */
export function writeCursor(scope: FeedScope, { publishedAt, id }: FeedPosition): string {
  return sealCursor(listOf(scope), { at: publishedAt, id })
}

/** The position a cursor names, or null when we did not make it for this list. */
export function readCursor(scope: FeedScope, cursor: string): FeedPosition | null {
  const position = unsealCursor(listOf(scope), cursor)
  return position && { publishedAt: position.at, id: position.id }
}
