import type { Transaction } from '../cloud'
import { findPollPlace, placePoll } from '../stores/polls'
import { findPublished, type PublishedRow } from '../stores/published'
import { labels } from './read-draft'

/** Thrown to abort the transaction if another story or a topic shows the draft's poll. The message is for the editor. */
export class PollTaken extends Error {}

/**
 * Writes the story's id into the row of its poll, so that an editor writes the connection only once. Removes it from the
 * poll that the story had before. Throws PollTaken if another public story or a topic shows the poll.
 */
export async function keepPoll(
  transaction: Transaction,
  storyId: string,
  before: PublishedRow | null,
  poll: string,
): Promise<void> {
  if (before?.poll && before.poll !== poll) {
    const old = await findPollPlace(transaction, before.poll)
    if (old?.articleId === storyId) await placePoll(transaction, before.poll, '')
  }
  if (poll === '') return
  const place = await findPollPlace(transaction, poll)
  if (!place || place.articleId === storyId) return
  if (place.topicId !== '')
    throw new PollTaken(`${labels.poll}：已经用在专题 ${place.topicId} 里，请换一个云投`)
  if (place.articleId !== '') {
    const other = await findPublished(transaction, place.articleId)
    if (other?.state === 'published' && other.poll === poll)
      throw new PollTaken(`${labels.poll}：已经用在文章 ${place.articleId} 里，请换一个云投`)
  }
  await placePoll(transaction, poll, storyId)
}
