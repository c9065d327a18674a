import { useEffect } from 'react'
import * as v from 'valibot'
import { CallFailed } from '#cloud/call'
import { firstReply } from '#cloud/first-data'
import { useQuery } from '#cloud/use-query'
import { ArticleId } from '#contract/ids'
import { afterDrawing } from '#platform/after-drawing'
import { fetchStory } from './open-story'
import { type OpenedStory, readCachedStory, writeCachedStory } from './story-cache'

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** Reuses the object on the page for every part that did not change, so that React does not redraw it. */
export function joinStory(shown: OpenedStory, fresh: OpenedStory): OpenedStory {
  return {
    article: shown.article.version === fresh.article.version ? shown.article : fresh.article,
    related: same(shown.related, fresh.related) ? shown.related : fresh.related,
    mood: same(shown.mood, fresh.mood) ? shown.mood : fresh.mood,
  }
}

export const storyKey = (id: string): string => `story:${id}`

/** Loads a story: its cached copy at once, then the cloud's reply. A malformed id fails without a call. */
export function useStory(id: string) {
  const valid = v.is(ArticleId, id)
  // A story embedded in the document is cached like a requested one, so that it can be read without network later.
  useEffect(() => {
    const came = firstReply<OpenedStory>(storyKey(id))
    if (came && 'value' in came) afterDrawing(() => writeCachedStory(came.value))
  }, [id])
  return useQuery(
    storyKey(id),
    () => (valid ? fetchStory(id) : Promise.reject(new CallFailed('not-found', 'no such id'))),
    { cached: () => (valid ? readCachedStory(id)?.value : undefined), join: joinStory },
  )
}
