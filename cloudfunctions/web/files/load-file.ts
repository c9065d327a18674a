import {
  type FeedPosition,
  findPositionAfter,
  listNewest,
  listOldest,
  listSince,
} from '../../shared/stores/articles'
import { listTopics } from '../../shared/stores/topics'
import { jsonFeedOf, rssOf } from './feeds'
import type { WebFile } from './read-file-address'
import { newsMapOf, otherPages, robotsOf, siteMapOf, storyMapOf } from './site-map'

export interface LoadedFile {
  type: string
  body: string
}

const text = 'text/plain; charset=utf-8'
const xml = 'application/xml; charset=utf-8'

const typeOf: Readonly<Record<string, string>> = { txt: text, html: 'text/html; charset=utf-8', xml }

/** Stories in one file of the site map: two reads. */
const mapSize = 2_000
/** Files of stories in the site map: it ends after 400,000 stories, with the newest left out. */
const mapsAtMost = 200
const topicsMapped = 200
const feedSize = 30
/** A news site map holds two days and 1,000 stories at most (Google News). */
const newsAge = 2 * 86_400_000
const newsAtMost = 1_000

/** How long (ms) an instance remembers where the files of the site map begin. */
const positionsAge = 60_000
/** How long (ms) one request looks for them; the next one goes on from there. */
const searchTime = 2_000

interface Positions {
  known: FeedPosition[]
  complete: boolean
  /** When the search began. */
  at: number
}
let positions: Positions | undefined

/**
 * Where the second and each later file of the site map begins; null if a request has no time to find them all. Each is
 * one read of `mapSize` entries of an index.
 */
async function findPositions(now: number): Promise<FeedPosition[] | null> {
  const age = positions ? now - positions.at : Number.NaN
  const mine: Positions =
    positions && age >= 0 && age < positionsAge ? positions : { known: [], complete: false, at: now }
  positions = mine
  while (!mine.complete) {
    if (Date.now() - now > searchTime) return null
    const { known } = mine
    const next = await findPositionAfter(known.at(-1) ?? null, mapSize)
    // Another request of this instance may have gone on meanwhile.
    if (known !== mine.known) continue
    if (next) mine.known = [...known, next]
    mine.complete = !next || mine.known.length >= mapsAtMost - 1
  }
  return mine.known
}

/** Reads what a file needs, and writes it. Null if it takes longer than a request may: a later request finishes it. */
export async function loadFile(file: WebFile, now: number): Promise<LoadedFile | null> {
  switch (file.file) {
    case 'robots':
      return { type: text, body: robotsOf() }
    case 'site-map': {
      const found = await findPositions(now)
      return found && { type: xml, body: siteMapOf(found) }
    }
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
