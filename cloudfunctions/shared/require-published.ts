import { AppError } from './app-error'
import { findVersion } from './stores/articles'

/** Seconds a story that was there is believed to be there still. */
const believedFor = 3_000
const remembered = 1_000
const seenAt = new Map<string, number>()

/** Throws `not-found` unless readers may see the story. Withdrawing a story stops its votes within seconds. */
export async function requirePublished(articleId: string): Promise<void> {
  const now = Date.now()
  const seen = seenAt.get(articleId)
  if (seen !== undefined && now - seen < believedFor) return
  seenAt.delete(articleId)
  if ((await findVersion(articleId)) === null) throw new AppError('not-found', 'no such story')
  seenAt.set(articleId, now)
  if (seenAt.size > remembered) {
    const oldest = seenAt.keys().next()
    if (!oldest.done) seenAt.delete(oldest.value)
  }
}
