import { shelfAddress, workerAddress } from '#contract/addresses'
import { cachedStoryIds, dropCachedStory } from '#features/reading/story-cache'
import type { WebPage } from '#platform/web-page'

/** The name of the page in the document that the service worker shows in the place of every other. */
export const offlinePage = 'offline'

/** The story that an address (storyAddress) names. */
const storyAt = (path: string): string | undefined => /^\/a\/(\w+)$/.exec(path)?.[1]

/** What this browser can show of an address by itself: a story that it holds, the shelf, or what it holds at all. */
export function pageWithoutNetwork(path: string, preview: boolean): WebPage {
  const id = storyAt(path)
  if (id !== undefined && cachedStoryIds().has(id)) return { name: 'article', params: { id }, preview }
  return { name: path === shelfAddress ? 'shelf' : offlinePage, params: {}, preview }
}

/** Drops the browser's copy of the story at an address: what the site no longer has is not readable without it either. */
export function dropStoryAt(path: string): void {
  const id = storyAt(path)
  if (id !== undefined) dropCachedStory(id)
}

/** After the page is there: what the worker loads must not compete with it. */
export function startServiceWorker(): void {
  if (!('serviceWorker' in navigator)) return
  addEventListener('load', () => {
    // Without the HTTP cache each document opened would also ask for the script (Service Workers, Update).
    navigator.serviceWorker.register(workerAddress, { updateViaCache: 'all' }).catch(() => undefined)
  })
}
