import { mapSize, readSiteMapPositions } from '../../shared/reading/site-map-positions'
import { type FeedPosition, listNewest, listOldest, listSince } from '../../shared/stores/articles'
import { listTopics } from '../../shared/stores/topics'
import { jsonFeedOf, rssOf } from './feeds'
import type { WebFile } from './read-file-address'
import { newsMapOf, otherPages, robotsOf, siteMapOf, storyMapOf } from './site-map'

export interface LoadedFile {
  type: string
  body: string
  /** How long (s) a browser may use it without asking again; absent if it must always ask. */
  life?: number
}

const text = 'text/plain; charset=utf-8'
const xml = 'application/xml; charset=utf-8'

const typeOf: Readonly<Record<string, string>> = { txt: text, html: 'text/html; charset=utf-8', xml }

/** A cloud. */
const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0b6e63"/><path fill="#fff" d="M10 23a5 5 0 0 1-.6-9.9 7 7 0 0 1 13.4 1.4A4.3 4.3 0 0 1 22.5 23z"/></svg>\n'
const iconLife = 604_800

const topicsMapped = 200
const feedSize = 30
/** A news site map holds two days and 1,000 stories at most (Google News). */
const newsAge = 2 * 86_400_000
const newsAtMost = 1_000

/** How long (ms) an instance remembers where the files of the site map begin. */
const positionsAge = 60_000
let positions: { at: number; found: Promise<FeedPosition[]> } | undefined

function findPositions(now: number): Promise<FeedPosition[]> {
  const age = positions ? now - positions.at : Number.NaN
  if (positions && age >= 0 && age < positionsAge) return positions.found
  const found = readSiteMapPositions()
  positions = { at: now, found }
  found.catch(() => {
    positions = undefined
  })
  return found
}

/** Reads what a file needs, and writes it. */
export async function loadFile(file: WebFile, now: number): Promise<LoadedFile> {
  switch (file.file) {
    case 'robots':
      return { type: text, body: robotsOf() }
    case 'icon':
      return { type: 'image/svg+xml', body: icon, life: iconLife }
    case 'site-map':
      return { type: xml, body: siteMapOf(await findPositions(now)) }
    case 'story-map': {
      const [stories, topics] = await Promise.all([
        listOldest(file.after, mapSize),
        file.after ? [] : listTopics(now, topicsMapped),
      ])
      return {
        type: xml,
        body: storyMapOf(file.after ? [] : otherPages(topics.map(({ card }) => card)), stories),
      }
    }
    case 'news-map':
      return { type: xml, body: newsMapOf(await listSince(now - newsAge, newsAtMost)) }
    case 'feed': {
      const { teasers } = await listNewest({ channel: file.channel }, null, feedSize)
      return file.form === 'json'
        ? { type: 'application/feed+json; charset=utf-8', body: jsonFeedOf(teasers, file.channel) }
        : { type: 'application/rss+xml; charset=utf-8', body: rssOf(teasers, file.channel) }
    }
    case 'own':
      return { type: typeOf[file.name.split('.').at(-1) ?? ''] ?? text, body: file.text }
  }
}
