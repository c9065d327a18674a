import { channelFeedAddress, homeAddress } from '#contract/addresses'
import type { Article, Cover } from '#contract/article'
import { site, web } from '#site'
import type { DocumentData } from '../../src/web/document-data'
import type { RenderedPage } from '../../src/web/render'
import { assets } from './assets'
import { coverOf, describedData, storyOf } from './described-data'
import { escapeJson, escapeText } from './escape'
import { iconAddress } from './files/read-file-address'
import { plainLine } from './plain-line'
import { absolute, pictureAddress, siteOrigin } from './site-address'
import { type Meta, storyMetas } from './story-head'

/** What a document's head says about its page. */
export interface DocumentHead {
  /** The document's one address, without its origin. */
  path: string
  /** Whether search engines must omit the page, because it is personal or one of many similar ones. */
  hidden: boolean
  /** Whether the document shows a story. */
  story: boolean
  /** The document shows the preview of a draft: with a style sheet of its own, and without script or data. */
  draft?: boolean
}

const meta = (...[kind, key, content]: Meta): string =>
  `<meta ${kind}="${key}" content="${escapeText(plainLine(content))}">`

/** What the link to a page shows where it is shared. */
function sharedMetas(
  title: string,
  words: string,
  address: string,
  picture: string | undefined,
  cover: Cover | undefined,
  story?: Article,
): Meta[] {
  return [
    ['property', 'og:site_name', site.name],
    ['property', 'og:locale', 'zh_CN'],
    ['property', 'og:title', title],
    ['property', 'og:description', words],
    ['property', 'og:type', story ? 'article' : 'website'],
    ...(siteOrigin() ? [['property', 'og:url', address] as const] : []),
    ...(picture ? [['property', 'og:image', picture] as const] : []),
    ...(picture && cover && pictureAddress(cover.src) === picture
      ? [
          ['property', 'og:image:width', String(cover.width)] as const,
          ['property', 'og:image:height', String(cover.height)] as const,
          ['property', 'og:image:alt', cover.alt] as const,
        ]
      : []),
  ]
}

/** Links to the feeds of the stories that a page lists. */
function feedLinks({ page: { name, params } }: DocumentData): string[] {
  const channel = name === 'channel' ? params.channel : undefined
  if ((name !== 'home' && channel === undefined) || !siteOrigin()) return []
  return (['rss', 'json'] as const).map(
    form =>
      `<link rel="alternate" type="${feedTypes[form]}" href="${escapeText(absolute(channelFeedAddress(form, channel)))}">`,
  )
}
const feedTypes = { rss: 'application/rss+xml', json: 'application/feed+json' }

/** The whole document of a page. */
export function documentOf(
  { html, head }: RenderedPage,
  data: DocumentData,
  { path, hidden, story, draft = false }: DocumentHead,
): string {
  const title = plainLine(head.title ?? '') || site.name
  const whole = data.page.name === 'home' || title === site.name
  // The second page of a list is a document of its own, so it has a title of its own.
  const named = /[?&]from=/.test(path) ? `${title}（续）` : title
  const full = whole ? named : `${named} - ${site.name}`
  const words = head.words || site.slogan
  const address = absolute(path)
  const shown = story ? storyOf(data) : undefined
  const more = `<link rel="stylesheet" href="${assets.more}">`
  const lines = [
    '<!doctype html>',
    '<html lang="zh-CN">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">',
    '<meta name="format-detection" content="telephone=no">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeText(full)}</title>`,
    meta('name', 'description', words),
    ...(hidden
      ? [meta('name', 'robots', 'noindex')]
      : [
          ...(siteOrigin() ? [`<link rel="canonical" href="${escapeText(address)}">`] : []),
          ...[
            ...sharedMetas(
              title,
              words,
              address,
              pictureAddress(head.picture || site.picture),
              coverOf(data),
              shown,
            ),
            ...(shown ? storyMetas(shown, web) : []),
          ].map(one => meta(...one)),
        ]),
    ...(path === homeAddress
      ? Object.entries(web.verification.metas).map(([key, content]) => meta('name', key, content))
      : []),
    ...feedLinks(data),
    `<link rel="icon" href="${iconAddress}" type="image/svg+xml">`,
    `<script src="${assets.head}"></script>`,
    `<link rel="stylesheet" href="${assets.style}">`,
    ...(story ? [] : [more]),
    // A phone draws without it: a browser loads a style sheet whose media do not match last, and does not wait for it.
    `<link rel="stylesheet" href="${assets.wide}" media="(min-width: 768px), (hover: hover)">`,
    ...(draft ? [`<link rel="stylesheet" href="${assets.preview}">`] : []),
    ...(draft ? [] : [`<script src="${assets.script}" defer></script>`]),
    '</head>',
    '<body>',
    `<div id="app">${html}</div>`,
    ...(shown && siteOrigin() ? [`<p class="own-address" hidden>${escapeText(address)}</p>`] : []),
    ...(draft ? [] : [`<script type="application/json" id="data">${escapeJson(data)}</script>`]),
    // A browser draws what stands before this link without waiting for it; the deferred script waits.
    ...(story ? [more] : []),
    // Search engines read it wherever it stands: a reader's text comes first.
    ...(hidden ? [] : describedData(data, title)).map(
      one => `<script type="application/ld+json">${escapeJson(one)}</script>`,
    ),
    '</body>',
    '</html>',
  ]
  return `${lines.join('\n')}\n`
}
