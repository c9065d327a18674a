/** The target of a link: one of our stories, a page on another site, or nothing that a reader could open. */
export type Target = { story: string } | { address: string } | { none: true }

const id = '([0-9a-z]{8,12})(?![0-9a-z])'
const shortAddress = new RegExp(`^/a/${id}`)
const pagePath = new RegExp(`^/?pages/article/index(?:\\.html)?\\?(?:[^#]*&)?id=${id}`)

/** The hosts of a local cloud. No site of somebody else has them. */
const loopback = /^(?:127\.0\.0\.1|localhost|\[::1\])$/

/**
 * Reads the address of a link. `site` is the address of our site. A path `/a/<id>` on it, or on a local cloud, is a story.
 * A story is identified by its slug (`story:whale-fall`) or its id.
 */
export function readLink(url: string, site: string | undefined): Target {
  // Browsers ignore spaces and control characters in an address, so `java\nscript:` must not pass as a path.
  const address = url.replace(/[\p{Cc}\s]+/gu, '').replace(/^\/\//, 'https://')
  const slug = /^story:(.+)$/i.exec(address)?.[1]
  if (slug !== undefined) return { story: decoded(slug) }
  const path = shortAddress.exec(address)?.[1] ?? pagePath.exec(address)?.[1]
  if (path !== undefined) return { story: path }
  if (!/^https?:\/\//i.test(address) || address.length > 2_000) return { none: true }
  try {
    const read = new URL(address)
    const isOurs = loopback.test(read.hostname) || (site !== undefined && read.host === new URL(site).host)
    const own = isOurs ? shortAddress.exec(read.pathname)?.[1] : undefined
    return own === undefined ? { address: read.href } : { story: own }
  } catch {
    return { none: true }
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
