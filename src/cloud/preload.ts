import { openArticle, type Teaser } from '#contract/article'
import type { OpenedArticle } from './cache'
import { call } from './call'

/** A reply that was asked for at the tap is used by the page that opens next, and by no later one. */
const useWithin = 15_000
const remembered = 40

let ahead: { id: string; at: number; reply: Promise<OpenedArticle> } | undefined
const teasers = new Map<string, Teaser>()

/**
 * Asks for a story at the tap, before the page turns. What the list already knows of it (`teaser`) fills the headline
 * at once.
 */
export function preloadArticle(id: string, teaser?: Teaser): void {
  if (teaser) {
    teasers.delete(id)
    teasers.set(id, teaser)
    const [oldest] = teasers.keys()
    if (teasers.size > remembered && oldest !== undefined) teasers.delete(oldest)
  }
  const now = Date.now()
  if (ahead?.id === id && now - ahead.at < useWithin) return
  const reply = call(openArticle, { articleId: id })
  // The page that takes it handles the failure; without one there is nothing to say.
  reply.catch(() => undefined)
  ahead = { id, at: now, reply }
}

/** Opens a story: the reply that is on its way already, or a call of its own. */
export function fetchArticle(id: string): Promise<OpenedArticle> {
  const early = ahead
  ahead = undefined
  if (early?.id === id && Date.now() - early.at < useWithin) return early.reply
  return call(openArticle, { articleId: id })
}

/** What is known of a story before it is here, from the list it was tapped in. */
export function teaserOf(id: string): Teaser | undefined {
  return teasers.get(id)
}
