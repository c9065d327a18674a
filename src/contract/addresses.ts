import type { Mood } from './mood'
import type { RankingSpan } from './ranking'

/**
 * Addresses of the site. Pages build links with these functions. The cloud function `web` parses the addresses in
 * cloudfunctions/web/read-address.ts.
 */
export const homeAddress = '/'
export const searchAddress = '/search'
export const shelfAddress = '/shelf'
export const aboutAddress = '/about'
/** The adopter's principles of publishing and correcting. */
export const principlesAddress = '/principles'
export const rankingAddress = '/ranking'
/** The document that a browser shows without a network, and the script of its service worker. */
export const offlineAddress = '/offline'
export const workerAddress = '/sw.js'

/** The preview of a draft on the web. `scene` is the same text as in its mini-code. */
export const draftPreviewAddress = '/preview'
export const previewAddress = (scene: string): string => withQuery(draftPreviewAddress, { scene })

/** What search engines and feed readers read. */
export const siteMapAddress = '/sitemap.xml'
export const storyMapAddress = '/sitemap/stories.xml'
export const newsMapAddress = '/sitemap/news.xml'
export const feedFiles = { json: 'feed.json', rss: 'rss.xml' } as const
/** The newest stories of the site, or of one channel. */
export const channelFeedAddress = (form: keyof typeof feedFiles, channel?: string): string =>
  `${channel === undefined ? '' : channelAddress(channel)}/${feedFiles[form]}`

export const storyAddress = (id: string): string => `/a/${id}`
export const topicAddress = (id: string): string => `/t/${id}`
export const channelAddress = (channel: string, column?: string): string =>
  `/c/${channel}${column ? `/${column}` : ''}`

/** The mood and span of the ranking if an address names none. */
export const defaultMood: Mood = 'happy'
export const defaultSpan: RankingSpan = '7d'

export const rankingOf = (mood: Mood, span: RankingSpan): string =>
  withQuery(rankingAddress, {
    mood: mood === defaultMood ? '' : mood,
    span: span === defaultSpan ? '' : span,
  })

export const searchFor = (query: string): string => withQuery(searchAddress, { q: query })

/** The next page of a list, from the address of its first page. */
export const furtherAddress = (list: string, cursor: string): string =>
  `${list}${list.includes('?') ? '&' : '?'}${fromKey}=${cursor}`

/** Name of the query parameter that holds a list's cursor. */
export const fromKey = 'from'

/**
 * The end of an address, or a parameter of it, without the signs and blanks that people add when they pass a link on.
 * Programs encode them again, once or twice.
 */
export function withoutSigns(text: string): string {
  let plain = text
  try {
    for (let times = 0; times < 2; times++) plain = decodeURIComponent(plain)
  } catch {
    // Decoded completely, or cut off in the middle of a character.
  }
  return plain.replace(/[^0-9A-Za-z/\\\0]{1,8}$/, '')
}

/** Builds an address with parameters; omits empty ones. */
export function withQuery(path: string, parameters: Readonly<Record<string, string>>): string {
  const query = Object.entries(parameters)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
    .join('&')
  return query === '' ? path : `${path}?${query}`
}
