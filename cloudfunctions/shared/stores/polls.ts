import * as v from 'valibot'
import { ArticleId, TopicId } from '#contract/ids'
import { PollId, PollOption, type PollPlace, pollOptionsAtLeast, pollOptionsAtMost } from '#contract/poll'
import { db, type Transaction } from '../cloud'
import { orNothing, shownRowReader, When } from './rows'

/** The polls (云投) as readers see them. Publishing makes them of the editors' rows in `polls`. */
const collection = 'publishedPolls'
const polls = () => db.collection(collection)

/** A poll with a broken part is not shown at all, and the log says what to correct. */
const readRows = shownRowReader('poll')

const OptionRow = v.pipe(
  v.object({ ...PollOption.entries, picture: orNothing(v.unwrap(PollOption.entries.picture)) }),
  v.transform(({ picture, ...option }): PollOption => (picture ? { ...option, picture } : option)),
)

const pollEntries = {
  _id: PollId,
  question: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)),
  options: v.pipe(
    v.array(OptionRow),
    v.minLength(pollOptionsAtLeast),
    v.maxLength(pollOptionsAtMost),
    v.check(
      options => new Set(options.map(({ key }) => key)).size === options.length,
      'two options, one key',
    ),
  ),
  choices: v.picklist(['one', 'several']),
  opensAt: When,
  closesAt: When,
  articleId: orNothing(ArticleId),
  topicId: orNothing(TopicId),
}

const PollRow = v.pipe(
  v.object(pollEntries),
  v.check(({ opensAt, closesAt }) => opensAt < closesAt, 'closes before it opens'),
  v.transform(({ _id, ...rest }) => ({ id: _id, ...rest })),
)
export type Poll = v.InferOutput<typeof PollRow>

/** How many polls of one place are read. */
const atOnePlace = 20

/** The polls of a place, without those whose rows are broken, in any order. One operation. */
export async function listPolls(place: PollPlace): Promise<Poll[]> {
  if ('pollId' in place) {
    const { data } = await polls().doc(place.pollId).get()
    return data?.state === 'published' ? readRows(PollRow, [data]) : []
  }
  const { data } = await polls()
    .where({ ...place, state: 'published' })
    .limit(atOnePlace)
    .get()
  return readRows(PollRow, data)
}

/** A poll by its id. Null when it does not exist or its row is broken. */
export async function findPoll(id: string): Promise<Poll | null> {
  return (await listPolls({ pollId: id }))[0] ?? null
}

const PlaceRow = v.object({ articleId: v.fallback(v.string(), ''), topicId: v.fallback(v.string(), '') })
/** Where a poll stands: the id of a story or of a topic, empty where it stands in none. */
export type PlaceOfPoll = v.InferOutput<typeof PlaceRow>

/** Where a poll stands. Null when it was never published. */
export async function findPollPlace(transaction: Transaction, id: string): Promise<PlaceOfPoll | null> {
  const { data } = await transaction.collection(collection).doc(id).get()
  return data ? v.parse(PlaceRow, data) : null
}

/** Puts a poll into a story or topic, or into none, inside a transaction. */
export async function placePoll(transaction: Transaction, id: string, place: PlaceOfPoll): Promise<void> {
  await transaction.collection(collection).doc(id).update({ data: place })
}

/**
 * Marks a poll as answered inside its first ballot's transaction, so that this transaction and a publication that
 * changes the options at the same time cannot both commit. Returns the poll as it is now; null when it is withdrawn.
 */
export async function markAnswered(transaction: Transaction, id: string): Promise<Poll | null> {
  const row = transaction.collection(collection).doc(id)
  const { data } = await row.get()
  if (data?.state !== 'published') return null
  await row.update({ data: { answered: true } })
  return readRows(PollRow, [data])[0] ?? null
}
