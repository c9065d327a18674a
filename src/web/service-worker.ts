import { offlineAddress } from '#contract/addresses'

/**
 * Makes stories readable without a network. It caches the site's script, its styles and one document, `/offline`. That
 * document shows the stories that the pages have cached (src/platform/cache.ts). So the worker and the shelf (the page of
 * saved stories) always offer the same stories. The worker itself caches no stories, so it need not delete
 * withdrawn ones.
 */

/** Types of the service worker's globals. TypeScript's `DOM` library does not contain them. */
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

/** The assets' names contain hashes, so they identify a build. A build without changes uses the same cache. */
const siteCache = `site ${SITE_ASSETS.join(' ')}`
const pictureCache = 'pictures'
/** The cache holds this many pictures (the most recently shown), each of at most `pictureBytes` bytes. */
const picturesAtMost = 80
const pictureBytes = 1024 * 1024

/** Caches all files of one build, or none: the document of one build does not work with the script of another. */
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
 * Returns the network's response, whatever its status: 410 (a withdrawn story) must reach the reader. Returns
 * `/offline` only if the network gives no response.
 */
async function navigate(event: FetchEvent): Promise<Response> {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request))
  } catch (error) {
    const cached = await (await caches.open(siteCache)).match(offlineAddress)
    if (!cached) throw error
    return cached
  }
}

/** Assets have a hash in their name, so a cached one never becomes stale. */
async function asset(request: Request): Promise<Response> {
  const cached = await (await caches.open(siteCache)).match(request.url)
  return cached ?? fetch(request)
}

async function picture(event: FetchEvent): Promise<Response> {
  const { request } = event
  const cache = await caches.open(pictureCache)
  try {
    const response = await fetch(request)
    if (isWorthKeeping(response)) event.waitUntil(keepPicture(cache, request, response.clone()))
    return response
  } catch (error) {
    const cached = await cache.match(request)
    if (!cached) throw error
    return cached
  }
}

function isWorthKeeping(response: Response): boolean {
  const size = Number(response.headers.get('content-length') ?? Number.NaN)
  return response.status === 200 && size <= pictureBytes
}

async function keepPicture(cache: Cache, request: Request, response: Response): Promise<void> {
  try {
    // `cache.keys()` lists keys in the order of insertion. Writing a picture again moves it to the end.
    await cache.put(request, response)
    const keys = await cache.keys()
    await Promise.all(keys.slice(0, Math.max(0, keys.length - picturesAtMost)).map(key => cache.delete(key)))
  } catch {
    // Typically the disk quota is used up. The page works without a cached picture.
  }
}

self.addEventListener('install', event => {
  event.waitUntil(keepSite().then(() => self.skipWaiting()))
})

self.addEventListener('activate', event => {
  // Navigation preload: the browser fetches the document while the worker starts.
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
