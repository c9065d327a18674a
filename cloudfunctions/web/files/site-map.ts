import {
  aboutAddress,
  channelAddress,
  homeAddress,
  newsMapAddress,
  principlesAddress,
  rankingAddress,
  siteMapAddress,
  storyAddress,
  storyMapAddress,
  topicAddress,
  withQuery,
} from '#contract/addresses'
import { channels, site } from '#site'
import { isoTime } from '../../shared/beijing-time'
import { sealCursor } from '../../shared/reading/cursor'
import type { FeedPosition, MappedStory, Title } from '../../shared/stores/articles'
import { escapeText } from '../escape'
import { plainLine } from '../plain-line'
import { absolute, siteOrigin } from '../site-address'
import { changedAt } from '../story-head'
import { storyMapList } from './read-file-address'

/** The site map (sitemaps.org) and what robots may read. */

const head = '<?xml version="1.0" encoding="UTF-8"?>'
const namespace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
const loc = (path: string): string => `<loc>${escapeText(absolute(path))}</loc>`

const storyMapFrom = (after: FeedPosition | null): string =>
  withQuery(storyMapAddress, {
    from: after ? sealCursor(storyMapList, { at: after.publishedAt, id: after.id }) : '',
  })

/** The index: one file of stories from the start and from each position on, and the news. */
export function siteMapOf(positions: readonly FeedPosition[]): string {
  const parts = [null, ...positions].map(after => `<sitemap>${loc(storyMapFrom(after))}</sitemap>`)
  return `${head}
<sitemapindex ${namespace}>
${[...parts, `<sitemap>${loc(newsMapAddress)}</sitemap>`].join('\n')}
</sitemapindex>
`
}

/** Pages that are not stories. */
export const otherPages = (topics: readonly { id: string }[]): string[] => [
  homeAddress,
  rankingAddress,
  aboutAddress,
  principlesAddress,
  ...Object.entries(channels).flatMap(([channel, { columns }]) => [
    channelAddress(channel),
    ...Object.keys(columns).map(column => channelAddress(channel, column)),
  ]),
  ...topics.map(({ id }) => topicAddress(id)),
]

/** One file of the site map: pages, then stories with the time of their latest change. */
export function storyMapOf(pages: readonly string[], stories: readonly MappedStory[]): string {
  const lines = [
    ...pages.map(path => `<url>${loc(path)}</url>`),
    ...stories.map(
      story => `<url>${loc(storyAddress(story.id))}<lastmod>${isoTime(changedAt(story))}</lastmod></url>`,
    ),
  ]
  return `${head}\n<urlset ${namespace}>\n${lines.join('\n')}\n</urlset>\n`
}

/**
 * The stories of the last two days, as news search engines read them. Without any, the home page: a site map needs a
 * page (sitemaps.org's schema), and Search Console reports an empty one as an error. A page that is no news has no
 * `news:news` (Google News).
 */
export function newsMapOf(stories: readonly Title[]): string {
  const lines = stories.map(({ id, title, publishedAt }) =>
    [
      `<url>${loc(storyAddress(id))}<news:news>`,
      `<news:publication><news:name>${escapeText(site.name)}</news:name><news:language>zh-cn</news:language></news:publication>`,
      `<news:publication_date>${isoTime(publishedAt)}</news:publication_date>`,
      `<news:title>${escapeText(plainLine(title))}</news:title>`,
      '</news:news></url>',
    ].join(''),
  )
  if (lines.length === 0) lines.push(`<url>${loc(homeAddress)}</url>`)
  return `${head}\n<urlset ${namespace} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n${lines.join('\n')}\n</urlset>\n`
}

/**
 * Robots may read every page: those that search engines must omit say `noindex`, and a robot that may not read a page does
 * not see that. The site map's address must be absolute.
 */
export const robotsOf = (): string =>
  [
    'User-agent: *',
    'Disallow:',
    ...(siteOrigin() ? ['', `Sitemap: ${absolute(siteMapAddress)}`] : []),
    '',
  ].join('\n')
