import { setImmediate as soon } from 'node:timers/promises'
import type { FirstReply } from '../../src/web/document-data'
import { takeWebVersions } from './web-versions'

type Window = typeof globalThis & { close(): void }
interface JsDom {
  JSDOM: new (html: string, options: object) => { window: Window }
  VirtualConsole: new () => object
}

/** What a page of the site asks of a browser and jsdom does not have. Each holds what the page did with it. */
export interface Did {
  /** Addresses that the page went to, with `reload` among them. */
  went: string[]
  /** Requests to the cloud: the last part of the address, and what was sent. */
  sent: { to: string; body: Record<string, unknown>; headers: Record<string, string> }[]
  /** Options with which parts of the page are watched, and the parts. */
  watched: {
    options: IntersectionObserverInit | undefined
    elements: Element[]
    isOver: boolean
    /** Tells the page how much of a watched part is seen, and where it begins (px). */
    see: (intersectionRatio: number, top: number) => void
  }[]
  /** Where the page scrolled to (px). */
  scrolled: number[]
  /** What React and the page itself complained about. */
  complaints: string[]
}

export interface Asked {
  /** Path and query of the document. */
  address: string
  page: { name: string; params?: Record<string, string>; list?: string; preview?: boolean }
  replies?: FirstReply[]
  /** What the script finds in the document, if it is something else than what the server has drawn. */
  found?: FirstReply[]
  /** What this browser has stored, by key. */
  stored?: Record<string, unknown>
  /** The cloud's answer to an action; by default it is busy. */
  answers?: Record<string, (data: object) => unknown>
  /** What happens before the site's script runs. */
  before?: (window: typeof globalThis) => void
  /** The system's theme is dark. */
  isDark?: boolean
}

let open: Window | undefined

function browser({ address, answers = {}, stored = {}, isDark = false }: Asked, html: string) {
  const { JSDOM, VirtualConsole } = jsdom()
  const { window } = new JSDOM(html, {
    url: `http://site.example${address}`,
    pretendToBeVisual: true,
    // It would say that it has no other documents to go to.
    virtualConsole: new VirtualConsole(),
  })
  open = window
  const did: Did = { went: [], sent: [], watched: [], scrolled: [], complaints: [] }
  for (const [key, data] of Object.entries(stored)) window.localStorage.setItem(key, JSON.stringify({ data }))
  const { document, history, localStorage, sessionStorage, navigator } = window
  const { pathname, search, origin } = window.location
  const fetch = async (url: string, { headers, body }: { headers: Record<string, string>; body: string }) => {
    const to = url.split('/').at(-1) ?? ''
    const given = JSON.parse(body) as { action?: string; data?: object }
    did.sent.push({ to, body: given, headers })
    if (to.startsWith('anonymously')) return { status: 200, json: async () => ({ access_token: 'a-token' }) }
    const answer = answers[given.action ?? '']
    const busy = { ok: false, error: { code: 'unavailable', message: '' } }
    return { status: 200, json: async () => answer?.(given.data ?? {}) ?? busy }
  }
  class IntersectionObserver {
    readonly watched
    constructor(tell: (entries: object[]) => void, options?: IntersectionObserverInit) {
      const see = (intersectionRatio: number, top: number) =>
        tell([{ intersectionRatio, boundingClientRect: { top } }])
      this.watched = { options, elements: [] as Element[], isOver: false, see }
      did.watched.push(this.watched)
    }
    observe(element: Element) {
      this.watched.elements.push(element)
    }
    disconnect() {
      this.watched.isOver = true
    }
  }
  const { HTMLElement, HTMLIFrameElement, Event, KeyboardEvent, MouseEvent, Image } = window
  const globals = {
    ...{ window: globalThis, document, history, localStorage, sessionStorage, navigator },
    ...{ fetch, IntersectionObserver },
    ...{ HTMLElement, HTMLIFrameElement, Event, KeyboardEvent, MouseEvent, Image },
    addEventListener: window.addEventListener.bind(window),
    removeEventListener: window.removeEventListener.bind(window),
    dispatchEvent: window.dispatchEvent.bind(window),
    location: {
      ...{ pathname, search, origin },
      assign: (url: string) => did.went.push(url),
      replace: (url: string) => did.went.push(url),
      reload: () => did.went.push('reload'),
    },
    matchMedia: (query: string) => ({
      matches: isDark && query.includes('dark'),
      addListener() {},
      addEventListener() {},
      removeEventListener() {},
    }),
    scrollTo: (_: number, top: number) => {
      did.scrolled.push(top)
      Object.assign(globalThis, { scrollY: top })
    },
    scrollY: 0,
    innerHeight: 800,
    IS_REACT_ACT_ENVIRONMENT: true,
  }
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  return { did, window }
}

const jsdom = () => (globalThis.requireOnce ?? require)('jsdom') as JsDom
let parser: DOMParser | undefined

/** The elements of a document that no script runs in. */
export function elementsOf(html: string) {
  parser ??= new new (jsdom().JSDOM)('', {}).window.DOMParser()
  const document = parser.parseFromString(html, 'text/html')
  return ways(document)
}

/** Looks for elements of a document by a selector, and by words in them. */
function ways(document: Document) {
  const all = (selector: string) => Array.from(document.querySelectorAll<HTMLElement>(selector))
  const one = (selector: string, words?: string): HTMLElement => {
    const found = all(selector).find(({ textContent }) => words === undefined || textContent?.includes(words))
    if (!found) throw new Error(`nothing like ${selector} ${words ?? ''} in ${document.body.innerHTML}`)
    return found
  }
  return { all, one, words: () => document.body.textContent ?? '' }
}

/** The site's server: renders a page to its document. */
export function documentOf({ page, replies = [] }: Asked, report: (error: unknown) => void = () => {}) {
  const { renderPage } = require('../../src/web/render') as typeof import('../../src/web/render')
  const { name, params = {}, list, preview = false } = page
  const data = {
    page: { name, params, preview, ...(list === undefined ? {} : { list }) },
    first: { at: Date.now(), replies },
  }
  const { html, head } = renderPage(data, report)
  return { data, html, head }
}

/**
 * Opens a page of the site as a browser does, without a browser: the server's document, then the site's script in it.
 * Each is a document of its own, and none has styles or a layout.
 */
export async function openDocument(asked: Asked) {
  await closeDocument()
  jest.resetModules()
  takeWebVersions()
  const { data, html, head } = documentOf(asked)
  const first = { ...data.first, replies: asked.found ?? data.first.replies }
  const embedded = JSON.stringify({ ...data, first }).replaceAll('<', '\\u003c')
  const { did, window } = browser(
    asked,
    `<!doctype html><title>${head.title ?? ''}</title><div id="app">${html}</div><script type="application/json" id="data">${embedded}</script>`,
  )
  asked.before?.(window)
  const complain = jest.spyOn(console, 'error').mockImplementation((...words: unknown[]) => {
    did.complaints.push(words.map(String).join(' '))
  })
  // Each document has a React of its own.
  const { act } = require('react') as typeof import('react')
  /** Does something, and waits for what follows from it: the cloud of the test answers at once. */
  const later = (work: () => unknown = () => {}) =>
    act(async () => {
      await work()
      await soon()
    })
  await later(() => require('../../src/web/start'))
  complain.mockRestore()
  const { document } = window
  return {
    ...{ did, window, document, html, later },
    ...ways(document),
    click: (target: HTMLElement, keys: MouseEventInit = {}) =>
      later(() =>
        target.dispatchEvent(new window.MouseEvent('click', { bubbles: true, cancelable: true, ...keys })),
      ),
    press: (target: EventTarget, key: string) =>
      later(() =>
        target.dispatchEvent(new window.KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })),
      ),
    stored: (key: string): unknown =>
      (JSON.parse(window.localStorage.getItem(key) ?? '{}') as { data?: unknown }).data,
  }
}

/** Closes the document that is open, as a reader who leaves it. Call after the tests. */
export async function closeDocument(): Promise<void> {
  // What waits until the page is drawn is done now, and in no later document.
  open?.dispatchEvent(new open.Event('pagehide'))
  await soon()
  open?.close()
  open = undefined
}
