import * as v from 'valibot'
import { Article, type openArticle, RelatedTitle } from '#contract/article'
import { MoodState } from '#contract/mood'
import { AppError } from '../app-error'
import { Checked, type Handler } from '../serve'
import { findArticle, findVersion, listRelated } from '../stores/articles'
import { moodSubject, readMood } from '../voting/mood'
import { chooseRelated } from './choose-related'

/** What an instance keeps of a story, checked: so a warm opening costs the version check and the reader's ballot. */
interface Kept {
  article: Article
  related: RelatedTitle[]
  checkedAt: number
  relatedAt: number
}

const kept = new Map<string, Kept>()
const keptAtMost = 200
/** A withdrawn story must be gone within five seconds, also from a warm instance. */
const versionAge = 3_000
const relatedAge = 5 * 60_000
const relatedCandidates = 30

async function load(id: string, now: number): Promise<Kept> {
  const known = kept.get(id)
  if (known && now - known.relatedAt < relatedAge) {
    if (now - known.checkedAt < versionAge) return known
    const version = await findVersion(id)
    if (version === known.article.version) {
      known.checkedAt = now
      return known
    }
    kept.delete(id)
    if (version === null) throw new AppError('not-found', 'no such story')
  }
  const found = await findArticle(id)
  if (!found) {
    kept.delete(id)
    throw new AppError('not-found', 'no such story')
  }
  const article = v.parse(Article, found)
  const candidates = await listRelated(article, relatedCandidates)
  const related = v.parse(v.array(RelatedTitle), chooseRelated(article, candidates))
  const fresh = { article, related, checkedAt: now, relatedAt: now }
  kept.delete(id)
  kept.set(id, fresh)
  if (kept.size > keptAtMost) {
    const oldest = kept.keys().next()
    if (!oldest.done) kept.delete(oldest.value)
  }
  return fresh
}

/** Opens a story complete: text, 相关阅读, moods, and the caller's own. */
export const openArticleHandler: Handler<typeof openArticle> = async ({ articleId }, caller) => {
  const [{ article, related }, mood] = await Promise.all([
    load(articleId, Date.now()),
    readMood(moodSubject(articleId), caller),
  ])
  return new Checked({ article, related, mood: v.parse(MoodState, mood) })
}
