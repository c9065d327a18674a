/** What a document of the site shows, as its address said. */
export interface WebPage {
  name: string
  /** Parameters by the names that the page's own code gives them, decoded. */
  params: Readonly<Record<string, string>>
  /** Path and query of the list that the page shows, without its cursor; absent where it shows none. */
  list?: string | undefined
  /** Phone preview: whoever calls the cloud from here has an identity, as a reader in WeChat has (local-cloud). */
  preview: boolean
}

let shown: WebPage = { name: 'home', params: {}, preview: false }
let hydrated = false

/** Called before a page is rendered: on the server for each document, in a browser once. */
export function enterPage(page: WebPage): void {
  shown = page
}

export function webPage(): WebPage {
  return shown
}

/** A parameter of the address, decoded; empty when absent. */
export function pageParameter(name: string): string {
  return shown.params[name] ?? ''
}

/**
 * Whether the browser's React has taken over the server's HTML. Before that nothing of this browser's own may be read:
 * the HTML is the same for everyone, and React keeps attributes that differ from it.
 */
export function isHydrated(): boolean {
  return hydrated
}

export function noteHydrated(): void {
  hydrated = true
}
