import * as v from 'valibot'
import { ArticleId } from '#contract/ids'
import { readAgain } from '../retry'
import { listStatuses } from '../stores/drafts'
import { listStates } from '../stores/published'
import { statusOfRow } from './read-draft'
import { storyIdOf } from './story-id'

/** The story that a link names. */
export interface LinkedStory {
  id: string
  /** Whether readers do not see it, and nothing is on its way to change that. */
  isLost: boolean
}

/** How many links are looked up. A body with more names the others at its own risk. */
const linksAtMost = 200

/** Drafts whose stories are out, or will be. */
const underWay = new Set(['待发布', '已定时', '已发布'])

/**
 * Looks up what the links of a body name: the id of a story, or that of a draft, whose story's id follows from it. Null
 * for a name that is neither. Makes two requests at most, and none for a body without such links.
 */
export async function resolveLinks(names: readonly string[]): Promise<Map<string, LinkedStory | null>> {
  const asked = names.slice(0, linksAtMost)
  if (asked.length === 0) return new Map()
  const isId = (name: string): boolean => v.is(ArticleId, name)
  const ids = asked.flatMap(name => [...(isId(name) ? [name] : []), storyIdOf(name)])
  const [stories, drafts] = await Promise.all([
    readAgain(() => listStates(ids)),
    readAgain(() => listStatuses(asked)),
  ])
  return new Map(
    names.map(name => {
      const own = storyIdOf(name)
      const story = isId(name) ? stories.get(name) : undefined
      if (story) return [name, { id: name, isLost: story.state !== 'published' }]
      const ofDraft = stories.get(own)
      if (ofDraft?.draft === name && ofDraft.state === 'published') return [name, { id: own, isLost: false }]
      const status = drafts.get(name)
      if (status !== undefined) return [name, { id: own, isLost: !underWay.has(statusOfRow({ status })) }]
      if (ofDraft?.draft === name) return [name, { id: own, isLost: true }]
      return [name, isId(name) ? { id: name, isLost: asked.includes(name) } : null]
    }),
  )
}
