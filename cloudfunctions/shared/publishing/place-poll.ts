import { storyAddress, topicAddress } from '#contract/addresses'
import { db, type Transaction } from '../cloud'
import { readAgain } from '../retry'
import { noteRow } from '../stores/editors-rows'
import { findPollPlace, type PlaceOfPoll, type Poll, placePoll } from '../stores/polls'
import { findPublished } from '../stores/published'
import { findPublishedEntry } from '../stores/published-entries'
import { labels } from './read-draft'

/** Thrown to abort the transaction if another story or topic shows the row's poll. The message is for the editor. */
export class PollTaken extends Error {}

/** The story or topic that names a poll. */
export type PollOwner = { articleId: string } | { topicId: string }

const isIn = (place: PlaceOfPoll, owner: PollOwner): boolean =>
  'articleId' in owner ? place.articleId === owner.articleId : place.topicId === owner.topicId

/** Throws PollTaken where another story or topic shows the poll to readers. `own` is the draft that asks. */
async function requireFree(
  transaction: Transaction | typeof db,
  poll: string,
  { articleId, topicId }: PlaceOfPoll,
  own = '',
): Promise<void> {
  if (topicId !== '') {
    const topic = await findPublishedEntry(transaction, 'topics', topicId)
    if (topic?.state === 'published' && topic.poll === poll)
      throw new PollTaken(`${labels.poll}：已经用在专题《${topic.title}》里，请换一个云投`)
  }
  if (articleId !== '') {
    const story = await findPublished(transaction, articleId)
    if (story?.state === 'published' && story.poll === poll && (own === '' || story.draft !== own))
      throw new PollTaken(`${labels.poll}：已经用在文章《${story.title}》里，请换一个云投`)
  }
}

/** The problem for the editor of a draft or topic, if readers see its poll in another one. */
export async function takenPoll(
  { id, articleId = '', topicId = '' }: Poll,
  own: { draft: string; articleId: string } | { topicId: string },
): Promise<string[]> {
  if ('topicId' in own ? topicId === own.topicId : topicId === '' && articleId === own.articleId) return []
  try {
    await readAgain(() => requireFree(db, id, { articleId, topicId }, 'draft' in own ? own.draft : ''))
    return []
  } catch (error) {
    if (error instanceof PollTaken) return [error.message]
    throw error
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
