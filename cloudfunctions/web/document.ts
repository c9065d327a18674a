import { homeAddress } from '#contract/addresses'
import { site } from '#site'
import type { DocumentData } from '../../src/web/document-data'
import type { RenderedPage } from '../../src/web/render'
import { assets } from './assets'
import { escapeJson, escapeText } from './escape'

/** What a document's head says about its page. */
export interface DocumentHead {
  /** The document's one address, without its origin. */
  path: string
  /** Search engines leave the page out: it is personal, or one of very many similar ones. */
  hidden: boolean
  /** The document shows a story. */
  story: boolean
}

/**
 * An address of this deployment, with its origin if the build knows it. A request's host is never used, because it can
 * be forged.
 */
const absolute = (path: string): string => (path.startsWith('/') ? SITE_ORIGIN + path : path)

const meta = (kind: 'name' | 'property', key: string, content: string): string =>
  `<meta ${kind}="${key}" content="${escapeText(content)}">`

/** The whole document of a page. */
export function documentOf(
  { html, head }: RenderedPage,
  data: DocumentData,
  { path, hidden, story }: DocumentHead,
): string {
  const title = head.title ?? site.name
  const full = path === homeAddress || title === site.name ? title : `${title} - ${site.name}`
  const words = head.words || site.slogan
  const address = absolute(path)
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
          `<link rel="canonical" href="${escapeText(address)}">`,
          meta('property', 'og:site_name', site.name),
          meta('property', 'og:title', title),
          meta('property', 'og:description', words),
          meta('property', 'og:type', story ? 'article' : 'website'),
          meta('property', 'og:url', address),
          ...(head.picture ? [meta('property', 'og:image', absolute(head.picture))] : []),
        ]),
    `<script src="${assets.head}"></script>`,
    `<link rel="stylesheet" href="${assets.style}">`,
    ...(story ? [] : [more]),
    // A phone draws without it: a browser loads a style sheet whose media do not match last, and does not wait for it.
    `<link rel="stylesheet" href="${assets.wide}" media="(min-width: 768px), (hover: hover)">`,
    `<script src="${assets.script}" defer></script>`,
    '</head>',
    '<body>',
    `<div id="app">${html}</div>`,
    `<script type="application/json" id="data">${escapeJson(data)}</script>`,
    // A browser draws what stands before this link without waiting for it; the deferred script waits.
    ...(story ? [more] : []),
    '</body>',
    '</html>',
  ]
  return `${lines.join('\n')}\n`
}
