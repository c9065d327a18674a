import * as v from 'valibot'
import { type Command, command, type Document, db, type Transaction } from '../cloud'
import { type Counts, type Delta, type Sums, sumOf } from '../sums'
import { rowReader } from './rows'

/**
 * The collection of ballots and of the shards their counts are summed from. They live together so that a page needs
 * one query for both: a reader's own choice and everybody's counts. `kind` says what a document is:
 *
 * - `ballot`: what one reader chose on one subject;
 * - `shard`: a part of a subject's counts. A change may go to any shard, so one shard may be negative: only the sum of
 *   all shards has a meaning. A recount stores its correction as a shard;
 * - `form`: the option keys a poll had when it was first answered;
 * - `forgotten`: the note that a reader deleted all votes. The clock removes it after eight days.
 */
const collection = 'votes'
const votes = () => db.collection(collection)

/** The most documents that one query returns. */
const queryLimit = 1000

const OptionKeys = v.array(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,24}$/)))
const Whole = v.pipe(v.number(), v.integer())

const BallotRow = v.object({
  _id: v.string(),
  kind: v.literal('ballot'),
  subject: v.string(),
  /** The reader's salted hash. The deletion of a reader's votes finds ballots by it. */
  reader: v.string(),
  options: OptionKeys,
  revision: Whole,
  /** When the reader first voted on the subject. The daily limit counts ballots by it. */
  firstAt: v.date(),
  /** When the present choice was made. It determines the buckets in which the choice is counted. */
  castAt: v.date(),
  /** Changes since `changesDay` began, to limit very frequent changes. */
  changes: Whole,
  changesDay: Whole,
  /**
   * The epoch (`at` of the note) of the deletion that the vote's query had seen; 0 without one. A deletion removes
   * ballots with another epoch.
   */
  epoch: v.optional(Whole, 0),
})
export type Ballot = v.InferOutput<typeof BallotRow>

const CountsRow = v.record(v.string(), v.number())
const BucketsRow = v.optional(v.record(v.string(), CountsRow), {})

const ShardRow = v.object({
  _id: v.string(),
  subject: v.string(),
  all: v.optional(CountsRow, {}),
  hour: BucketsRow,
  day: BucketsRow,
  /** Grows with every change, so that a recount sees whether somebody voted meanwhile. */
  rev: v.optional(Whole, 0),
  changedAt: v.pipe(
    v.date(),
    v.transform(date => date.getTime()),
  ),
})
export type Shard = v.InferOutput<typeof ShardRow>

const FormRow = v.object({ options: OptionKeys, choices: v.picklist(['one', 'several']) })
/** The parts of a poll that must not change once somebody has answered. */
export type PollForm = v.InferOutput<typeof FormRow>

const shardId = (subject: string, shard: number): string => `${subject}:${shard}`
const formId = (subject: string): string => `${subject}:form`
/** A document of its own, so that votes never wait for a recount. It is replaced, so setting it twice is harmless. */
const correctionId = (subject: string): string => `${subject}:correction`

const readRows = rowReader('vote')

const TotalsRow = v.object({ all: v.optional(CountsRow, {}) })
const OwnRow = v.pick(BallotRow, ['options', 'revision'])

export interface SubjectVotes {
  counts: Counts
  ballot: v.InferOutput<typeof OwnRow> | null
  form: PollForm | null
}

/** The condition that matches a subject's shards and form. */
const countsOf = (subject: string): object => ({ subject, kind: command.in(['shard', 'form']) })
const shownFields = { kind: true, all: true, options: true, revision: true, choices: true }

const ofKind = (rows: readonly Document[], kind: string): Document[] => rows.filter(row => row.kind === kind)

function subjectVotes(rows: readonly Document[], own: readonly Document[]): SubjectVotes {
  return {
    counts: sumOf(readRows(TotalsRow, ofKind(rows, 'shard')).map(({ all }) => all)),
    ballot: readRows(OwnRow, own)[0] ?? null,
    form: readRows(FormRow, ofKind(rows, 'form'))[0] ?? null,
  }
}

/** Reads a subject's counts, the ballot with this id (if not null) and a poll's form, in one operation. */
export async function readVotes(subject: string, ballotId: string | null): Promise<SubjectVotes> {
  const common = countsOf(subject)
  const { data } = await votes()
    .where(ballotId === null ? common : command.or([{ _id: ballotId }, common]))
    .field(shownFields)
    .limit(queryLimit)
    .get()
  return subjectVotes(data, ofKind(data, 'ballot'))
}

const NoteRow = v.object({
  at: Whole,
  revision: Whole,
  begun: Whole,
  begunDay: Whole,
})

/** The record that a reader deleted all votes. */
export interface DeletionNote {
  /** The deletion's epoch: when it began, in ms of the cloud's clock. */
  at: number
  /** The highest revision among the removed ballots, to recognise late repeats from clients that send no epoch. */
  revision: number
  /**
   * The number of subjects on which the reader first voted on the Beijing day `begunDay`; they still count against the
   * limit.
   */
  begun: number
  begunDay: number
}

/** Everything that casting a ballot needs to know. */
export interface VotesBefore extends SubjectVotes {
  /** Whether the ballot's row exists, even a broken one. */
  exists: boolean
  /** The epochs of the reader's other ballots that were first cast since the given time. */
  begunUnder: readonly number[]
  note: DeletionNote | null
}

const epochOf = ({ epoch }: Document): number => (typeof epoch === 'number' ? epoch : 0)

const noteIn = (rows: readonly Document[]): DeletionNote | null =>
  readRows(NoteRow, ofKind(rows, 'forgotten'))[0] ?? null

const ownFields = { firstAt: true, epoch: true, at: true, begun: true, begunDay: true }

/**
 * Reads what `readVotes` reads and the ballots that the reader first cast since a time, in one operation. These are at
 * most 258 rows of the subject, 300 ballots (the daily limit) and a note: less than a query's limit.
 */
export async function readBeforeVote(
  subject: string,
  ballotId: string,
  reader: string,
  since: Date,
): Promise<VotesBefore> {
  const { data } = await votes()
    .where(command.or([{ _id: ballotId }, countsOf(subject), { reader, firstAt: command.gte(since) }]))
    .field({ ...shownFields, ...ownFields })
    .limit(queryLimit)
    .get()
  const own = data.filter(row => row._id === ballotId)
  return {
    ...subjectVotes(data, own),
    exists: own.length > 0,
    begunUnder: ofKind(data, 'ballot')
      .filter(row => row._id !== ballotId)
      .map(epochOf),
    note: noteIn(data),
  }
}

/** What a reader first voted on since a time: the epochs of those ballots, and the note of an earlier deletion. */
export async function readBegun(
  reader: string,
  since: Date,
): Promise<{ begunUnder: number[]; note: DeletionNote | null }> {
  const { data } = await votes()
    .where({ reader, firstAt: command.gte(since) })
    .field({ kind: true, revision: true, ...ownFields })
    .limit(queryLimit)
    .get()
  return { begunUnder: ofKind(data, 'ballot').map(epochOf), note: noteIn(data) }
}

/** The ballot of an id inside a transaction. Null when it does not exist, or when its row is broken (logged). */
export async function findBallot(transaction: Transaction, id: string): Promise<Ballot | null> {
  const { data } = await transaction.collection(collection).doc(id).get()
  return data ? (readRows(BallotRow, [data])[0] ?? null) : null
}

/** Creates a ballot inside a transaction. Fails as a duplicate if another call has created it meanwhile. */
export async function addBallot(transaction: Transaction, ballot: Ballot): Promise<void> {
  await transaction.collection(collection).add({ data: ballot })
}

export async function putBallot(transaction: Transaction, { _id, ...ballot }: Ballot): Promise<void> {
  await transaction.collection(collection).doc(_id).set({ data: ballot })
}

export async function removeBallot(transaction: Transaction, id: string): Promise<void> {
  await transaction.collection(collection).doc(id).remove()
}

function newShard(id: string, subject: string, delta: Delta, at: Date): Document {
  const shard: Record<string, unknown> & Document = { _id: id, kind: 'shard', subject, rev: 1, changedAt: at }
  for (const [path, by] of Object.entries(delta)) {
    const keys = path.split('.')
    const last = keys.pop() as string
    let at: Record<string, unknown> = shard
    for (const key of keys) {
      at[key] ??= {}
      at = at[key] as Record<string, unknown>
    }
    at[last] = by
  }
  return shard
}

/**
 * Adds amounts to a shard inside a transaction. If the update changed nothing, the shard does not exist yet and is
 * created. A plain `set` would overwrite the counts of another call.
 */
export async function addToShard(
  transaction: Transaction,
  subject: string,
  shard: number,
  delta: Delta,
  at: Date,
): Promise<void> {
  const id = shardId(subject, shard)
  const shards = transaction.collection(collection)
  const data: Record<string, unknown> = { rev: command.inc(1), changedAt: at }
  for (const [path, by] of Object.entries(delta)) data[path] = command.inc(by)
  const { stats } = await shards.doc(id).update({ data })
  if (stats.updated === 0) await shards.add({ data: newShard(id, subject, delta, at) })
}

/** A poll's form, inside a transaction; null before the first answer. */
export async function findForm(transaction: Transaction, subject: string): Promise<PollForm | null> {
  const { data } = await transaction.collection(collection).doc(formId(subject)).get()
  return data ? v.parse(FormRow, data) : null
}

/** Fixes a poll's form with its first ballot, inside that ballot's transaction. Returns the stored form. */
export async function fixForm(transaction: Transaction, subject: string, form: PollForm): Promise<PollForm> {
  const rows = transaction.collection(collection)
  const { data } = await rows.doc(formId(subject)).get()
  if (data) return v.parse(FormRow, data)
  await rows.add({ data: { _id: formId(subject), kind: 'form', subject, ...form } })
  return form
}

/**
 * At most `count` of a reader's ballots with another epoch; with `madeBefore`, only choices made before that time.
 * Returns ids, subjects and revisions, also of broken rows, because a deletion must remove those too.
 */
export async function listBallotsBefore(
  reader: string,
  epoch: number,
  count: number,
  madeBefore?: Date,
): Promise<{ id: string; subject: string; revision: number }[]> {
  const { data } = await votes()
    .where({
      reader,
      kind: 'ballot',
      epoch: command.neq(epoch),
      ...(madeBefore ? { castAt: command.lt(madeBefore) } : {}),
    })
    .field({ subject: true, revision: true })
    .limit(count)
    .get()
  return data.map(({ _id, subject, revision }) => ({
    id: _id,
    subject: typeof subject === 'string' ? subject : '',
    revision: typeof revision === 'number' ? revision : 0,
  }))
}

/**
 * Writes a deletion's note and replaces an older one. The query for the reader's daily limit finds it until it expires.
 */
export async function writeNote(
  id: string,
  reader: string,
  note: DeletionNote,
  expires: Date,
): Promise<void> {
  await votes()
    .doc(id)
    .set({ data: { kind: 'forgotten', subject: 'forgotten', reader, firstAt: expires, ...note } })
}

/** Raises the revision up to which calls without an epoch are treated as late repeats. */
export async function raiseNote(id: string, revision: number): Promise<void> {
  await votes()
    .doc(id)
    .update({ data: { revision: command.max(revision) } })
}

/** At most `count` notes that expired before a time. */
export async function listExpiredNotes(
  before: Date,
  count: number,
): Promise<{ id: string; reader: string; at: number }[]> {
  const { data } = await votes()
    .where({ subject: 'forgotten', kind: 'forgotten', firstAt: command.lt(before) })
    .field({ reader: true, at: true })
    .limit(count)
    .get()
  return data.map(({ _id, reader, at }) => ({
    id: _id,
    reader: typeof reader === 'string' ? reader : '',
    at: typeof at === 'number' ? at : 0,
  }))
}

/** Removes a note, unless a later deletion has replaced it. */
export async function removeNote(id: string, at: number): Promise<void> {
  await votes().where({ _id: id, at }).remove()
}

/** A place in the order of shards by their last change. */
export interface ShardPosition {
  changedAt: number
  id: string
}

/**
 * Shards in the order of their last change: those changed at `from` or later, or those after a position. Only the
 * fields asked for are filled. At most 1,000; `last` is null at the end. One operation.
 */
export async function listChangedShards(
  from: number,
  after: ShardPosition | null,
  to: number | null,
  fields: readonly ('all' | 'hour' | 'day' | `day.${number}`)[],
): Promise<{ shards: Shard[]; last: ShardPosition | null }> {
  const upTo = to === null ? [] : [{ changedAt: command.lte(new Date(to)) }]
  const start: object | Command = after
    ? command.or([
        { kind: 'shard', changedAt: command.gt(new Date(after.changedAt)) },
        { kind: 'shard', changedAt: new Date(after.changedAt), _id: command.gt(after.id) },
      ])
    : { kind: 'shard', changedAt: command.gte(new Date(from)) }
  const { data } = await votes()
    .where(upTo.length > 0 ? command.and([start, ...upTo]) : start)
    .orderBy('changedAt', 'asc')
    .orderBy('_id', 'asc')
    .field({ subject: true, changedAt: true, ...Object.fromEntries(fields.map(field => [field, true])) })
    .limit(queryLimit)
    .get()
  const last = data.at(-1)
  return {
    shards: readRows(ShardRow, data),
    last:
      last && data.length >= queryLimit && last.changedAt instanceof Date
        ? { changedAt: last.changedAt.getTime(), id: last._id }
        : null,
  }
}

/**
 * All shards of some subjects. One operation for up to 1,000 shards; for more, each half of the subjects is read
 * separately.
 */
export async function listShards(subjects: readonly string[]): Promise<Shard[]> {
  if (subjects.length === 0) return []
  const { data } = await votes()
    .where({ subject: command.in(subjects), kind: 'shard' })
    .limit(queryLimit)
    .get()
  if (data.length < queryLimit || subjects.length === 1) return readRows(ShardRow, data)
  const half = Math.ceil(subjects.length / 2)
  return [...(await listShards(subjects.slice(0, half))), ...(await listShards(subjects.slice(half)))]
}

const CountedRow = v.pick(BallotRow, ['options', 'castAt'])

/** A subject's ballots after an id, by id, with what a recount needs. `last` is null at the end. */
export async function listBallots(
  subject: string,
  after: string | null,
): Promise<{ ballots: v.InferOutput<typeof CountedRow>[]; last: string | null }> {
  const { data } = await votes()
    .where({ subject, kind: 'ballot', ...(after === null ? {} : { _id: command.gt(after) }) })
    .orderBy('_id', 'asc')
    .field({ options: true, castAt: true })
    .limit(queryLimit)
    .get()
  return {
    ballots: readRows(CountedRow, data),
    last: data.length < queryLimit ? null : (data.at(-1)?._id ?? null),
  }
}

/** Removes expired buckets from a shard. `rev` stays the same, because no current count changes. */
export async function pruneShard(id: string, paths: readonly string[]): Promise<void> {
  await votes()
    .doc(id)
    .update({ data: Object.fromEntries(paths.map(path => [path, command.remove()])) })
}

/** Whether a shard is a subject's correction. */
export const isCorrection = ({ _id, subject }: Pick<Shard, '_id' | 'subject'>): boolean =>
  _id === correctionId(subject)

/** Replaces a subject's correction by the difference between its ballots and its other shards. */
export async function setCorrection(subject: string, sums: Sums, at: Date): Promise<void> {
  await votes()
    .doc(correctionId(subject))
    .set({ data: { kind: 'shard', subject, ...sums, rev: 0, changedAt: at } })
}
