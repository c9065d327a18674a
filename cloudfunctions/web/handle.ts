import { createHash } from 'node:crypto'
import { workerAddress } from '#contract/addresses'
import type { DocumentData } from '../../src/web/document-data'
import { draftPreview, renderPage } from '../../src/web/render'
import { BoundedMap } from '../shared/bounded-map'
import { isTransient } from '../shared/failures'
import { errorDetail, log } from '../shared/log'
import { worker } from './assets'
import { documentOf } from './document'
import { escapeText } from './escape'
import { type LoadedFile, loadFile } from './files/load-file'
import { namesAddresses, readFileAddress } from './files/read-file-address'
import { revalidated, safetyHeaders } from './headers'
import { type LoadedPage, loadPage } from './load-page'
import { addressOf, type Query, readAddress } from './read-address'
import { siteOrigin } from './site-address'

export interface WebRequest {
  method: string
  path: string
  /** Decoded; the first value of a key that occurs twice. */
  query: Query
  /** By names in lower case. */
  headers: ReadonlyMap<string, string>
  /** Phone preview of the local cloud: the page may ask for its reader's identity. */
  preview: boolean
  requestId: string
}

export interface WebResponse {
  status: number
  headers: Record<string, string>
  body: string
}

const html = 'text/html; charset=utf-8'

/**
 * The time (ms) from which ages such as 「3小时前」 are counted. All documents of a minute share it, so that they have the
 * same ETag.
 */
const minute = 60_000

/**
 * Rendered documents of an instance, by page. A document depends only on its data: the same data are not rendered
 * twice.
 */
const rendered = new BoundedMap<string, { from: string; body: string; etag: string }>(100)

/** Weak, because the same text is sent plain, as gzip and as br, by this function or by a gateway. */
const etagOf = (body: string): string =>
  `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`

/** What reports a part that could not be rendered. */
const reporter =
  ({ requestId, path }: WebRequest) =>
  (error: unknown) =>
    log('error', 'part-failed', { requestId, path, ...errorDetail(error) })

function render(
  key: string,
  path: string,
  loaded: LoadedPage,
  request: WebRequest,
): { body: string; etag: string } {
  const { name, params, list, replies, status } = loaded
  const at = Math.floor(Date.now() / minute) * minute
  // A story's page shows no relative time, so its document does not change with time.
  const data: DocumentData = {
    page: { name, params, ...(list === undefined ? {} : { list }), preview: request.preview },
    first: { at: name === 'article' ? 0 : at, replies },
  }
  const from = JSON.stringify(data)
  const known = rendered.get(key)
  if (known?.from === from) return known
  const body = documentOf(renderPage(data, reporter(request)), data, {
    path,
    hidden: status !== 200 || name === 'search' || name === 'shelf' || name === 'offline',
    story: status === 200 && name === 'article',
  })
  const fresh = { from, body, etag: etagOf(body) }
  rendered.set(key, fresh)
  return fresh
}

/**
 * The preview of a draft: no cache stores it, here or elsewhere, and its address, which contains the token, goes to no
 * other site.
 */
function answerPreview({ name, params, replies, status }: LoadedPage, request: WebRequest): WebResponse {
  const data: DocumentData = {
    page: { name, params, preview: request.preview },
    first: { at: 0, replies },
  }
  const head = { path: request.path, hidden: true, story: false, draft: true }
  return answer(
    status,
    {
      'content-type': html,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      ...(status === 503 ? { 'retry-after': comeBack } : {}),
    },
    documentOf(renderPage(data, reporter(request)), data, head),
  )
}

function answer(status: number, headers: Record<string, string>, body: string): WebResponse {
  return { status, headers: { ...safetyHeaders, ...headers }, body }
}

/** A short text without any of our pages, for when no page exists or none could be rendered. */
const plain = (status: number, words: string, headers: Record<string, string> = {}): WebResponse =>
  answer(
    status,
    { 'content-type': html, 'cache-control': revalidated, ...headers },
    `<!doctype html>\n<html lang="zh-CN">\n<head><meta charset="utf-8"><title>${escapeText(words)}</title></head>\n<body><p>${escapeText(words)}</p><p><a href="/">首页</a></p></body>\n</html>\n`,
  )

/** `If-None-Match` compares weakly (RFC 9110, 13.1.2): a proxy may drop the mark of a weak tag. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some(one => one.trim() === '*' || one.trim().replace(/^(?!W\/)/, 'W/') === etag)
}

/** `Retry-After` (s) if the cloud fails. */
const comeBack = '5'

const busy = (): WebResponse => plain(503, '网络不太顺畅，请稍后再试', { 'retry-after': comeBack })

/** Browsers check the worker's script at every document they open; caching it for an hour saves most of these calls. */
const workerLife = 'max-age=3600'

const serviceWorker = (): WebResponse =>
  answer(200, { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': workerLife }, worker)

function fileAnswer({ type, body, life }: LoadedFile, known: string | undefined): WebResponse {
  const etag = etagOf(body)
  const lasts = life === undefined ? revalidated : `max-age=${life}`
  const always = { etag, 'cache-control': lasts, vary: 'accept-encoding' }
  return matches(known, etag)
    ? answer(304, always, '')
    : answer(200, { 'content-type': type, ...always }, body)
}

async function page(request: WebRequest): Promise<WebResponse> {
  const { path, query, headers, preview, requestId } = request
  if (path === workerAddress) return serviceWorker()
  const file = readFileAddress(path, query)
  if (file) {
    if (namesAddresses(file) && !siteOrigin()) {
      return plain(404, '这个网站没有设置地址，所以没有订阅源和网站地图')
    }
    return fileAnswer(await loadFile(file, Date.now()), headers.get('if-none-match'))
  }
  const address = readAddress(path, query)
  if (address.page === 'moved') return plain(301, '页面换了地址', { location: address.to })
  // A missing file: browsers do not show a page in place of an icon.
  if (address.page === 'lost' && /\.\w{1,8}$/.test(path)) return plain(404, '没有这个文件')
  const loaded = await loadPage(address, { requestId })
  const { status } = loaded
  if (loaded.name === draftPreview) return answerPreview(loaded, request)
  // All addresses that do not exist share one page.
  const key =
    loaded.name === 'lost'
      ? `lost ${JSON.stringify(loaded.params)}`
      : `${addressOf(address)}${'moments' in address && address.moments ? ' moments' : ''}`
  const { body, etag } = render(preview ? `${key} preview` : key, addressOf(address), loaded, request)
  const always = { etag, 'cache-control': revalidated, vary: 'accept-encoding' }
  if (status === 200 && matches(headers.get('if-none-match'), etag)) return answer(304, always, '')
  return answer(
    status,
    { 'content-type': html, ...always, ...(status === 503 ? { 'retry-after': comeBack } : {}) },
    body,
  )
}

/** Answers a request. Never throws, and never reveals an internal error. */
export async function handle(request: WebRequest): Promise<WebResponse> {
  const { method, requestId } = request
  if (method !== 'GET' && method !== 'HEAD') return plain(405, '只能阅读', { allow: 'GET, HEAD' })
  try {
    const response = await page(request)
    return method === 'HEAD' ? { ...response, body: '' } : response
  } catch (error) {
    const passing = isTransient(error)
    log(passing ? 'warn' : 'error', 'page-failed', { requestId, ...errorDetail(error) })
    return passing ? busy() : plain(500, '出了点小问题，请稍后再试')
  }
}
