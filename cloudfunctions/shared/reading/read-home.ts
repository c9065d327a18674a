import type { Teaser } from '#contract/article'
import { feedPageSize } from '#contract/feed'
import type { readHome } from '#contract/home'
import type { Handler } from '../serve'
import { listNewest, listPlaced } from '../stores/articles'
import { listTopics } from '../stores/topics'
import { arrangeHome, type HomeRows } from './arrange-home'
import { writeCursor } from './feed-cursor'

/**
 * How long (ms) an instance caches what the home page is made of, which is the same for all. A withdrawn story is gone
 * within 5 s. Places are computed at each call, so they change at their time.
 */
const cachedFor = 3_000
let cached: { rows: Loaded; readAt: number } | null = null

type Loaded = HomeRows & { newest: Teaser[]; next: string | null }

/**
 * Reads what the home page is made of at a time (ms), with the stories that get a place within `ahead` ms after it.
 * Three database operations.
 */
export async function loadHome(at: number, ahead = 0): Promise<Loaded> {
  const [placed, topics, { teasers, last, more }] = await Promise.all([
    listPlaced(at, ahead),
    listTopics(at),
    listNewest({}, null, feedPageSize, at),
  ])
  return { placed, topics, newest: teasers, next: more && last ? writeCursor({}, last) : null }
}

/** 视觉焦点, 独家策划 and the first page of 推荐阅读. Three database operations, or none when cached. */
export const readHomeHandler: Handler<typeof readHome> = async ({ without }) => {
  const now = Date.now()
  if (!cached || now - cached.readAt >= cachedFor || now < cached.readAt)
    cached = { rows: await loadHome(now, cachedFor), readAt: now }
  const { rows } = cached
  const { focus, topics } = arrangeHome(rows, now, without)
  return {
    focus: focus.map(({ one }) => one.story),
    topics: topics.map(({ one }) => one.card),
    feed: { items: rows.newest.filter(({ id }) => id !== without), next: rows.next },
  }
}
