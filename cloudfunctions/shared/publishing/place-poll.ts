import { storyAddress, topicAddress } from '#contract/addresses'
import type { Transaction } from '../cloud'
import { noteRow } from '../stores/editors-rows'
import { findPollPlace, type PlaceOfPoll, placePoll } from '../stores/polls'
import { findPublished } from '../stores/published'
import { findPublishedEntry } from '../stores/published-entries'
import { labels } from './read-draft'

/** Thrown to abort the transaction if another story or topic shows the row's poll. The message is for the editor. */
export class PollTaken extends Error {}

/** The story or topic that names a poll. */
export type PollOwner = { articleId: string } | { topicId: string }

const isIn = (place: PlaceOfPoll, owner: PollOwner): boolean =>
  'articleId' in owner ? place.articleId === owner.articleId : place.topicId === owner.topicId

/** Throws PollTaken where another story or topic shows the poll to readers. */
async function requireFree(
  transaction: Transaction,
  poll: string,
  { articleId, topicId }: PlaceOfPoll,
): Promise<void> {
  if (topicId !== '') {
    const topic = await findPublishedEntry(transaction, 'topics', topicId)
    if (topic?.state === 'published' && topic.poll === poll)
      throw new PollTaken(`${labels.poll}：已经用在专题 ${topicId} 里，请换一个云投`)
  }
  if (articleId !== '') {
    const story = await findPublished(transaction, articleId)
    if (story?.state === 'published' && story.poll === poll)
      throw new PollTaken(`${labels.poll}：已经用在文章 ${articleId} 里，请换一个云投`)
  }
}

/** Puts a published poll into its place, and tells the editor of the poll where that is. */
async function move(transaction: Transaction, poll: string, place: PlaceOfPoll): Promise<void> {
  await placePoll(transaction, poll, place)
  const { articleId, topicId } = place
  const link = articleId ? storyAddress(articleId) : topicId ? topicAddress(topicId) : ''
  await noteRow(transaction, 'polls', poll, { link })
}

/**
 * Writes into a published poll which story or topic names it, so that an editor writes the connection only once.
 * Removes it from `before`, the poll that this owner had. Throws PollTaken if another public story or topic shows the poll.
 */
export async function keepPoll(
  transaction: Transaction,
  owner: PollOwner,
  before: string,
  poll: string,
): Promise<void> {
  const nowhere = { articleId: '', topicId: '' }
  if (before !== '' && before !== poll) {
    const place = await findPollPlace(transaction, before)
    if (place && isIn(place, owner)) await move(transaction, before, nowhere)
  }
  if (poll === '') return
  const place = await findPollPlace(transaction, poll)
  if (!place || isIn(place, owner)) return
  await requireFree(transaction, poll, place)
  await move(transaction, poll, { ...nowhere, ...owner })
}
