import type { Teaser } from '#contract/article'
import { type FocusStory, focusAtMost, topicsAtMost } from '#contract/home'
import type { PlacedStory } from '../stores/articles'
import type { ListedTopic } from '../stores/topics'
import { type Candidate, fillSlots, isPinned, isWithin, type Slot } from './arrange-slots'

/** What the head of the home page is made of. */
export interface HomeRows {
  /** The stories whose editors wrote 视觉焦点. */
  placed: readonly PlacedStory[]
  topics: readonly ListedTopic[]
  /** The newest stories. Those with a picture fill what is left of 视觉焦点. */
  newest: readonly Teaser[]
}

export interface FocusCandidate extends Candidate {
  story: FocusStory
  /** 0: its editor wrote 视觉焦点; 1: a new story. */
  rank: 0 | 1
}

export interface TopicCandidate extends Candidate {
  card: ListedTopic['card']
}

export interface Home {
  focus: Slot<FocusCandidate>[]
  topics: Slot<TopicCandidate>[]
}

/** A story with a picture; 视觉焦点 shows no other. */
const pictured = ({ cover, ...teaser }: Teaser): FocusStory | null => (cover ? { ...teaser, cover } : null)

/**
 * What stands in each place of 视觉焦点 and 独家策划 at a time (ms), and why. Readers and the editors' panel are given the
 * result of this function, so they cannot differ. A story stands in one place at most. `without` is left out.
 *
 * A gap in 视觉焦点 is filled by the newest story whose editor wrote 视觉焦点, then by the newest story. It is not filled by
 * a picture that a topic shows: a topic often borrows the cover of one of its stories.
 */
export function arrangeHome({ placed, topics: listed, newest }: HomeRows, now: number, without = ''): Home {
  const topics = fillSlots(
    listed.map(topic => ({ ...topic, id: topic.card.id })),
    topicsAtMost,
    now,
  )
  const candidates = new Map<string, FocusCandidate>()
  for (const { story: teaser, ...place } of placed) {
    const story = pictured(teaser)
    if (story && isWithin(place, now))
      candidates.set(story.id, { ...place, id: story.id, publishedAt: story.publishedAt, story, rank: 0 })
  }
  for (const teaser of newest) {
    const story = pictured(teaser)
    const { id, publishedAt } = teaser
    if (story && !candidates.has(id))
      candidates.set(id, { id, publishedAt, order: null, from: null, until: null, story, rank: 1 })
  }
  candidates.delete(without)
  const all = [...candidates.values()]
  const pictures = new Set(topics.map(({ one }) => one.card.cover?.src))
  const fit = all.filter(one => isPinned(one, now) || !pictures.has(one.story.cover.src))
  return { focus: fillSlots(fit.length > 0 ? fit : all, focusAtMost, now), topics }
}
