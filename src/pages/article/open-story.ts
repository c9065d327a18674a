import { dropCachedArticle, type OpenedArticle, writeCachedArticle } from '#cloud/cache'
import { CallFailed } from '#cloud/call'
import { fetchArticle } from '#cloud/preload'
import { afterDrawing } from '#platform/after-drawing'

/** Asks the cloud for a story and keeps the reply; one that was withdrawn is forgotten here too. */
export async function openFromCloud(id: string): Promise<OpenedArticle> {
  try {
    const opened = await fetchArticle(id)
    // Writing takes a moment of the thread that draws the page next.
    afterDrawing(() => writeCachedArticle(opened))
    return opened
  } catch (error) {
    if (error instanceof CallFailed && error.code === 'not-found') dropCachedArticle(id)
    throw error
  }
}

/** A fresh reply beside what is shown: parts that did not change stay the same objects, and are not drawn again. */
export function joinOpened(shown: OpenedArticle, fresh: OpenedArticle): OpenedArticle {
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
  return {
    article: shown.article.version === fresh.article.version ? shown.article : fresh.article,
    related: same(shown.related, fresh.related) ? shown.related : fresh.related,
    mood: same(shown.mood, fresh.mood) ? shown.mood : fresh.mood,
  }
}
