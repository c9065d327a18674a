import { shelfAddress, workerAddress } from '#contract/addresses'
import { cachedStoryIds, dropCachedStory } from '#features/reading/story-cache'
import type { WebPage } from '#platform/web-page'

/** Page name in the document that the service worker shows for every address while offline. */
export const offlinePage = 'offline'

/** The id of the story at an address (the reverse of storyAddress). */
const storyAt = (path: string): string | undefined => /^\/a\/(\w+)\/*$/.exec(path)?.[1]

/**
 * The page that this browser can show for an address while offline: a cached story, the shelf, or the list of cached
 * stories.
 */
export function pageWithoutNetwork(path: string, preview: boolean): WebPage {
  const id = storyAt(path)
  if (id !== undefined && cachedStoryIds().has(id)) return { name: 'article', params: { id }, preview }
  return { name: path.replace(/\/+$/, '') === shelfAddress ? 'shelf' : offlinePage, params: {}, preview }
}

/**
 * Removes the cached copy of the story at an address: a story that the site no longer has must not stay readable
 * offline.
 */
export function dropStoryAt(path: string): void {
  const id = storyAt(path)
  if (id !== undefined) dropCachedStory(id)
}

/** Waits for `load`, so that the worker's downloads do not compete with the page. */
export function startServiceWorker(): void {
  if (!('serviceWorker' in navigator)) return
  addEventListener('load', () => {
    // Allow the HTTP cache: otherwise every opened document would download the worker's script too (Service Workers,
    // Update).
    try {
      navigator.serviceWorker.register(workerAddress, { updateViaCache: 'all' }).catch(() => undefined)
    } catch {
      // A browser that blocks storage may throw at the mere access.
    }
  })
}
