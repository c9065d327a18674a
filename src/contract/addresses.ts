import type { Mood } from './mood'
import type { RankingSpan } from './ranking'

/**
 * Addresses of the site. Links are written with these, and the function `web` answers them; it parses them in
 * cloudfunctions/web/read-address.ts.
 */
export const homeAddress = '/'
export const searchAddress = '/search'
export const shelfAddress = '/shelf'
export const aboutAddress = '/about'
export const rankingAddress = '/ranking'
/** The document that a browser keeps for when it has no network, and the script that shows it then. */
export const offlineAddress = '/offline'
export const workerAddress = '/sw.js'

export const storyAddress = (id: string): string => `/a/${id}`
export const topicAddress = (id: string): string => `/t/${id}`
export const channelAddress = (channel: string, column?: string): string =>
  `/c/${channel}${column ? `/${column}` : ''}`

/** What the ranking shows where an address names no mood or span. */
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

/** The key under which an address names the cursor that a list's page begins with. */
export const fromKey = 'from'

/** An address with parameters; empty ones are left out. */
export function withQuery(path: string, parameters: Readonly<Record<string, string>>): string {
  const query = Object.entries(parameters)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
    .join('&')
  return query === '' ? path : `${path}?${query}`
}
