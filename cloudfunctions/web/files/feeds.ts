import { channelAddress, channelFeedAddress, homeAddress, storyAddress } from '#contract/addresses'
import type { Teaser } from '#contract/article'
import { channelOf, site } from '#site'
import { isoTime } from '../../shared/beijing-time'
import { escapeText } from '../escape'
import { plainLine } from '../plain-line'
import { absolute, pictureAddress } from '../site-address'

/** The newest stories for feed readers: of the whole site, or of one channel. */

function about(channel: string | undefined): { title: string; words: string; path: string } {
  const label = channel === undefined ? undefined : channelOf(channel)?.label
  return channel !== undefined && label !== undefined
    ? { title: `${site.name} · ${label}`, words: `${label}频道的科普文章`, path: channelAddress(channel) }
    : { title: site.name, words: site.slogan, path: homeAddress }
}

const addressOf = ({ id }: Teaser): string => absolute(storyAddress(id))

/** JSON Feed 1.1 (jsonfeed.org). */
export function jsonFeedOf(stories: readonly Teaser[], channel?: string): string {
  const { title, words, path } = about(channel)
  return `${JSON.stringify(
    {
      version: 'https://jsonfeed.org/version/1.1',
      title,
      home_page_url: absolute(path),
      feed_url: absolute(channelFeedAddress('json', channel)),
      description: words,
      language: 'zh-CN',
      authors: [{ name: site.publisher, url: absolute(homeAddress) }],
      items: stories.map(story => {
        const [headline, teaser] = [plainLine(story.title), plainLine(story.teaser)]
        const label = channelOf(story.channel)?.label
        const picture = story.cover && pictureAddress(story.cover.src)
        return {
          id: addressOf(story),
          url: addressOf(story),
          title: headline,
          content_text: teaser || headline,
          ...(picture ? { image: picture } : {}),
          date_published: isoTime(story.publishedAt),
          ...(story.correctedAt ? { date_modified: isoTime(story.correctedAt) } : {}),
          ...(label ? { tags: [label] } : {}),
        }
      }),
    },
    null,
    1,
  )}\n`
}

const element = (name: string, text: string): string => `<${name}>${escapeText(text)}</${name}>`

function itemOf(story: Teaser): string {
  const { cover } = story
  const label = channelOf(story.channel)?.label
  const teaser = plainLine(story.teaser)
  const picture = cover && pictureAddress(cover.src)
  return [
    '<item>',
    element('title', plainLine(story.title)),
    element('link', addressOf(story)),
    `<guid isPermaLink="true">${escapeText(addressOf(story))}</guid>`,
    element('pubDate', new Date(story.publishedAt).toUTCString()),
    ...(teaser ? [element('description', teaser)] : []),
    ...(label ? [element('category', label)] : []),
    ...(cover && picture
      ? [
          `<media:content url="${escapeText(picture)}" medium="image" width="${cover.width}" height="${cover.height}"/>`,
        ]
      : []),
    '</item>',
  ].join('')
}

/** RSS 2.0. */
export function rssOf(stories: readonly Teaser[], channel?: string): string {
  const { title, words, path } = about(channel)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">',
    '<channel>',
    element('title', title),
    element('link', absolute(path)),
    element('description', words),
    element('language', 'zh-cn'),
    `<atom:link href="${escapeText(absolute(channelFeedAddress('rss', channel)))}" rel="self" type="application/rss+xml"/>`,
    ...stories.map(itemOf),
    '</channel>',
    '</rss>',
    '',
  ].join('\n')
}
