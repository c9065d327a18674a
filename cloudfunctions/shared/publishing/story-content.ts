import type { Topic } from '#contract/topic'
import { readAgain } from '../retry'
import type { PictureCopy } from '../stores/drafts'
import { listNeighbours, type NeighbourRow } from '../stores/neighbours'
import { parseBody } from './body/read-body'
import { chooseRelated, relatedKept } from './choose-related'
import { type ContentMade, composeStory, storyTextOf } from './compose-story'
import { editorsRelated } from './editors-related'
import { lookUpPoll, lookUpTopic } from './look-up'
import { ownSite } from './name-of-story'
import { copiesIn, readPictures } from './pictures/read-pictures'
import { takenPoll } from './place-poll'
import { type Draft, labels } from './read-draft'
import { picturesOf, readDraftBody } from './read-draft-body'
import { resolveLinks } from './resolve-links'
import { storyIdOf } from './story-id-of'
import { countPairs } from './story-terms'

export type { Content, ContentMade } from './compose-story'

export interface MakingContent {
  /** The caller needs only problems and reminders: nothing is copied, and no other story is compared. */
  isTrial?: boolean
  /** The draft's id, to exclude its story from 相关阅读. */
  own?: string
  /** The copies of pictures that were made when the draft was scheduled: their own addresses may have expired. */
  copies?: readonly PictureCopy[]
  /** What `listNeighbours` returns for the draft's tags, if it was read already. */
  neighbours?: readonly NeighbourRow[] | undefined
  /** The draft's topic, if it was read already; null if there is none. */
  topic?: Topic | null | undefined
}

/**
 * Composes a draft's story, with search terms chosen by comparison with the published stories. Its 相关阅读 begins with
 * the stories that its editor chose. Reads those, the topic, the poll and the stories that the body links to. Opens the
 * pictures, and copies those whose address expires into cloud storage.
 */
export async function makeContent(
  draft: Draft,
  { isTrial = false, own = '', neighbours, topic: known, copies = [] }: MakingContent = {},
): Promise<ContentMade & { copies: PictureCopy[] }> {
  const parsed = parseBody(draft.body)
  const linked = parsed.stories(ownSite)
  const [stories, topic, poll, pictures, links] = await Promise.all([
    isTrial ? [] : (neighbours ?? readAgain(() => listNeighbours(draft.tags))),
    lookUpTopic(draft.topic, labels.topic, known),
    lookUpPoll(draft.poll, labels.poll),
    readPictures(
      [...picturesOf(parsed), ...[draft.cover, draft.shareCover].filter(Boolean)],
      !isTrial,
      copies,
    ),
    resolveLinks([...new Set([...draft.related, ...linked])]),
  ])
  const body = readDraftBody(parsed, pictures, new Map(linked.map(name => [name, links.get(name) ?? null])))
  const cover = pictures.get(draft.cover) ?? null
  const shareCover = pictures.get(draft.shareCover) ?? null
  const parts = { draft, body, cover, shareCover, topic: topic.found }
  const others = stories.filter(story => own === '' || story.draft !== own)
  const text = storyTextOf(draft, body)
  const counts = countPairs([...others, text])
  const composed = composeStory(parts, counts)
  const chosen = editorsRelated(draft.related, links, own && storyIdOf(own))
  const made = { ...composed, reminders: [...composed.reminders, ...chosen.reminders] }
  const copied = copiesIn(pictures)
  const taken = poll.found
    ? await takenPoll(poll.found, { draft: own, articleId: own && storyIdOf(own) })
    : []
  const missing = [...topic.problems, ...poll.problems, ...taken, ...chosen.problems]
  if (missing.length === 0) {
    if (!made.ok) return { ...made, copies: copied }
    const { terms } = made.content
    const self = { ...draft, terms, id: '', publishedAt: 0, topic: topic.found ?? undefined }
    const computed = chooseRelated(self, others)
    const related = [...new Set([...chosen.ids, ...computed])].slice(0, relatedKept)
    const ofEditor = chosen.ids.length > 0 ? { relatedChosen: chosen.ids } : {}
    return { ...made, copies: copied, content: { ...made.content, related, ...ofEditor } }
  }
  const problems = [...(made.ok ? [] : made.problems), ...missing]
  return { ok: false, problems, reminders: made.reminders, copies: copied }
}
