import { channelAddress, homeAddress, rankingOf, searchFor, topicAddress } from '#contract/addresses'
import { openArticle } from '#contract/article'
import type { Endpoint, InputOf, OutputOf } from '#contract/endpoint'
import type { ErrorCode, Reply } from '#contract/envelope'
import { type FeedPage, readFeed } from '#contract/feed'
import { otherStoriesAtMost, readHome } from '#contract/home'
import { readPoll } from '#contract/poll'
import { openPreview } from '#contract/preview'
import { readRanking } from '#contract/ranking'
import { search } from '#contract/search'
import { readTopic } from '#contract/topic'
import type { FirstReply } from '../../src/web/document-data'
import { firstKeys } from '../../src/web/first-keys'
import { draftPreview } from '../../src/web/render'
import { guest } from '../shared/caller'
import { openArticleHandler } from '../shared/reading/open-article'
import { openPreviewHandler } from '../shared/reading/open-preview'
import { readFeedHandler } from '../shared/reading/read-feed'
import { readHomeHandler } from '../shared/reading/read-home'
import { readPollHandler } from '../shared/reading/read-poll'
import { readRankingHandler } from '../shared/reading/read-ranking'
import { readTopicHandler } from '../shared/reading/read-topic'
import { searchHandler } from '../shared/reading/search'
import { type Handler, replyOf, route } from '../shared/serve'
import { findWithdrawal } from '../shared/stores/articles'
import type { Address } from './read-address'

/** The content of a document: its status, the page that it shows, and the replies that this page would request. */
export interface LoadedPage {
  status: number
  name: string
  params: Record<string, string>
  /** Address of the first page of the list that is shown. */
  list?: string
  replies: FirstReply[]
}

const statusOf: Partial<Record<ErrorCode, number>> = {
  'not-found': 404,
  // For example a cursor of another list: there is no such page.
  invalid: 404,
  'too-many': 503,
  unavailable: 503,
}

/** 500 for a failure that a reader cannot do anything about. */
const statusFor = (reply: Reply): number => (reply.ok ? 200 : (statusOf[reply.error.code] ?? 500))

type Asked = Exclude<Address, { page: 'moved' }>

/** The page of an address that does not exist. `of` names what was asked for. */
const lost = (of: string): LoadedPage => ({ status: 404, name: 'lost', params: { of }, replies: [] })

/** Reads the data that an address needs, as a guest, because a document is the same for everyone. */
export async function loadPage(asked: Asked, detail: Record<string, unknown>): Promise<LoadedPage> {
  async function ask<E extends Endpoint>(
    key: string,
    endpoint: E,
    handler: Handler<E>,
    input: InputOf<E>,
  ): Promise<FirstReply> {
    const reply = await replyOf(route(endpoint, handler), input, guest, detail)
    return { key, endpoint: endpoint.name, reply }
  }

  /** A page that shows one list, from one reply. */
  async function listed(
    name: string,
    params: Record<string, string>,
    list: string,
    first: Promise<FirstReply>,
  ): Promise<LoadedPage> {
    const reply = await first
    const status = statusFor(reply.reply)
    return status === 404 ? lost(name) : { status, name, params, list, replies: [reply] }
  }

  async function home(from: string | undefined): Promise<LoadedPage> {
    if (from === undefined) {
      return listed('home', {}, homeAddress, ask(firstKeys.home, readHome, readHomeHandler, {}))
    }
    const { reply } = await ask(firstKeys.home, readFeed, readFeedHandler, { cursor: from })
    // The top of the home page appears only on its first page.
    const joined: Reply = reply.ok
      ? {
          ok: true,
          data: { focus: [], topics: [], feed: reply.data as FeedPage } satisfies OutputOf<typeof readHome>,
        }
      : reply
    const first = { key: firstKeys.home, endpoint: readHome.name, reply: joined }
    return listed('home', {}, homeAddress, Promise.resolve(first))
  }

  /** The newest stories, for a page of a story that is gone: as a home page with nothing else. None if they cannot be read. */
  async function newest(): Promise<FirstReply[]> {
    const first = await ask(firstKeys.home, readHome, readHomeHandler, {})
    if (!first.reply.ok) return []
    const { feed } = first.reply.data as OutputOf<typeof readHome>
    const items = feed.items.slice(0, otherStoriesAtMost)
    const data = { focus: [], topics: [], feed: { items, next: null } } satisfies OutputOf<typeof readHome>
    return [{ ...first, reply: { ok: true, data } }]
  }

  async function article(id: string, moments: boolean): Promise<LoadedPage> {
    const scene = moments ? { scene: '1154' } : {}
    const story = await ask(firstKeys.story(id), openArticle, openArticleHandler, { articleId: id })
    const status = statusFor(story.reply)
    if (status === 404) {
      const withdrawal = await findWithdrawal(id)
      const { status, name, params } = withdrawal
        ? { status: 410, name: 'withdrawn', params: withdrawal }
        : lost('article')
      return { status, name, params: { ...params, ...scene }, replies: moments ? [] : await newest() }
    }
    const opened = story.reply.ok ? (story.reply.data as OutputOf<typeof openArticle>) : undefined
    const poll = opened?.article.poll
      ? [await ask(firstKeys.poll({ articleId: id }), readPoll, readPollHandler, { articleId: id })]
      : []
    const params = { id, ...scene }
    // A story is shown even when its poll cannot be read.
    return { status, name: 'article', params, replies: [story, ...poll.filter(({ reply }) => reply.ok)] }
  }

  const fromOf = ({ from }: { from?: string }): { cursor?: string } =>
    from === undefined ? {} : { cursor: from }

  switch (asked.page) {
    case 'home':
      return home(asked.from)
    case 'article':
      return article(asked.id, asked.moments)
    case 'channel': {
      const { page, channel, column } = asked
      const input = { channel, ...(column ? { column } : {}), ...fromOf(asked) }
      const first = ask(firstKeys.channel(channel, column), readFeed, readFeedHandler, input)
      return listed(page, { channel, column }, channelAddress(channel, column), first)
    }
    case 'topic': {
      const { page, id } = asked
      const first = ask(firstKeys.topic(id), readTopic, readTopicHandler, { topicId: id, ...fromOf(asked) })
      return listed(page, { id }, topicAddress(id), first)
    }
    case 'ranking': {
      const { page, mood, span } = asked
      const input = { mood, span, ...fromOf(asked) }
      const first = ask(firstKeys.ranking(mood, span), readRanking, readRankingHandler, input)
      return listed(page, { mood, span }, rankingOf(mood, span), first)
    }
    case 'search': {
      const { page, query } = asked
      if (query === '') return { status: 200, name: page, params: {}, replies: [] }
      const first = ask(firstKeys.search(query), search, searchHandler, { query, ...fromOf(asked) })
      return listed(page, { q: query }, searchFor(query), first)
    }
    case 'preview': {
      const { scene } = asked
      const opened = await ask(firstKeys.preview(scene), openPreview, openPreviewHandler, { scene })
      return { status: statusFor(opened.reply), name: draftPreview, params: { scene }, replies: [opened] }
    }
    case 'principles':
      return { status: 200, name: asked.page, params: { text: JSON.stringify(PRINCIPLES) }, replies: [] }
    case 'shelf':
    case 'about':
    case 'offline':
      return { status: 200, name: asked.page, params: {}, replies: [] }
    case 'lost':
      return lost('')
  }
}
