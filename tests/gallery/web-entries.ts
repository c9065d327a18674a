import type { BrowserContext, Page } from 'playwright-core'
import { ids, type SampleData } from './sample-data'

/** A browser that has never been here, on the web build, and what the cloud behind it holds. */
export interface WebScene {
  page: Page
  context: BrowserContext
  /** Where the web build is served. */
  url: string
  data: SampleData
}

/** One screen of the web build in a state, reached as a visitor reaches it. */
export interface WebEntry {
  page: string
  state: string
  reach(scene: WebScene): Promise<void>
  parts?: Record<string, string>
}

const calls = '**/v1/functions/**'
const article = 'pages/article/index'

/** Opens an address and waits for words on the page shown. */
async function visit({ page, url }: WebScene, path: string, words: string): Promise<void> {
  await page.goto(`${url}/${path}`)
  await shown(page, words)
}

const shown = (page: Page, words: string) => page.locator(`:visible:text("${words}")`).first().waitFor()

const story = (id: string, more = '') => `${article}?id=${id}${more}`

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

/** Every page of the web build, and those of its states that look other than in the mini-program or matter most. */
export const webEntries: readonly WebEntry[] = [
  plain('pages/home/index', 'content', '', '加载更多', { head: '.site-bar', list: '.item:nth-of-type(9)' }),
  {
    page: 'pages/home/index',
    state: 'loading',
    async reach({ page, context, url }) {
      await context.route(calls, () => undefined)
      await page.goto(`${url}/`)
      await page.locator('.skeleton:visible').waitFor()
    },
  },
  {
    page: 'pages/home/index',
    state: 'no network',
    async reach(scene) {
      await scene.context.route(calls, route => route.abort())
      await visit(scene, '', '网络不太顺畅')
    },
  },
  plain('pages/ranking/index', 'content', 'pages/ranking/index', '没有更多了', { head: '.site-bar' }),
  plain('pages/shelf/index', 'empty', 'pages/shelf/index', '还没有收藏'),
  {
    page: 'pages/shelf/index',
    state: 'history',
    async reach(scene) {
      for (const id of [scene.data.folded, ids.everyBlock]) {
        await visit(scene, story(id), '相关阅读')
        // Noted a moment after the story is drawn.
        await scene.page.waitForFunction(
          read => localStorage.getItem('shelf-history')?.includes(read) === true,
          id,
        )
      }
      await visit(scene, 'pages/shelf/index', '还没有收藏')
      await scene.page.locator('.segment:visible', { hasText: '看过' }).click()
      await shown(scene.page, '离线可读')
    },
  },
  {
    page: article,
    state: 'content',
    reach: scene => visit(scene, story(scene.data.folded), '阅读剩余全文'),
    parts: { head: '.site-bar, .crumbs', fold: '.fold', moods: '.moods' },
  },
  {
    page: article,
    state: 'every block',
    async reach(scene) {
      await visit(scene, story(ids.everyBlock), '相关阅读')
      await scene.page.locator('.picture:visible').nth(1).scrollIntoViewIfNeeded()
      await shown(scene.page, '图片没有加载出来')
    },
    parts: { head: '.crumbs', table: '.table', broken: '.picture--away', end: '.sign' },
  },
  plain(article, 'title of 120 characters', story(ids.longTitle), '相关阅读'),
  plain(article, 'hard letters', story(ids.hardLetters), '相关阅读', { head: '.crumbs' }),
  {
    page: article,
    state: 'end, with what follows',
    async reach(scene) {
      await visit(scene, story(ids.everyBlock), '相关阅读')
      await scene.page.locator('.related:visible').scrollIntoViewIfNeeded()
      await scene.page.locator('.item:visible').first().waitFor()
    },
    parts: { related: '.related', focus: '.focus', feed: '.feed-end' },
  },
  plain(article, 'poll, guest', story(ids.pollOpen, '&as=guest'), '人参与', {
    moods: '.moods',
    poll: '.poll',
  }),
  {
    page: article,
    state: 'share guide',
    async reach(scene) {
      await visit(scene, story(ids.everyBlock), '相关阅读')
      await scene.page.locator('.share-way:visible').last().click()
      await shown(scene.page, '请使用浏览器分享功能')
    },
  },
  plain(article, 'not found', story(ids.absent), '已下线'),
  plain(article, 'Moments', story(ids.everyBlock, '&scene=1154'), '相关阅读'),
  plain('more/channel/index', 'content', 'more/channel/index?channel=earth', '没有更多了'),
  {
    page: 'more/topic/index',
    state: 'content',
    reach: scene => visit(scene, `more/topic/index?id=${scene.data.topic}`, '没有更多了'),
  },
  plain('more/search/index', 'empty, with suggestions', 'more/search/index', '看看这些栏目'),
  plain('more/search/index', 'content', `more/search/index?q=${encodeURIComponent('海水')}`, '没有更多了'),
  plain(
    'more/search/index',
    'not found',
    `more/search/index?q=${encodeURIComponent('永动机说明书')}`,
    '没有找到',
  ),
  plain('more/about/index', 'content', 'more/about/index', '侵权投诉'),
  plain('more/lost/index', 'content', 'more/lost/index', '这个页面找不到了'),
]
