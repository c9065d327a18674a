import { judgeCover } from './pictures/judge-cover'
import type { PictureRead } from './pictures/read-pictures'
import { type PollDraft, pollLabels } from './read-poll'
import { type TopicDraft, topicLabels } from './read-topic'
import { digestOf } from './row-fields'
import { thumbOf } from './thumbnail'

/** A topic or poll as fields of its published row, or null where a problem forbids a publication. */
export interface EntryMade {
  content: Record<string, unknown> | null
  problems: string[]
  reminders: string[]
}

const dateOrNull = (instant: number | null): Date | null => (instant === null ? null : new Date(instant))

/** Composes a topic from its row and its picture, null where it has none. */
export function composeTopic(entry: TopicDraft, picture: PictureRead | null): EntryMade {
  const { cover: _, coverAlt, credit, editor, poll, publishedAt, from, until, ...rest } = entry
  const judged = picture ? judgeCover(picture, topicLabels.cover) : { problems: [], reminders: [] }
  if (picture && !('src' in picture)) return { content: null, ...judged }
  const { src = '', width = 0, height = 0 } = picture ?? {}
  const content = {
    ...rest,
    ...(picture ? { cover: { src, width, height, alt: coverAlt, ...thumbOf(src) } } : {}),
    ...(picture && credit ? { credit } : {}),
    ...(editor ? { editor } : {}),
    ...(poll ? { poll } : {}),
    publishedAt: dateOrNull(publishedAt),
    from: dateOrNull(from),
    until: dateOrNull(until),
  }
  return { content: judged.problems.length > 0 ? null : content, ...judged }
}

/** Composes a poll from its row and its pictures by address. */
export function composePoll(entry: PollDraft, pictures: ReadonlyMap<string, PictureRead>): EntryMade {
  const { question, choices, opensAt, closesAt } = entry
  const problems: string[] = []
  const options = entry.options.map(({ key, label, picture: address, alt }, index) => {
    const picture = pictures.get(address)
    if (picture && 'fault' in picture)
      problems.push(`${pollLabels.options}第 ${index + 1} 个的图片：图片${picture.fault}`)
    if (!picture || 'fault' in picture) return { key, label }
    const { src, width, height } = picture
    return { key, label, picture: { src, width, height, alt } }
  })
  const times = { opensAt: new Date(opensAt), closesAt: new Date(closesAt) }
  const content = problems.length > 0 ? null : { question, choices, ...times, options }
  return { content, problems, reminders: [] }
}

/** Digest of what an editor wrote: where a poll stands, and whether it was answered, changes without a publication. */
export function entryDigest({
  articleId: _,
  topicId: __,
  answered: ___,
  ...said
}: Record<string, unknown>): string {
  return digestOf(said)
}
