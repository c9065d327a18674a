import { openArticle } from '#contract/article'
import type { OutputOf } from '#contract/endpoint'
import { type Cached, cachedKeys, dropCached, pinCached, readCached, writeCached } from '#platform/cache'

/** The reply of `content/openArticle`. */
export type OpenedStory = OutputOf<typeof openArticle>

const prefix = 'article:'

/** The cached copy of a story that the reader opened before. A page shows it at once, also without network. */
export function readCachedStory(id: string): Cached<OpenedStory> | undefined {
  return readCached<OpenedStory>(prefix + id, openArticle.output)
}

export function writeCachedStory(opened: OpenedStory): void {
  writeCached(prefix + opened.article.id, opened)
}

/**
 * Updates the mood in a story's cached copy to the one on the page, so that the copy opens with it next time. Does
 * nothing for a story that is not cached.
 */
export function cacheMood(id: string, mood: OpenedStory['mood']): void {
  const copy = readCachedStory(id)
  if (copy) writeCachedStory({ ...copy.value, mood })
}

export function dropCachedStory(id: string): void {
  dropCached(prefix + id)
}

/** Pins the cached copies of these stories, and of no others. */
export function pinCachedStories(stories: readonly { id: string }[]): void {
  pinCached(prefix, new Set(stories.map(({ id }) => prefix + id)))
}

/** Ids of the stories that can be read without a network. */
export function cachedStoryIds(): Set<string> {
  return new Set(cachedKeys(prefix).map(key => key.slice(prefix.length)))
}
