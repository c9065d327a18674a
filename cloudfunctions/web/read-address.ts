import * as v from 'valibot'
import {
  aboutAddress,
  channelAddress,
  defaultMood,
  defaultSpan,
  draftPreviewAddress,
  fromKey,
  furtherAddress,
  homeAddress,
  offlineAddress,
  principlesAddress,
  rankingOf,
  searchFor,
  shelfAddress,
  storyAddress,
  topicAddress,
  withoutSigns,
  withQuery,
} from '#contract/addresses'
import { Cursor } from '#contract/feed'
import { ArticleId, ShareMark } from '#contract/ids'
import { Mood } from '#contract/mood'
import { PreviewScene } from '#contract/preview'
import { RankingCursor, RankingSpan } from '#contract/ranking'
import { queryOf } from '#contract/search'
import { channelOf } from '#site'

/** What an address asks for; all parts are validated. */
export type Address =
  | { page: 'home'; from?: string }
  | { page: 'article'; id: string; moments: boolean }
  | { page: 'channel'; channel: string; column: string; from?: string }
  | { page: 'topic'; id: string; from?: string }
  | { page: 'ranking'; mood: Mood; span: RankingSpan; from?: string }
  | { page: 'search'; query: string; from?: string }
  | { page: 'shelf' }
  | { page: 'about' }
  | { page: 'principles' }
  | { page: 'offline' }
  /** The preview of a draft; `scene` is empty if the address has none. */
  | { page: 'preview'; scene: string }
  /** The same page has another address; `to` contains only validated parts. */
  | { page: 'moved'; to: string }
  | { page: 'lost' }

export type Query = ReadonlyMap<string, string>

const lost: Address = { page: 'lost' }
const moved = (to: string): Address => ({ page: 'moved', to })

/** Longer than any address of ours. */
const longestPath = 200

/** WeChat's number for a story opened from Moments. */
const momentsScene = '1154'

/** The steps of a path, decoded, without the empty ones after a final slash; null for a path that no address has. */
function stepsOf(path: string): string[] | null {
  if (!path.startsWith('/') || path.length > longestPath) return null
  try {
    const steps = path.slice(1).split('/').map(decodeURIComponent)
    while (steps.at(-1) === '') steps.pop()
    return steps
  } catch {
    return null
  }
}

/** A story's or topic's id. */
function idOf(text: string): string | undefined {
  const id = withoutSigns(text)
  return v.is(ArticleId, id) ? id : undefined
}

/** The cursor of a list's page; null for a cursor that none of our lists creates. */
function fromOf(query: Query, schema: typeof Cursor | typeof RankingCursor): { from?: string } | null {
  const from = withoutSigns(query.get(fromKey) ?? '')
  if (from === '') return {}
  return v.is(schema, from) ? { from } : null
}

/** The parameters that say how a story was opened, as far as they are valid. */
function entryOf(query: Query): Record<string, string> {
  const mark = query.get('mark') ?? ''
  return {
    mark: v.is(ShareMark, mark) ? mark : '',
    scene: query.get('scene') === momentsScene ? momentsScene : '',
  }
}

function readStory(step: string | undefined, query: Query): Address {
  const id = idOf(step ?? '')
  if (id === undefined) return lost
  if (id !== step) return moved(withQuery(storyAddress(id), entryOf(query)))
  return { page: 'article', id, moments: query.get('scene') === momentsScene }
}

function readPreview(query: Query): Address {
  const scene = withoutSigns(query.get('scene') ?? '')
  return { page: 'preview', scene: v.is(PreviewScene, scene) ? scene : '' }
}

function readTopic(step: string | undefined, query: Query): Address {
  const id = idOf(step ?? '')
  if (id === undefined) return lost
  if (id !== step) return moved(topicAddress(id))
  const from = fromOf(query, Cursor)
  return from ? { page: 'topic', id, ...from } : lost
}

function readChannel(key = '', column = '', query: Query): Address {
  const channel = channelOf(key)
  const known = column === '' || Object.keys(channel?.columns ?? {}).includes(column)
  const from = fromOf(query, Cursor)
  return channel && known && from ? { page: 'channel', channel: key, column, ...from } : lost
}

function readRanking(query: Query): Address {
  const from = fromOf(query, RankingCursor)
  const mood = v.safeParse(Mood, query.get('mood'))
  const span = v.safeParse(RankingSpan, query.get('span'))
  if (!from) return lost
  return {
    page: 'ranking',
    mood: mood.success ? mood.output : defaultMood,
    span: span.success ? span.output : defaultSpan,
    ...from,
  }
}

/** Characters that HTML forbids (HTML standard, control-character-in-input-stream and noncharacters). */
const forbidden = /[\p{Cc}\p{Noncharacter_Code_Point}]/gu

const wordsOf = (query: Query): string => queryOf((query.get('q') ?? '').replace(forbidden, ' '))

function readSearch(query: Query): Address {
  const from = fromOf(query, Cursor)
  return from ? { page: 'search', query: wordsOf(query), ...from } : lost
}

/** Addresses of the previous site, which links and search engines still use. */
function readOldAddress(path: string, query: Query): Address {
  const get = (key: string): string => query.get(key) ?? ''
  switch (path) {
    case 'pages/home/index':
      return moved(homeAddress)
    case 'pages/ranking/index':
      return moved(rankingOf(defaultMood, defaultSpan))
    case 'pages/shelf/index':
      return moved(shelfAddress)
    case 'pages/article/index': {
      const id = idOf(get('id'))
      return id === undefined ? lost : moved(withQuery(storyAddress(id), entryOf(query)))
    }
    case 'more/topic/index': {
      const id = idOf(get('id'))
      return id === undefined ? lost : moved(topicAddress(id))
    }
    case 'more/channel/index': {
      const found = readChannel(withoutSigns(get('channel')), withoutSigns(get('column')), new Map())
      return found.page === 'channel' ? moved(channelAddress(found.channel, found.column)) : lost
    }
    case 'more/search/index':
      return moved(searchFor(wordsOf(query)))
    case 'more/about/index':
      return moved(aboutAddress)
    case 'more/principles/index':
      return moved(principlesAddress)
    // Not moved: a redirect that a browser remembers would keep the token.
    case 'more/preview/index':
      return readPreview(query)
    default:
      return lost
  }
}

function readSteps(steps: readonly string[], query: Query): Address {
  const [first, second, third] = steps
  switch (steps.length > 3 ? '' : first) {
    case undefined: {
      const from = fromOf(query, Cursor)
      return from ? { page: 'home', ...from } : lost
    }
    case 'a':
      return steps.length === 2 ? readStory(second, query) : lost
    case 't':
      return steps.length === 2 ? readTopic(second, query) : lost
    case 'c':
      return readChannel(second, third, query)
    case 'ranking':
      return steps.length === 1 ? readRanking(query) : lost
    case 'search':
      return steps.length === 1 ? readSearch(query) : lost
    case 'shelf':
      return steps.length === 1 ? { page: 'shelf' } : lost
    case 'about':
      return steps.length === 1 ? { page: 'about' } : lost
    case 'principles':
      return steps.length === 1 ? { page: 'principles' } : lost
    case 'offline':
      return steps.length === 1 ? { page: 'offline' } : lost
    case 'preview':
      return steps.length === 1 ? readPreview(query) : lost
    case 'pages':
    case 'more':
      return readOldAddress(steps.join('/'), query)
    default:
      return lost
  }
}

/** Reads an address. Keys of the query that it does not know are ignored. */
export function readAddress(path: string, query: Query): Address {
  let steps = stepsOf(path)
  if (!steps) return lost
  let found = readSteps(steps, query)
  const last = steps.at(-1)
  if (found.page === 'lost' && last !== undefined) {
    steps = [...steps.slice(0, -1), withoutSigns(last)].filter(Boolean)
    found = readSteps(steps, query)
  }
  // Each page has one address; variants with another slash or escape, or signs at the end, are redirected to it.
  const plain = `/${steps.map(encodeURIComponent).join('/')}`
  const same = found.page === 'lost' || found.page === 'moved' || plain === path
  return same
    ? found
    : moved(withQuery(plain, Object.fromEntries([...query].filter(([key]) => allowedKeys.has(key)))))
}

/** Query keys that a page reads; a redirect keeps them. */
const allowedKeys = new Set([fromKey, 'mark', 'scene', 'mood', 'span', 'q'])

/** The canonical address of a page, without the parameters that say how it was opened. */
export function addressOf(address: Exclude<Address, { page: 'moved' }>): string {
  const further = (list: string, from: string | undefined) =>
    from === undefined ? list : furtherAddress(list, from)
  switch (address.page) {
    case 'home':
      return further(homeAddress, address.from)
    case 'article':
      return storyAddress(address.id)
    case 'channel':
      return further(channelAddress(address.channel, address.column), address.from)
    case 'topic':
      return further(topicAddress(address.id), address.from)
    case 'ranking':
      return further(rankingOf(address.mood, address.span), address.from)
    case 'search':
      return further(searchFor(address.query), address.from)
    case 'shelf':
      return shelfAddress
    case 'about':
      return aboutAddress
    case 'principles':
      return principlesAddress
    case 'offline':
      return offlineAddress
    case 'preview':
      return draftPreviewAddress
    case 'lost':
      return homeAddress
  }
}
