import * as v from 'valibot'
import {
  channelFeedAddress,
  type feedFiles,
  fromKey,
  newsMapAddress,
  siteMapAddress,
  storyMapAddress,
} from '#contract/addresses'
import { Cursor } from '#contract/feed'
import { channelOf, channels, type WebSettings, web } from '#site'
import { unsealCursor } from '../../shared/reading/cursor'
import type { FeedPosition } from '../../shared/stores/articles'
import type { Query } from '../read-address'

export type FeedForm = keyof typeof feedFiles

/** A file of the site that programs read, and what it is about. */
export type WebFile =
  | { file: 'robots' }
  | { file: 'icon' }
  | { file: 'site-map' }
  /** Stories after a position, oldest first; null for the first ones. */
  | { file: 'story-map'; after: FeedPosition | null }
  | { file: 'news-map' }
  | { file: 'feed'; form: FeedForm; channel?: string }
  /** A verification file of the adopter's settings. */
  | { file: 'own'; name: string; text: string }

/** Whether programs read whole addresses in a file, so that a site without an origin cannot offer it. */
export const namesAddresses = ({ file }: WebFile): boolean => file === 'feed' || file.endsWith('-map')

/** Names the list of stories in the cursors of the site map. */
export const storyMapList = 'site-map'

export const iconAddress = '/favicon.svg'

const ownName = /^\/([\w.-]{1,100}\.(?:txt|html|xml))$/

const feedAddresses = new Map<string, WebFile>(
  (['json', 'rss'] as const).flatMap(form => [
    [channelFeedAddress(form), { file: 'feed', form }],
    ...Object.keys(channels)
      .filter(channel => channelOf(channel))
      .map((channel): [string, WebFile] => [
        channelFeedAddress(form, channel),
        { file: 'feed', form, channel },
      ]),
  ]),
)

/** The file at an address; undefined if it is none. Its address has one form only. */
export function readFileAddress(
  path: string,
  query: Query,
  { verification }: Pick<WebSettings, 'verification'> = web,
): WebFile | undefined {
  if (path === '/robots.txt') return { file: 'robots' }
  // Programs that read no page ask for the second.
  if (path === iconAddress || path === '/favicon.ico') return { file: 'icon' }
  if (path === siteMapAddress) return { file: 'site-map' }
  if (path === newsMapAddress) return { file: 'news-map' }
  if (path === storyMapAddress) {
    const from = query.get(fromKey)
    if (from === undefined || from === '') return { file: 'story-map', after: null }
    const position = v.is(Cursor, from) ? unsealCursor(storyMapList, from) : null
    return position ? { file: 'story-map', after: { publishedAt: position.at, id: position.id } } : undefined
  }
  const name = ownName.exec(path)?.[1]
  const text =
    name !== undefined && Object.hasOwn(verification.files, name) ? verification.files[name] : undefined
  return name !== undefined && text !== undefined ? { file: 'own', name, text } : feedAddresses.get(path)
}
