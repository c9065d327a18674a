import type { Driver } from '../../weapp-host/driver'
import { previewScene } from '../support/preview-row'
import type { Door } from './door'
import { ids, type SampleData } from './sample-data'

/** A new phone, its connection to the cloud, and the rows in the cloud. */
export interface Scene {
  phone: Driver
  door: Door
  data: SampleData
}

/** One screen of the gallery: a page in a state that is reached as a reader reaches it. */
export interface Entry {
  /** The path in app.json. */
  page: string
  state: string
  /** The caller; a guest has no identity. */
  as?: 'guest'
  reach(scene: Scene): Promise<void>
  /** Parts that get a picture each, after scrolling to them; by default one picture shows the screen as it is. */
  parts?: Record<string, string>
}

const article = 'pages/article/index'
const story = (id: string, scene = 1007) => ({ path: article, query: { id }, scene })
const moments = 1154

async function openStory({ phone }: Scene, id: string, words = '相关阅读'): Promise<void> {
  await phone.open(story(id))
  await phone.waitFor(words)
  await phone.quiet()
}

async function openHome({ phone }: Scene, scene?: number): Promise<void> {
  await phone.open(scene === undefined ? {} : { scene })
  await phone.waitFor('加载更多')
  await phone.quiet()
}

/** Scrolls until 推荐阅读 appears under a story. */
async function toTheEnd({ phone }: Scene): Promise<void> {
  await phone.scrollToEnd()
  await phone.find('.feed-item').first().waitFor()
  await phone.quiet()
}

const gone = '已下线'
const noNetwork = '网络不太顺畅'
const trouble = '出了点小问题'

/** The states of every page that loads its content from the cloud. */
function fromTheCloud(page: string, action: string, query?: Record<string, string>): Entry[] {
  const card = { path: page, ...(query ? { query } : {}) }
  const away = (state: string, fate: 'held' | 'lost' | 'broken', words: string): Entry => ({
    page,
    state,
    async reach({ phone, door }) {
      door.set(action, fate)
      await phone.open(card)
      if (words) await phone.waitFor(words)
      else await phone.find('.skeleton, .article-wait').first().waitFor()
    },
  })
  return [
    away('loading', 'held', ''),
    away('no network', 'lost', noNetwork),
    away('error', 'broken', trouble),
  ]
}

/** Chooses 关怀, the look for older readers. */
async function chooseCare({ phone }: Scene): Promise<void> {
  await phone.open({ path: 'pages/shelf/index' })
  await phone.tap('关怀')
  await phone.find('.look--care').first().waitFor()
}

const home: Entry[] = [
  ...fromTheCloud('pages/home/index', 'readHome'),
  {
    page: 'pages/home/index',
    state: 'content',
    reach: scene => openHome(scene),
    parts: { head: '.home-search', topics: '.strip', list: '.feed-item:nth-of-type(9)' },
  },
  {
    page: 'pages/home/index',
    state: 'empty',
    async reach({ phone, door }) {
      door.set('readHome', { data: { focus: [], topics: [], feed: { items: [], next: null } } })
      await phone.open()
      await phone.waitFor('还没有文章')
    },
  },
  {
    page: 'pages/home/index',
    state: 'offline, kept on the phone',
    async reach(scene) {
      const { phone, door } = scene
      await openHome(scene)
      door.set('*', 'lost')
      await phone.open()
      await phone.waitFor('离线内容')
      await phone.quiet()
    },
    parts: { head: '.home-search', end: '.feed-end' },
  },
  {
    page: 'pages/home/index',
    state: 'more on its way',
    async reach(scene) {
      const { phone, door } = scene
      await openHome(scene)
      door.set('readFeed', 'held')
      await phone.scrollToEnd()
      await phone.waitFor('正在加载')
    },
    parts: { end: '.feed-end' },
  },
  {
    page: 'pages/home/index',
    state: 'more failed, retry in place',
    async reach(scene) {
      const { phone, door } = scene
      await openHome(scene)
      door.set('readFeed', 'lost')
      await phone.scrollToEnd()
      await phone.waitFor('点此再试')
    },
    parts: { end: '.feed-end' },
  },
  {
    page: 'pages/home/index',
    state: 'end of the feed',
    async reach(scene) {
      const { phone } = scene
      await openHome(scene)
      await phone.waitFor(async () => {
        await phone.scrollToEnd()
        return (await phone.text()).includes('没有更多了')
      })
      await phone.quiet()
    },
    parts: { end: '.feed-end' },
  },
  {
    page: 'pages/home/index',
    state: '关怀',
    async reach(scene) {
      await chooseCare(scene)
      await openHome(scene)
    },
    parts: { head: '.home-search', list: '.feed-item:nth-of-type(9)' },
  },
  {
    page: 'pages/home/index',
    state: 'Moments',
    reach: scene => openHome(scene, moments),
  },
]

const ranking: Entry[] = [
  ...fromTheCloud('pages/ranking/index', 'readRanking'),
  {
    page: 'pages/ranking/index',
    state: 'content',
    async reach({ phone }) {
      await phone.open({ path: 'pages/ranking/index' })
      await phone.waitFor('没有更多了')
      await phone.quiet()
    },
    parts: { head: '.segments', end: '.feed-end' },
  },
  {
    page: 'pages/ranking/index',
    state: 'empty',
    async reach({ phone, door }) {
      door.set('readRanking', { data: { items: [], next: null, updatedAt: null } })
      await phone.open({ path: 'pages/ranking/index' })
      await phone.waitFor('还没有文章上榜')
    },
  },
]

/** Reads some stories, saves some of them, then opens the shelf. */
async function fillShelf(scene: Scene): Promise<void> {
  const { phone, data } = scene
  for (const id of [data.folded, ids.longTitle, ids.everyBlock]) {
    await openStory(scene, id)
    await phone.tap('收藏')
    await phone.waitFor('已收藏')
    // The app records a story as read a moment after drawing it.
    await phone.waitFor(async () =>
      (await phone.calls('setStorageSync')).some(({ args }) => args[0] === 'shelf-history'),
    )
  }
  await phone.quiet()
  await phone.open({ path: 'pages/shelf/index' })
  await phone.waitFor('离线可读')
}

const shelf: Entry[] = [
  {
    page: 'pages/shelf/index',
    state: 'favourites',
    reach: fillShelf,
    parts: { head: '.segments', settings: '.shelf-settings' },
  },
  {
    page: 'pages/shelf/index',
    state: 'history',
    async reach(scene) {
      await fillShelf(scene)
      await scene.phone.tap('看过')
      await scene.phone.waitFor('清空看过和离线内容')
    },
    parts: { head: '.segments', settings: '.shelf-settings' },
  },
  {
    page: 'pages/shelf/index',
    state: 'empty',
    async reach({ phone }) {
      await phone.open({ path: 'pages/shelf/index' })
      await phone.waitFor('还没有收藏')
    },
  },
  {
    page: 'pages/shelf/index',
    state: 'history empty',
    async reach({ phone }) {
      await phone.open({ path: 'pages/shelf/index' })
      await phone.waitFor('还没有收藏')
      await phone.tap('看过')
      await phone.waitFor('还没有看过的文章')
    },
  },
]

const articles: Entry[] = [
  ...fromTheCloud(article, 'openArticle', { id: ids.everyBlock }),
  {
    page: article,
    state: 'loading, opened from a list',
    async reach(scene) {
      const { phone, door } = scene
      await openHome(scene)
      door.set('openArticle', 'held')
      await phone.tap(phone.find('.feed-item').first())
      await phone.find('.article-wait').waitFor()
    },
  },
  {
    page: article,
    state: 'content',
    reach: scene => openStory(scene, scene.data.folded, '阅读剩余全文'),
    parts: { head: '.head-crumbs', fold: '.article-fold', moods: '.moods', related: '.related' },
  },
  {
    page: article,
    state: 'unfolded',
    async reach(scene) {
      await openStory(scene, scene.data.folded, '阅读剩余全文')
      await scene.phone.tap('.article-fold')
      await scene.phone.find('.article-fold--open').waitFor({ state: 'attached' })
      await scene.phone.quiet()
    },
    parts: { sign: '.article-sign' },
  },
  {
    page: article,
    state: '关怀',
    async reach(scene) {
      await chooseCare(scene)
      await openStory(scene, ids.everyBlock)
    },
    parts: { head: '.head-crumbs', moods: '.moods', related: '.related' },
  },
  {
    page: article,
    state: 'reading bar',
    async reach(scene) {
      await openStory(scene, ids.longTitle)
      await openStory(scene, ids.everyBlock)
      await scene.phone.scrollTo(600)
      await scene.phone.find('.reading-bar--on').first().waitFor()
    },
  },
  {
    page: article,
    state: 'every block',
    async reach(scene) {
      await openStory(scene, ids.everyBlock)
      await scene.phone.find('.figure-picture').nth(1).scrollIntoViewIfNeeded()
      await scene.phone.waitFor('图片没有加载出来')
      await scene.phone.scrollTo(0)
    },
    parts: {
      head: '.head-crumbs',
      table: '.block-table',
      list: '.block-li',
      broken: '.figure-picture--away',
      end: '.article-sign',
    },
  },
  {
    page: article,
    state: 'title of 120 characters',
    reach: scene => openStory(scene, ids.longTitle),
  },
  {
    page: article,
    state: 'hard letters',
    reach: scene => openStory(scene, ids.hardLetters),
    parts: { head: '.head-crumbs', table: '.block-table' },
  },
  {
    page: article,
    state: 'end, with what follows',
    async reach(scene) {
      await openStory(scene, ids.everyBlock)
      await toTheEnd(scene)
    },
    parts: { moods: '.moods', related: '.related', focus: '.focus', feed: '.feed-end' },
  },
  {
    page: article,
    state: 'what follows on its way',
    async reach(scene) {
      scene.door.set('readHome', 'held')
      await openStory(scene, ids.everyBlock)
      await scene.phone.scrollToEnd()
      await scene.phone.waitFor('推荐阅读')
    },
    parts: { feed: '.skeleton' },
  },
  {
    page: article,
    state: 'what follows failed',
    async reach(scene) {
      scene.door.set('readHome', 'lost')
      await openStory(scene, ids.everyBlock)
      await scene.phone.scrollToEnd()
      await scene.phone.waitFor('重新加载')
    },
    parts: { feed: '.state' },
  },
  {
    page: article,
    state: 'mood chosen',
    async reach(scene) {
      await openStory(scene, scene.data.folded)
      await scene.phone.tap('.mood-like')
      await scene.phone.quiet()
      await scene.phone.find('.mood--own').first().waitFor()
    },
    parts: { moods: '.moods' },
  },
  {
    page: article,
    state: 'mood waiting',
    async reach(scene) {
      await openStory(scene, scene.data.folded)
      scene.door.set('setMood', 'held')
      await scene.phone.tap('.mood-happy')
      await scene.phone.find('.mood--wait').first().waitFor()
    },
    parts: { moods: '.moods' },
  },
  {
    page: article,
    state: 'poll before an answer',
    reach: scene => openStory(scene, ids.pollOpen, '选择后可看结果'),
    parts: { poll: '.poll' },
  },
  {
    page: article,
    state: 'poll answered',
    async reach(scene) {
      await openStory(scene, ids.pollOpen, '选择后可看结果')
      await scene.phone.tap(scene.phone.find('.poll-option').last())
      await scene.phone.waitFor('人参与')
      await scene.phone.quiet()
    },
    parts: { poll: '.poll' },
  },
  {
    page: article,
    state: 'poll with several answers',
    async reach(scene) {
      await openStory(scene, ids.pollSeveral, '选择后可看结果')
      await scene.phone.tap(scene.phone.find('.poll-option').first())
      await scene.phone.waitFor('人参与')
      await scene.phone.tap(scene.phone.find('.poll-option').nth(2))
      await scene.phone.quiet()
    },
    parts: { poll: '.poll' },
  },
  {
    page: article,
    state: 'poll closed',
    reach: scene => openStory(scene, ids.pollClosed, '已结束'),
    parts: { poll: '.poll' },
  },
  {
    page: article,
    state: 'guest',
    as: 'guest',
    reach: scene => openStory(scene, ids.pollOpen, '请在微信中投票'),
    parts: { moods: '.moods', poll: '.poll' },
  },
  {
    page: article,
    state: 'favourite',
    async reach(scene) {
      await openStory(scene, ids.everyBlock)
      await scene.phone.tap('收藏')
      await scene.phone.waitFor('已收藏')
    },
  },
  {
    page: article,
    state: 'share guide',
    async reach(scene) {
      await openStory(scene, ids.everyBlock)
      await scene.phone.tap('朋友圈')
      await scene.phone.waitFor('点击右上角')
    },
  },
  {
    page: article,
    state: 'not found',
    async reach({ phone }) {
      await phone.open(story(ids.absent))
      await phone.waitFor(gone)
    },
  },
  {
    page: article,
    state: 'offline, kept on the phone',
    async reach(scene) {
      const { phone, door } = scene
      await openStory(scene, ids.everyBlock)
      // The app writes its copy a moment after the story was drawn.
      await phone.waitFor(async () => `cache:article:${ids.everyBlock}` in (await phone.storage()))
      door.set('*', 'lost')
      await phone.open(story(ids.everyBlock))
      await phone.waitFor('离线')
      await phone.quiet()
    },
  },
  {
    page: article,
    state: 'Moments',
    async reach({ phone, data }) {
      await phone.open(story(data.folded, moments))
      await phone.waitFor('相关阅读')
      await phone.quiet()
    },
    parts: { head: '.head-crumbs', moods: '.moods' },
  },
  {
    page: article,
    state: 'Moments, poll',
    async reach({ phone }) {
      await phone.open(story(ids.pollOpen, moments))
      await phone.waitFor('人参与')
      await phone.quiet()
    },
    parts: { poll: '.poll' },
  },
  {
    page: article,
    state: 'Moments, withdrawn',
    async reach({ phone }) {
      await phone.open(story(ids.withdrawn, moments))
      await phone.waitFor(gone)
    },
  },
]

const channel: Entry[] = [
  ...fromTheCloud('more/channel/index', 'readFeed', { channel: 'earth' }),
  {
    page: 'more/channel/index',
    state: 'content',
    async reach({ phone }) {
      await phone.open({ path: 'more/channel/index', query: { channel: 'earth' } })
      await phone.find('.feed-item').first().waitFor()
      await phone.quiet()
    },
    parts: { head: '.segments', end: '.feed-end' },
  },
  {
    page: 'more/channel/index',
    state: 'one column',
    async reach({ phone }) {
      await phone.open({ path: 'more/channel/index', query: { channel: 'earth', column: 'ocean' } })
      await phone.find('.feed-item').first().waitFor()
      await phone.quiet()
    },
  },
  {
    page: 'more/channel/index',
    state: 'empty',
    async reach({ phone, door }) {
      door.set('readFeed', { data: { items: [], next: null } })
      await phone.open({ path: 'more/channel/index', query: { channel: 'earth', column: 'ocean' } })
      await phone.waitFor('这里还没有文章')
    },
  },
  {
    page: 'more/channel/index',
    state: 'not found',
    async reach({ phone }) {
      await phone.open({ path: 'more/channel/index', query: { channel: 'nowhere' } })
      await phone.waitFor('没有找到这个频道')
    },
  },
]

const topic: Entry[] = [
  ...fromTheCloud('more/topic/index', 'readTopic', { id: ids.emptyTopic }),
  {
    page: 'more/topic/index',
    state: 'content',
    async reach({ phone, data }) {
      await phone.open({ path: 'more/topic/index', query: { id: data.topic } })
      await phone.waitFor('选择后可看结果')
      await phone.quiet()
    },
    parts: { head: '.topic-title', poll: '.poll-note' },
  },
  {
    page: 'more/topic/index',
    state: 'empty',
    async reach({ phone }) {
      await phone.open({ path: 'more/topic/index', query: { id: ids.emptyTopic } })
      await phone.waitFor('这个专题还没有文章')
    },
  },
  {
    page: 'more/topic/index',
    state: 'not found',
    async reach({ phone }) {
      await phone.open({ path: 'more/topic/index', query: { id: ids.absent } })
      await phone.waitFor('这个专题已下线')
    },
  },
]

const search: Entry[] = [
  ...fromTheCloud('more/search/index', 'search', { q: '海水' }),
  {
    page: 'more/search/index',
    state: 'empty, with suggestions',
    async reach({ phone }) {
      await phone.open({ path: 'more/search/index' })
      await phone.waitFor('看看这些栏目')
    },
  },
  {
    page: 'more/search/index',
    state: 'recent searches',
    async reach({ phone }) {
      for (const words of ['海水', '闪电 声速', '为什么雪花总是六个角而不是五个角']) {
        await phone.open({ path: 'more/search/index', query: { q: words } })
        await phone.tap('搜索')
        await phone.quiet()
      }
      await phone.open({ path: 'more/search/index' })
      await phone.waitFor('最近搜索')
    },
  },
  {
    page: 'more/search/index',
    state: 'content',
    async reach({ phone }) {
      await phone.open({ path: 'more/search/index', query: { q: '海水' } })
      await phone.waitFor('没有更多了')
      await phone.quiet()
    },
  },
  {
    page: 'more/search/index',
    state: 'not found',
    async reach({ phone }) {
      await phone.open({ path: 'more/search/index', query: { q: '永动机说明书' } })
      await phone.waitFor('没有找到')
    },
  },
]

const about: Entry[] = [
  {
    page: 'more/about/index',
    state: 'content',
    async reach({ phone }) {
      await phone.open({ path: 'more/about/index' })
      await phone.waitFor('侵权投诉')
    },
    parts: { head: '.about-name', end: '.about-version' },
  },
  {
    page: 'more/about/index',
    state: 'votes being deleted',
    async reach({ phone, door }) {
      door.set('forgetReader', 'held')
      await phone.open({ path: 'more/about/index' })
      await phone.tap('删除我的全部投票')
      await phone.tap('删除')
      await phone.waitFor('正在删除')
    },
    parts: { end: '.about-version' },
  },
]

const principles: Entry[] = [
  {
    page: 'more/principles/index',
    state: 'content',
    async reach({ phone }) {
      await phone.open({ path: 'more/principles/index' })
      await phone.waitFor('选题和来源')
    },
  },
]

const drawnPoster = (state: string, id: string): Entry => ({
  page: 'more/poster/index',
  state,
  async reach({ phone }) {
    await phone.open({ path: 'more/poster/index', query: { id } })
    await phone.waitFor('保存到相册')
    await phone.quiet()
  },
  parts: { end: '.poster-ways' },
})

const poster: Entry[] = [
  drawnPoster('content', ids.everyBlock),
  drawnPoster('long title', ids.longTitle),
  {
    page: 'more/poster/index',
    state: 'no network',
    async reach({ phone, door }) {
      door.set('drawCode', 'lost')
      await phone.open({ path: 'more/poster/index', query: { id: ids.everyBlock } })
      await phone.waitFor('重新生成')
    },
  },
]

const lost: Entry[] = [
  {
    page: 'more/lost/index',
    state: 'content',
    async reach({ phone }) {
      await phone.open({ path: 'more/lost/index' })
      await phone.waitFor('这个页面找不到了')
    },
  },
]

const preview = { path: 'more/preview/index', query: { scene: previewScene(ids.preview) } }

const previews: Entry[] = [
  ...fromTheCloud(preview.path, 'openPreview', preview.query),
  {
    page: preview.path,
    state: 'content',
    async reach({ phone }) {
      await phone.open(preview)
      await phone.waitFor('声音跑得有多快')
      await phone.waitFor('云投')
      await phone.quiet()
    },
    parts: { head: '.preview-note', table: '.block-table', end: '.preview-sign' },
  },
  {
    page: preview.path,
    state: 'closed',
    async reach({ phone }) {
      await phone.open({ path: preview.path, query: { scene: previewScene(ids.absent) } })
      await phone.waitFor('这个预览打不开')
    },
  },
]

/** Every page of the mini-program in every state it has. */
export const weappEntries: readonly Entry[] = [
  ...home,
  ...ranking,
  ...shelf,
  ...articles,
  ...channel,
  ...topic,
  ...search,
  ...about,
  ...principles,
  ...poster,
  ...lost,
  ...previews,
]
