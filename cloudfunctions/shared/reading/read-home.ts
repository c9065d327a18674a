import type { OutputOf } from '#contract/endpoint'
import { feedPageSize } from '#contract/feed'
import { type FocusStory, focusAtMost, type readHome, topicsAtMost } from '#contract/home'
import type { Handler } from '../serve'
import { listFocus, listNewest } from '../stores/articles'
import { listTopics } from '../stores/topics'
import { arrangeSlots } from './arrange-slots'
import { writeCursor } from './feed-cursor'

type Home = OutputOf<typeof readHome>

/** How long (ms) an instance caches the home page, which is the same for all. A withdrawn story is gone within 5 s. */
const cachedFor = 3_000
let cached: { home: Home; readAt: number } | null = null

async function load(): Promise<Home> {
  const [focus, topics, feed] = await Promise.all([
    // Reads more than are shown, because the story `without` and stories with a topic's picture are left out later.
    listFocus(focusAtMost + 1 + topicsAtMost),
    listTopics(Date.now()),
    listNewest({}, null, feedPageSize),
  ])
  // A topic often borrows the picture of one of its stories: the page would show the same picture twice.
  const listed = topics.map(topic => ({ ...topic, id: topic.card.id }))
  const cards = arrangeSlots(listed, topicsAtMost, Date.now()).map(({ card }) => card)
  const pictures = new Set(cards.map(({ cover }) => cover?.src))
  const other = focus.filter(({ cover }) => !pictures.has(cover.src))
  return {
    focus: other.length > 0 ? other : focus,
    topics: cards,
    feed: { items: feed.teasers, next: feed.more && feed.last ? writeCursor({}, feed.last) : null },
  }
}

/** 视觉焦点, 独家策划 and the first page of 推荐阅读. Three database operations, or none when cached. */
export const readHomeHandler: Handler<typeof readHome> = async ({ without }) => {
  const now = Date.now()
  if (!cached || now - cached.readAt >= cachedFor || now < cached.readAt)
    cached = { home: await load(), readAt: now }
  const { focus, topics, feed } = cached.home
  const other = ({ id }: { id: string }): boolean => id !== without
  const stories: FocusStory[] = focus.filter(other)
  return {
    focus: stories.slice(0, focusAtMost),
    topics,
    feed: { items: feed.items.filter(other), next: feed.next },
  }
}
