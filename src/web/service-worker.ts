import { offlineAddress } from '#contract/addresses'

/**
 * Makes stories readable without a network. It caches the site's script, its styles and one document, `/offline`. That
 * document shows the stories from the cache that pages write (src/cloud/cache.ts), so the shelf and the worker always
 * agree on what is readable. The worker caches no story documents, so a withdrawn story does not survive here.
 */

/** Types of the worker's own globals, which the DOM library for pages lacks. */
interface WaitingEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface FetchEvent extends WaitingEvent {
  readonly request: Request
  readonly preloadResponse: Promise<Response | undefined>
  respondWith(response: Promise<Response>): void
}
interface WorkerEvents {
  install: WaitingEvent
  activate: WaitingEvent
  fetch: FetchEvent
}
declare const self: {
  readonly location: Location
  readonly clients: { claim(): Promise<void> }
  readonly registration: { readonly navigationPreload?: { enable(): Promise<void> } }
  skipWaiting(): Promise<void>
  addEventListener<Name extends keyof WorkerEvents>(
    name: Name,
    listener: (event: WorkerEvents[Name]) => void,
  ): void
}

/** Addresses of all files under /assets, each with a hash of its content (config/web.ts inserts them). */
declare const SITE_ASSETS: readonly string[]

/** The assets' names identify the version: a build without changes keeps the same cache. */
const siteCache = `site ${SITE_ASSETS.join(' ')}`
const pictureCache = 'pictures'
/** Number of pictures to cache (the latest), and the maximum size of one (bytes). */
const picturesAtMost = 80
const pictureBytes = 1024 * 1024

/** Caches a complete version or nothing: a document of one build shows nothing with the script of another. */
async function keepSite(): Promise<void> {
  const cache = await caches.open(siteCache)
  try {
    const page = await fetch(offlineAddress, { cache: 'reload' })
    const text = await page.clone().text()
    const named = text.match(/\/assets\/[\w.-]+/g) ?? []
    if (!page.ok || named.length === 0 || !named.every(asset => SITE_ASSETS.includes(asset))) {
      throw new Error('the document is of another build')
    }
    await cache.addAll([...SITE_ASSETS])
    await cache.put(offlineAddress, page)
  } catch (error) {
    await caches.delete(siteCache)
    throw error
  }
}

async function dropOtherVersions(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(
    names.filter(name => name !== siteCache && name !== pictureCache).map(name => caches.delete(name)),
  )
}

/**
 * Returns the network's answer, whatever its status (a 410 is an answer too). Returns `/offline` only if there is no
 * answer.
 */
async function navigate(event: FetchEvent): Promise<Response> {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request))
  } catch (error) {
    const kept = await (await caches.open(siteCache)).match(offlineAddress)
    if (!kept) throw error
    return kept
  }
}

/** Assets have a hash in their name, so a cached one never becomes stale. */
async function asset(request: Request): Promise<Response> {
  const kept = await (await caches.open(siteCache)).match(request.url)
  return kept ?? fetch(request)
}

async function picture(event: FetchEvent): Promise<Response> {
  const { request } = event
  const cache = await caches.open(pictureCache)
  try {
    const response = await fetch(request)
    if (isWorthKeeping(response)) event.waitUntil(keepPicture(cache, request, response.clone()))
    return response
  } catch (error) {
    const kept = await cache.match(request)
    if (!kept) throw error
    return kept
  }
}

function isWorthKeeping(response: Response): boolean {
  const size = Number(response.headers.get('content-length') ?? Number.NaN)
  return response.status === 200 && size <= pictureBytes
}

async function keepPicture(cache: Cache, request: Request, response: Response): Promise<void> {
  try {
    // Writing a picture again moves it to the end: the cache lists keys in the order of writing.
    await cache.put(request, response)
    const keys = await cache.keys()
    await Promise.all(keys.slice(0, Math.max(0, keys.length - picturesAtMost)).map(key => cache.delete(key)))
  } catch {
    // The disk is full: the page works without a cached copy.
  }
}

self.addEventListener('install', event => {
  event.waitUntil(keepSite().then(() => self.skipWaiting()))
})

self.addEventListener('activate', event => {
  // Navigation preload: the browser fetches a document without waiting for the worker to start.
  event.waitUntil(
    Promise.all([dropOtherVersions(), self.registration.navigationPreload?.enable(), self.clients.claim()]),
  )
})

self.addEventListener('fetch', event => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (request.mode === 'navigate') event.respondWith(navigate(event))
  else if (SITE_ASSETS.includes(pathname)) event.respondWith(asset(request))
  else if (request.destination === 'image') event.respondWith(picture(event))
})
