import { AppError } from './app-error'
import { BoundedMap } from './bounded-map'
import { findVersion } from './stores/articles'
import { findTopic } from './stores/topics'

/** How long (ms) a story or topic that was found is not looked up again. */
const believedFor = 3_000
const seenAt = new BoundedMap<string, number>(1_000)

async function requireThere(key: string, isThere: () => Promise<boolean>): Promise<void> {
  const now = Date.now()
  const seen = seenAt.get(key)
  if (seen !== undefined && now - seen < believedFor) return
  seenAt.delete(key)
  if (!(await isThere())) throw new AppError('not-found', 'not published')
  seenAt.set(key, now)
}

/** Throws `not-found` unless readers may see the story. Votes on a withdrawn story stop within seconds. */
export const requirePublished = (articleId: string): Promise<void> =>
  requireThere(articleId, async () => (await findVersion(articleId)) !== null)

/** Throws `not-found` unless readers may see the topic. */
export const requirePublishedTopic = (topicId: string): Promise<void> =>
  requireThere(`topic:${topicId}`, async () => (await findTopic(topicId)) !== null)
