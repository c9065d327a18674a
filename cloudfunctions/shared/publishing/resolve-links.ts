import { readAgain } from '../retry'
import { listStatuses } from '../stores/drafts'
import { listStates } from '../stores/published'
import { idsOfLinks, type LinkedStory, linkedStories } from './linked-stories'

/** Looks up what the links of a body name. Makes two requests at most, and none for a body without such links. */
export async function resolveLinks(names: readonly string[]): Promise<Map<string, LinkedStory | null>> {
  if (names.length === 0) return new Map()
  const asked = idsOfLinks(names)
  const [stories, drafts] = await Promise.all([
    readAgain(() => listStates(asked.stories)),
    readAgain(() => listStatuses(asked.drafts)),
  ])
  return linkedStories(names, { stories, drafts })
}
