import * as v from 'valibot'
import { ArticleId } from '#contract/ids'
import { statusOfRow } from './read-draft'
import { storyIdOf } from './story-id-of'

/** The story that a link names. */
export interface LinkedStory {
  id: string
  /** Whether readers do not see it, and nothing is on its way to change that. */
  isLost: boolean
}

/** What is known of the stories and drafts that links name. */
export interface Found {
  /** By the story's id; `draft` is what it came from. */
  stories: ReadonlyMap<string, { state: string; draft: string }>
  /** The status of each draft, by its id. */
  drafts: ReadonlyMap<string, unknown>
}

/** How many links are looked up. A body with more names the others at its own risk. */
const linksAtMost = 200

/** Drafts whose stories are out, or will be. */
const underWay = new Set(['待发布', '已定时', '已发布'])

const isId = (name: string): boolean => v.is(ArticleId, name)

/** The ids of the stories and of the drafts to look up for names. */
export function idsOfLinks(names: readonly string[]): { stories: string[]; drafts: string[] } {
  const drafts = names.slice(0, linksAtMost)
  return { stories: drafts.flatMap(name => [...(isId(name) ? [name] : []), storyIdOf(name)]), drafts }
}

/**
 * What names stand for: the id of a story, or that of a draft, whose story's id follows from it. Null for a name that is
 * neither.
 */
export function linkedStories(
  names: readonly string[],
  { stories, drafts }: Found,
): Map<string, LinkedStory | null> {
  const unasked = new Set(names.slice(linksAtMost))
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
      return [name, isId(name) && unasked.has(name) ? { id: name, isLost: false } : null]
    }),
  )
}
