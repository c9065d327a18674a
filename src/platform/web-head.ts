import { site } from '#site'
import type { PageHead } from './page-head'

function writeMeta(kind: 'name' | 'property', key: string, content: string | undefined): void {
  const found = document.head.querySelector(`meta[${kind}="${key}"]`)
  if (content === undefined) {
    found?.remove()
    return
  }
  const meta = found ?? document.head.appendChild(document.createElement('meta'))
  meta.setAttribute(kind, key)
  meta.setAttribute('content', content)
}

function writeCanonical(address: string | undefined): void {
  const found = document.head.querySelector<HTMLLinkElement>('link[rel="canonical"]')
  if (address === undefined) {
    found?.remove()
    return
  }
  const link = found ?? document.head.appendChild(document.createElement('link'))
  link.rel = 'canonical'
  link.href = address
}

/**
 * Writes what a browser's share function and readers of links take (Open Graph, ogp.me). A static hosting answers every
 * address with one shell, so who runs no script finds the site's own words there (index.html).
 */
export function writeHead({ title, words, picture, path }: PageHead): void {
  const address = path && new URL(path, location.origin).href
  writeMeta('name', 'description', words || site.slogan)
  writeMeta('property', 'og:title', title ?? site.name)
  writeMeta('property', 'og:description', words || site.slogan)
  writeMeta('property', 'og:type', words === undefined ? 'website' : 'article')
  writeMeta('property', 'og:url', address)
  writeMeta('property', 'og:image', picture && new URL(picture, location.origin).href)
  writeCanonical(address)
}
