import { findPoll } from '../stores/polls'
import { findTopic } from '../stores/topics'
import { parseBody } from './body/read-body'
import { type ContentMade, composeStory, storyTextOf } from './compose-story'
import { readPictures } from './pictures/read-pictures'
import { type Draft, labels } from './read-draft'
import { picturesOf, readDraftBody } from './read-draft-body'
import { countPairs } from './story-terms'

export type { Content, ContentMade } from './compose-story'

/**
 * Makes a story of a draft. One database read each where the draft names a topic or a poll. Opens its pictures; unless
 * `copies` is false, those whose address expires are copied into the cloud's storage.
 */
export async function makeContent(draft: Draft, { copies = true } = {}): Promise<ContentMade> {
  const parsed = parseBody(draft.body)
  const [topic, poll, pictures] = await Promise.all([
    draft.topic === '' ? null : findTopic(draft.topic),
    draft.poll === '' ? null : findPoll(draft.poll),
    readPictures([...picturesOf(parsed), ...(draft.cover ? [draft.cover] : [])], copies),
  ])
  const body = readDraftBody(parsed, pictures)
  const cover = pictures.get(draft.cover) ?? null
  const parts = { draft, body, cover, topic: topic?.topic ?? null }
  const made = composeStory(parts, countPairs([storyTextOf(draft, body)]))
  const missing = [
    ...(draft.topic !== '' && !topic ? [`${labels.topic}：没有编号为 ${draft.topic} 的专题，请核对`] : []),
    ...(draft.poll !== '' && !poll ? [`${labels.poll}：没有编号为 ${draft.poll} 的云投，请核对`] : []),
  ]
  if (missing.length === 0) return made
  return { ok: false, problems: [...(made.ok ? [] : made.problems), ...missing], reminders: made.reminders }
}
