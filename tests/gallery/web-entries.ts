import type { BrowserContext, Page } from 'playwright-core'
import { previewScene } from '../support/preview-row'
import { arrive } from '../web/phone'
import { ids, type SampleData } from './sample-data'

/** A browser that opens the site for the first time, and the rows in the cloud behind it. */
export interface WebScene {
  page: Page
  context: BrowserContext
  /** The phone preview, where the caller is a reader, and the site, where the caller is a visitor. */
  url: string
  siteUrl: string
  data: SampleData
}

/** One screen of the web build in a state that is reached as a visitor reaches it. */
export interface WebEntry {
  page: string
  state: string
  reach(scene: WebScene): Promise<void>
  parts?: Record<string, string>
}

const calls = '**/v1/functions/**'
const article = 'pages/article/index'

/** Opens an address and waits for words on the page. */
async function visit({ page, url }: WebScene, path: string, words: string): Promise<void> {
  await arrive(page, `${url}/${path}`)
  await shown(page, words)
}

const shown = (page: Page, words: string) => page.locator(`:visible:text("${words}")`).first().waitFor()

/** Taps where the list ends. It does not scroll there: a list that comes near its end loads more without a tap. */
const tapForMore = (page: Page) =>
  page.locator('.feed-end--tap').evaluate(end => (end as HTMLElement).click())

const story = (id: string, more = '') => `a/${id}${more}`

const plain = (
  page: string,
  state: string,
  path: string,
  words: string,
  parts?: WebEntry['parts'],
): WebEntry => ({
  page,
  state,
  reach: scene => visit(scene, path, words),
  ...(parts ? { parts } : {}),
})

/** The same page to a browser that runs no script: it is whole as it arrives. */
const unscripted = (
  page: string,
  state: string,
  pathOf: string | ((data: SampleData) => string),
  words: string,
  parts?: WebEntry['parts'],
): WebEntry => ({
  page,
  state,
  async reach({ page, siteUrl, data }) {
    await page.goto(`${siteUrl}/${typeof pathOf === 'string' ? pathOf : pathOf(data)}`)
    await shown(page, words)
  },
  ...(parts ? { parts } : {}),
})

/** The preview of a draft; it runs no script in any browser. */
const previews: readonly WebEntry[] = [
  unscripted(
    'more/preview/index',
    'content',
    `preview?scene=${previewScene(ids.preview)}`,
    '声音跑得有多快',
    {
      head: '.preview-note',
      table: '.block-table',
      end: '.preview-sign',
    },
  ),
  unscripted('more/preview/index', 'closed', `preview?scene=${previewScene(ids.absent)}`, '这个预览打不开'),
]

/** Every page of the site without a script, as a visitor without identity sees it. */
export const unscriptedEntries: readonly WebEntry[] = [
  unscripted('pages/home/index', 'content', '', '加载更多', { end: '.feed-end' }),
  unscripted('pages/ranking/index', 'content', 'ranking', '没有更多了'),
  unscripted('pages/ranking/index', 'empty', 'ranking?mood=pass&span=24h', '还没有文章上榜'),
  unscripted('pages/shelf/index', 'content', 'shelf', '需要启用 JavaScript'),
  unscripted(article, 'content', ({ folded }) => story(folded), '相关阅读', {
    moods: '.moods',
    end: '.article-sign',
  }),
  unscripted(article, 'every block', story(ids.everyBlock), '相关阅读', { table: '.block-table' }),
  unscripted(article, 'hard letters', story(ids.hardLetters), '相关阅读'),
  unscripted(article, 'poll', story(ids.pollSeveral), '请在微信中投票', { poll: '.poll' }),
  unscripted(article, 'Moments', story(ids.everyBlock, '?scene=1154'), '相关阅读'),
  unscripted(article, 'withdrawn', story(ids.withdrawn), '这篇文章已撤回'),
  unscripted(article, 'not found', story(ids.absent), '没有找到这篇文章'),
  unscripted('more/channel/index', 'content', 'c/earth', '没有更多了'),
  unscripted('more/topic/index', 'content', ({ topic }) => `t/${topic}`, '请在微信中投票'),
  unscripted('more/search/index', 'empty, with suggestions', 'search', '看看这些栏目'),
  unscripted('more/search/index', 'content', `search?q=${encodeURIComponent('海水')}`, '没有更多了'),
  unscripted('more/search/index', 'not found', `search?q=${encodeURIComponent('永动机说明书')}`, '没有找到'),
  unscripted('more/about/index', 'content', 'about', '侵权投诉'),
  unscripted('more/principles/index', 'content', 'principles', '选题和来源'),
  unscripted('more/lost/index', 'content', 'nothing/here', '这个页面找不到了'),
  ...previews,
]

/** Every page of the web build, in those of its states that differ from the mini-program or matter most. */
export const webEntries: readonly WebEntry[] = [
  plain('pages/home/index', 'content', '', '加载更多', {
    head: '.site-header',
    list: '.feed-item:nth-of-type(9)',
  }),
  {
    page: 'pages/home/index',
    state: 'more loading',
    async reach(scene) {
      await scene.context.route(calls, () => undefined)
      await visit(scene, '', '加载更多')
      await tapForMore(scene.page)
      await shown(scene.page, '正在加载')
    },
    parts: { end: '.feed-end' },
  },
  {
    page: 'pages/home/index',
    state: 'no network',
    async reach(scene) {
      await scene.context.route(calls, route => route.abort())
      await visit(scene, '', '加载更多')
      await tapForMore(scene.page)
      await shown(scene.page, '网络不太顺畅')
    },
    parts: { end: '.feed-end' },
  },
  plain('pages/ranking/index', 'content', 'ranking', '没有更多了', { head: '.site-header' }),
  plain('pages/shelf/index', 'empty', 'shelf', '还没有收藏'),
  {
    page: 'pages/shelf/index',
    state: 'history',
    async reach(scene) {
      for (const id of [scene.data.folded, ids.everyBlock]) {
        await visit(scene, story(id), '相关阅读')
        // The app records a story as read a moment after drawing it.
        await scene.page.waitForFunction(
          read => localStorage.getItem('shelf-history')?.includes(read) === true,
          id,
        )
      }
      await visit(scene, 'shelf', '还没有收藏')
      await scene.page.locator('.segment:visible', { hasText: '看过' }).click()
      await shown(scene.page, '离线可读')
    },
  },
  {
    page: article,
    state: 'content',
    reach: scene => visit(scene, story(scene.data.folded), '阅读剩余全文'),
    parts: { head: '.site-header, .head-crumbs', fold: '.article-fold', moods: '.moods' },
  },
  {
    page: article,
    state: 'every block',
    async reach(scene) {
      await visit(scene, story(ids.everyBlock), '相关阅读')
      await scene.page.locator('.figure-picture:visible').nth(1).scrollIntoViewIfNeeded()
      await shown(scene.page, '图片没有加载出来')
    },
    parts: {
      head: '.head-crumbs',
      table: '.block-table',
      broken: '.figure-picture--away',
      sources: '.article-body .block-p:last-child',
      end: '.article-sign',
    },
  },
  plain(article, 'title of 120 characters', story(ids.longTitle), '相关阅读'),
  plain(article, 'hard letters', story(ids.hardLetters), '相关阅读', { head: '.head-crumbs' }),
  {
    page: article,
    state: 'end, with what follows',
    async reach(scene) {
      await visit(scene, story(ids.everyBlock), '相关阅读')
      await scene.page.locator('.related:visible').scrollIntoViewIfNeeded()
      await scene.page.locator('.feed-item:visible').first().waitFor()
    },
    parts: { related: '.related', focus: '.focus', feed: '.feed-end' },
  },
  {
    page: article,
    state: 'poll, visitor',
    reach: scene => visit({ ...scene, url: scene.siteUrl }, story(ids.pollOpen), '人参与'),
    parts: { moods: '.moods', poll: '.poll' },
  },
  {
    page: article,
    state: 'share guide',
    async reach(scene) {
      await visit(scene, story(ids.everyBlock), '相关阅读')
      await scene.page.locator('.share-row-way:visible').nth(1).click()
      await shown(scene.page, '请使用浏览器分享功能')
    },
  },
  {
    page: article,
    state: 'poster',
    async reach(scene) {
      await visit(scene, story(ids.everyBlock), '相关阅读')
      await scene.page.locator('.share-row-way:visible').nth(2).click()
      await shown(scene.page, '下载海报')
    },
  },
  plain(article, 'not found', story(ids.absent), '没有找到这篇文章'),
  plain(article, 'withdrawn', story(ids.withdrawn), '这篇文章已撤回'),
  plain(article, 'Moments', story(ids.everyBlock, '?scene=1154'), '相关阅读'),
  plain('more/channel/index', 'content', 'c/earth', '没有更多了'),
  {
    page: 'more/topic/index',
    state: 'content',
    reach: scene => visit(scene, `t/${scene.data.topic}`, '云投'),
  },
  plain('more/search/index', 'empty, with suggestions', 'search', '看看这些栏目'),
  plain('more/search/index', 'content', `search?q=${encodeURIComponent('海水')}`, '没有更多了'),
  plain('more/search/index', 'not found', `search?q=${encodeURIComponent('永动机说明书')}`, '没有找到'),
  plain('more/about/index', 'content', 'about', '侵权投诉'),
  plain('more/principles/index', 'content', 'principles', '选题和来源'),
  plain('more/lost/index', 'content', 'nothing/here', '这个页面找不到了'),
  ...previews,
]
