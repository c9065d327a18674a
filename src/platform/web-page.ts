/** What a document of the site shows, parsed from its address. */
export interface WebPage {
  name: string
  /** Decoded parameters, under the names that the page's code uses. */
  params: Readonly<Record<string, string>>
  /** Path and query of the page's list, without the cursor; absent if the page has no list. */
  list?: string | undefined
  /** Phone preview: the caller has an identity, as a reader in WeChat does (local-cloud). */
  preview: boolean
}

let shown: WebPage = { name: 'home', params: {}, preview: false }
let hydrated = false

/** Call before a page is rendered: on the server for each document, in a browser once. */
export function enterPage(page: WebPage): void {
  shown = page
}

export function webPage(): WebPage {
  return shown
}

/** Returns a decoded parameter of the address; empty if absent. */
export function pageParameter(name: string): string {
  return shown.params[name] ?? ''
}

/**
 * Whether React has hydrated the server's HTML. Before that, do not read anything stored in this browser: the HTML is
 * the same for everyone, and React keeps attributes of it that differ from the first rendering.
 */
export function isHydrated(): boolean {
  return hydrated
}

export function noteHydrated(): void {
  hydrated = true
}
