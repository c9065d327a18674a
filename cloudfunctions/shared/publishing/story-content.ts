import { findPoll } from '../stores/polls'
import { findTopic } from '../stores/topics'
import { type ContentMade, composeStory, storyTextOf } from './compose-story'
import { type Draft, labels } from './read-draft'
import { readDraftBody } from './read-draft-body'
import { countPairs } from './story-terms'

export type { Content, ContentMade } from './compose-story'

/** Makes a story of a draft. One database read each where the draft names a topic or a poll. */
export async function makeContent(draft: Draft): Promise<ContentMade> {
  const body = readDraftBody(draft.body)
  const [topic, poll] = await Promise.all([
    draft.topic === '' ? null : findTopic(draft.topic),
    draft.poll === '' ? null : findPoll(draft.poll),
  ])
  const made = composeStory(draft, body, topic?.topic ?? null, countPairs([storyTextOf(draft, body)]))
  const missing = [
    ...(draft.topic !== '' && !topic ? [`${labels.topic}：没有编号为 ${draft.topic} 的专题，请核对`] : []),
    ...(draft.poll !== '' && !poll ? [`${labels.poll}：没有编号为 ${draft.poll} 的云投，请核对`] : []),
  ]
  if (missing.length === 0) return made
  return { ok: false, problems: [...(made.ok ? [] : made.problems), ...missing], reminders: made.reminders }
}
