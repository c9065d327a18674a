import type { Article, openArticle, Teaser } from '#contract/article'
import type { OutputOf } from '#contract/endpoint'
import type { FeedPage, readFeed } from '#contract/feed'
import type { readHome } from '#contract/home'
import type { answerPoll, PollState, readPoll } from '#contract/poll'
import type { drawCode } from '#contract/poster'
import type { openPreview } from '#contract/preview'
import type { readRanking } from '#contract/ranking'
import type { search } from '#contract/search'
import type { readTopic } from '#contract/topic'
import type { Cloud } from '../../weapp-host/cloud-door'
import { standardArticle, standardFeed, standardMood, standardRelated } from '../support/standard-article'

const picture = { src: '/pictures/vent.jpg', width: 800, height: 600, alt: '黑烟囱' }
const cover = { ...picture, thumb: '/pictures/vent-small.jpg' }
const at = Date.UTC(2026, 10, 20, 1, 30)
const pictured = (item: Teaser): Teaser & { cover: typeof cover } => ({ ...item, cover })
const topic = { id: 'deepsea001', title: '深海热泉', lead: '没有阳光的城市。', cover }

/** A story with one of every element that a story can hold. */
const story: Article = {
  ...standardArticle,
  cover,
  credit: '科普云制图',
  corrected: { at, reason: '温度的单位写错了' },
  topic: { id: topic.id, title: topic.title },
  poll: 'poll1',
  blocks: [
    ...standardArticle.blocks.slice(0, 3),
    { type: 'heading', text: '小标题' },
    {
      type: 'paragraph',
      spans: [
        '平的，',
        { text: '粗的', bold: true },
        { text: '斜的', italic: true },
        { text: 'code', code: true },
        { text: '另一篇', story: 'std0000002' },
      ],
    },
    { type: 'quote', spans: ['引文'] },
    { type: 'list', ordered: true, items: [['第一条'], ['第二条']] },
    { type: 'list', ordered: false, items: [['一条'], [{ text: '粗的一条', bold: true }]] },
    { type: 'picture', ...picture, caption: '图说', credit: '科普云制图' },
    { type: 'table', head: ['深度', '温度'], rows: [['2500 米', '350 ℃']] },
    { type: 'code', text: 'x = 1' },
    ...standardArticle.blocks.slice(3),
  ],
}

const poll: PollState = {
  id: 'poll1',
  question: '您想先读哪一种生物？',
  options: [
    { key: 'worm', label: '管状蠕虫', picture },
    { key: 'snail', label: '鳞角腹足螺' },
  ],
  choices: 'one',
  opensAt: at,
  closesAt: at + 1e9,
  closed: false,
  own: [],
  canVote: true,
  wish: 0,
  result: null,
}
const feed: FeedPage = { items: standardFeed.slice(0, 6).map(pictured), next: null }

/** The replies of this cloud: every endpoint that a page calls answers, with all optional fields filled. */
const answers = {
  openArticle: {
    article: story,
    mood: standardMood,
    related: standardRelated.map(title => ({ ...title, correctedAt: at })),
  } satisfies OutputOf<typeof openArticle>,
  openPreview: { article: story, expiresAt: at + 1e9 } satisfies OutputOf<typeof openPreview>,
  readHome: {
    focus: standardFeed.slice(0, 2).map(item => ({ ...pictured(item), correctedAt: at })),
    topics: [topic],
    feed,
  } satisfies OutputOf<typeof readHome>,
  readFeed: feed satisfies OutputOf<typeof readFeed>,
  readTopic: {
    topic: { ...topic, credit: '科普云制图', editor: '科普云地球组', publishedAt: at, poll: 'poll1' },
    ...feed,
  } satisfies OutputOf<typeof readTopic>,
  readRanking: {
    items: standardFeed.slice(0, 5).map(({ id, title, publishedAt }, index) => ({
      ...{ id, title, publishedAt },
      ...{ rank: index + 1, count: 50 - index, share: 0.5, correctedAt: at },
    })),
    next: null,
    updatedAt: at,
  } satisfies OutputOf<typeof readRanking>,
  search: {
    items: standardFeed.slice(0, 3).map(item => ({
      ...pictured(item),
      marks: { title: [[0, 2] as [number, number]], teaser: [[1, 3] as [number, number]] },
    })),
    next: null,
  } satisfies OutputOf<typeof search>,
  drawCode: { code: 'data:image/png;base64,iVBORw0KGgo=' } satisfies OutputOf<typeof drawCode>,
  readPoll: { poll } satisfies OutputOf<typeof readPoll>,
  answerPoll: {
    ...poll,
    own: ['worm'],
    wish: 1,
    result: { counts: { worm: 3, snail: 1 }, readers: 4 },
  } satisfies OutputOf<typeof answerPoll>,
} as const

/** A cloud that fills every page, so that a test sees everything a page can draw. */
export function fullCloud(): Cloud {
  return {
    callFunction(_name, event) {
      const { action } = event as { action: keyof typeof answers }
      return Promise.resolve({ ok: true, data: answers[action] ?? {} })
    },
  }
}
