import * as v from 'valibot'
import { ArticleId, TopicId } from '#contract/ids'
import { PollId, PollOption, type PollPlace, pollOptionsAtLeast, pollOptionsAtMost } from '#contract/poll'
import { parseBeijingTime } from '../beijing-time'
import { db } from '../cloud'
import { rowReader } from './rows'

/** The collection of polls (云投), which editors fill. Times are dates, or text in Beijing time: `2026-11-20 09:30`. */
const polls = () => db.collection('polls')

/** A poll with a broken part is not shown at all, and the log says what to correct. */
const readRows = rowReader('poll')

const When = v.pipe(
  v.union([
    v.pipe(
      v.date(),
      v.transform(date => date.getTime()),
    ),
    v.pipe(v.string(), v.trim(), v.transform(parseBeijingTime)),
  ]),
  v.number('not a time such as 2026-11-20 09:30'),
)

/** A field that an editor may leave out or leave empty. */
const orNothing = <Output>(schema: v.GenericSchema<unknown, Output>) =>
  v.optional(
    v.union([
      schema,
      v.pipe(
        v.nullable(v.literal('')),
        v.transform(() => undefined),
      ),
    ]),
  )

const OptionRow = v.pipe(
  v.object({ ...PollOption.entries, picture: orNothing(v.unwrap(PollOption.entries.picture)) }),
  v.transform(({ picture, ...option }): PollOption => (picture ? { ...option, picture } : option)),
)

const PollRow = v.pipe(
  v.object({
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
    choices: v.optional(v.picklist(['one', 'several']), 'one'),
    opensAt: When,
    closesAt: When,
    articleId: orNothing(ArticleId),
    topicId: orNothing(TopicId),
  }),
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
