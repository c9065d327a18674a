import type { Article, RelatedTitle } from '#contract/article'
import type { RelatedCandidate } from '../stores/articles'

/** Titles 相关阅读 shows. */
const shown = 5

/**
 * Picks 相关阅读 among candidates: shared tags weigh most, then the column, then the time. Never the story itself,
 * never the same twice.
 */
export function chooseRelated(article: Article, candidates: readonly RelatedCandidate[]): RelatedTitle[] {
  const tags = new Set(article.tags)
  const score = (candidate: RelatedCandidate): number =>
    candidate.tags.filter(tag => tags.has(tag)).length * 2 + (candidate.column === article.column ? 1 : 0)
  const unique = new Map(candidates.map(candidate => [candidate.id, candidate]))
  unique.delete(article.id)
  return [...unique.values()]
    .sort((a, b) => score(b) - score(a) || b.publishedAt - a.publishedAt || (a.id < b.id ? -1 : 1))
    .slice(0, shown)
    .map(({ id, title, publishedAt }) => ({ id, title, publishedAt }))
}
