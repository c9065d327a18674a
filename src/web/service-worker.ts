import { offlineAddress } from '#contract/addresses'

/**
 * Lets stories be read again without a network. It keeps the site's script and styles and one document, `/offline`,
 * which shows what this browser's cache of stories holds (src/cloud/cache.ts): the shelf and this worker can then not
 * disagree about what is readable. Documents of stories are never kept, so nothing here outlives a withdrawal.
 */

/** Types of the worker's own globals: the DOM library that pages use has none. */
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

/** Addresses of everything under /assets, each with a hash of its content (config/web.ts writes them in). */
declare const SITE_ASSETS: readonly string[]

/** Other assets are another version: a build that changes nothing changes no cache. */
const siteCache = `site ${SITE_ASSETS.join(' ')}`
const pictureCache = 'pictures'
/** Pictures kept, the latest; and bytes of one. */
const picturesAtMost = 80
const pictureBytes = 1024 * 1024

/** All of a version, or nothing of it: a document of one build with the script of another shows nothing. */
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

/** The network's answer whatever it says, and `/offline` only where there is none: a 410 is an answer. */
async function navigate(event: FetchEvent): Promise<Response> {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request))
  } catch (error) {
    const kept = await (await caches.open(siteCache)).match(offlineAddress)
    if (!kept) throw error
    return kept
  }
}

/** Names with a hash never change their content. */
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
    // The same picture again goes to the end: keys come in the order of writing.
    await cache.put(request, response)
    const keys = await cache.keys()
    await Promise.all(keys.slice(0, Math.max(0, keys.length - picturesAtMost)).map(key => cache.delete(key)))
  } catch {
    // A full disk: reading goes on without a copy.
  }
}

self.addEventListener('install', event => {
  event.waitUntil(keepSite().then(() => self.skipWaiting()))
})

self.addEventListener('activate', event => {
  // Preloading: a document need not wait for the worker to start.
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
