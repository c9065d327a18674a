import * as v from 'valibot'
import { Article, type openArticle, RelatedTitle, relatedShown } from '#contract/article'
import { MoodState } from '#contract/mood'
import { AppError } from '../app-error'
import { BoundedMap } from '../bounded-map'
import { Checked, type Handler } from '../serve'
import { findArticle, findTitles, listColumn } from '../stores/articles'
import { moodSubject, readMood } from '../voting/mood'

/** A validated story in an instance's cache. A warm opening reads only its version and the reader's ballot. */
interface Cached {
  article: Article
  /** Ids of the stories that may be offered as 相关阅读, best first. */
  candidates: readonly string[]
  related: RelatedTitle[]
  checkedAt: number
  /** When (ms) it was read. */
  readAt: number
  /** When (ms) it goes offline. */
  offlineAt: number
}

const cached = new BoundedMap<string, Cached>(200)
/** How long (ms) a cached story is not checked. A withdrawn story must be gone within 5 s, also from 相关阅读. */
const checkAge = 3_000
/** How long (ms) a story is not read again. Newer stories may enter its 相关阅读 without a new version. */
const readAge = 10 * 60_000
/** The candidates that readers may see, with their present titles. */
function titled(
  candidates: readonly string[],
  titles: Awaited<ReturnType<typeof findTitles>>,
): RelatedTitle[] {
  const shown = candidates.flatMap(id => titles.get(id) ?? []).slice(0, relatedShown)
  return v.parse(v.array(RelatedTitle), shown)
}

async function load(id: string, now: number, withSalt: boolean): Promise<Cached> {
  const known = cached.get(id)
  if (known && now - known.readAt < readAge && now >= known.readAt) {
    if (now - known.checkedAt < checkAge && now >= known.checkedAt && now < known.offlineAt) return known
    const titles = await findTitles([id, ...known.candidates])
    if (titles.get(id)?.version === known.article.version) {
      known.related = titled(known.candidates, titles)
      known.checkedAt = now
      return known
    }
    cached.delete(id)
    if (!titles.has(id)) throw new AppError('not-found', 'no such story')
  }
  const found = await findArticle(id, withSalt)
  if (!found) {
    cached.delete(id)
    throw new AppError('not-found', 'no such story')
  }
  const { related: chosen, offlineAt = Number.POSITIVE_INFINITY, ...row } = found
  const article = v.parse(Article, row)
  // A story that was published before candidates were stored gets the newest of its column.
  const titles = chosen.length > 0 ? await findTitles(chosen) : await listColumn(article, relatedShown + 1)
  const candidates = chosen.length > 0 ? chosen : [...titles.keys()].filter(other => other !== id)
  const fresh = {
    article,
    candidates,
    related: titled(candidates, titles),
    checkedAt: now,
    readAt: now,
    offlineAt,
  }
  cached.set(id, fresh)
  return fresh
}

/** Opens a complete story: text, 相关阅读, mood counts and the caller's own mood. */
export const openArticleHandler: Handler<typeof openArticle> = async ({ articleId }, caller) => {
  const [{ article, related }, mood] = await Promise.all([
    // The story comes first: in a new instance it also reads the salt, which the caller's mood needs.
    load(articleId, Date.now(), caller.known),
    readMood(moodSubject(articleId), caller),
  ])
  return new Checked({ article, related, mood: v.parse(MoodState, mood) })
}
