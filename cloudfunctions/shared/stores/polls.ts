import * as v from 'valibot'
import { ArticleId, TopicId } from '#contract/ids'
import { PollId, PollOption, type PollPlace, pollOptionsAtLeast, pollOptionsAtMost } from '#contract/poll'
import { db, type Transaction } from '../cloud'
import { EditorsTime, orNothing, rowReader } from './rows'

/** The collection of polls (云投), which editors fill. */
const polls = () => db.collection('polls')

/** A poll with a broken part is not shown at all, and the log says what to correct. */
const readRows = rowReader('poll')

const OptionRow = v.pipe(
  v.object({ ...PollOption.entries, picture: orNothing(v.unwrap(PollOption.entries.picture)) }),
  v.transform(({ picture, ...option }): PollOption => (picture ? { ...option, picture } : option)),
)

/** Also the fields of the form that the console draws (rules/models/polls.json). */
export const pollEntries = {
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
  choices: v.pipe(
    // '' is what a form writes for an empty field.
    v.optional(v.picklist(['', 'one', 'several', '单选', '多选']), 'one'),
    v.transform(choices =>
      choices === 'several' || choices === '多选' ? ('several' as const) : ('one' as const),
    ),
  ),
  opensAt: EditorsTime,
  closesAt: EditorsTime,
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
    return data ? readRows(PollRow, [data]) : []
  }
  const { data } = await polls().where(place).limit(atOnePlace).get()
  return readRows(PollRow, data)
}

/** A poll by its id. Null when it does not exist or its row is broken. */
export async function findPoll(id: string): Promise<Poll | null> {
  return (await listPolls({ pollId: id }))[0] ?? null
}

const PlaceRow = v.object({ articleId: v.fallback(v.string(), ''), topicId: v.fallback(v.string(), '') })

/** The ids of the story and the topic that show a poll; empty if none does. Null if the poll does not exist. */
export async function findPollPlace(
  transaction: Transaction,
  id: string,
): Promise<v.InferOutput<typeof PlaceRow> | null> {
  const { data } = await transaction.collection('polls').doc(id).get()
  return data ? v.parse(PlaceRow, data) : null
}

/** Assigns a poll to a story inside a transaction; '' removes it from its story. */
export async function placePoll(transaction: Transaction, id: string, articleId: string): Promise<void> {
  await transaction.collection('polls').doc(id).update({ data: { articleId } })
}
