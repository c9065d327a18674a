import * as v from 'valibot'
import { type Command, command, type Document, db, type Transaction } from '../cloud'
import { type Counts, type Delta, type Sums, sumOf } from '../sums'
import { rowReader } from './rows'

/**
 * The collection of ballots and of the shards their counts are summed from. They live together so that a page needs
 * one query for both: a reader's own choice and everybody's counts. `kind` says what a document is:
 *
 * - `ballot`: what one reader chose on one subject;
 * - `shard`: a part of a subject's counts. Any shard may take any change, and may be negative; only sums mean
 *   something. The correction a recount left is one of them;
 * - `form`: the option keys a poll had when it was first answered;
 * - `forgotten`: the note that a reader had all ballots removed, until the end of that day.
 */
const collection = 'votes'
const votes = () => db.collection(collection)

/** What one query answers at most. */
const queryLimit = 1000

const OptionKeys = v.array(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,24}$/)))
const Whole = v.pipe(v.number(), v.integer())

const BallotRow = v.object({
  _id: v.string(),
  kind: v.literal('ballot'),
  subject: v.string(),
  /** The reader's salted hash: what a reader's own deletion finds ballots by. */
  reader: v.string(),
  options: OptionKeys,
  wish: Whole,
  /** When the reader first voted on the subject: what a day's limit counts. */
  firstAt: v.date(),
  /** When the present choice was made: the buckets it is counted in. */
  castAt: v.date(),
  /** Changes since `changesDay` began, against hammering. */
  changes: Whole,
  changesDay: Whole,
  /** The deletion the vote's query had seen (`at` of the note), 0 without one: what a deletion tells older ballots by. */
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
  /** Grows with every change: what tells a recount that nobody voted meanwhile. */
  rev: v.optional(Whole, 0),
  changedAt: v.pipe(
    v.date(),
    v.transform(date => date.getTime()),
  ),
})
export type Shard = v.InferOutput<typeof ShardRow>

const FormRow = v.object({ options: OptionKeys, choices: v.picklist(['one', 'several']) })
/** What of a poll may not change any more once it has been answered. */
export type Form = v.InferOutput<typeof FormRow>

const shardId = (subject: string, shard: number): string => `${subject}:${shard}`
const formId = (subject: string): string => `${subject}:form`
/** A document of its own, so that votes never wait for a recount and setting it twice is setting it once. */
const correctionId = (subject: string): string => `${subject}:correction`

const readRows = rowReader('vote')

const TotalsRow = v.object({ all: v.optional(CountsRow, {}) })
const OwnRow = v.pick(BallotRow, ['options', 'wish'])

export interface SubjectVotes {
  counts: Counts
  ballot: v.InferOutput<typeof OwnRow> | null
  form: Form | null
}

/** Where a subject's shards and form are. */
const countsOf = (subject: string): object => ({ subject, kind: command.in(['shard', 'form']) })
const shownFields = { kind: true, all: true, options: true, wish: true, choices: true }

const ofKind = (rows: readonly Document[], kind: string): Document[] => rows.filter(row => row.kind === kind)

function subjectVotes(rows: readonly Document[], own: readonly Document[]): SubjectVotes {
  return {
    counts: sumOf(readRows(TotalsRow, ofKind(rows, 'shard')).map(({ all }) => all)),
    ballot: readRows(OwnRow, own)[0] ?? null,
    form: readRows(FormRow, ofKind(rows, 'form'))[0] ?? null,
  }
}

/** A subject's counts, the ballot of that id where one is given, and a poll's form: one operation. */
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
  wish: Whole,
  begun: Whole,
  begunDay: Whole,
})

/** The note that a reader had every ballot removed. */
export interface DeletionNote {
  /** The deletion's epoch: when it began, in ms of the cloud's clock. */
  at: number
  /** The highest revision among the removed ballots: what tells late repeats of clients that send no epoch. */
  wish: number
  /** How many subjects the reader had begun on the Beijing day `begunDay`: they still count against its limit. */
  begun: number
  begunDay: number
}

/** What there is to know before a ballot is cast. */
export interface VotesBefore extends SubjectVotes {
  /** Whether the ballot's row is there, be it a broken one. */
  exists: boolean
  /** The epochs of the reader's other ballots that were begun since the time asked for. */
  begunUnder: readonly number[]
  note: DeletionNote | null
}

const epochOf = ({ epoch }: Document): number => (typeof epoch === 'number' ? epoch : 0)

const noteIn = (rows: readonly Document[]): DeletionNote | null =>
  readRows(NoteRow, ofKind(rows, 'forgotten'))[0] ?? null

const ownFields = { firstAt: true, epoch: true, at: true, begun: true, begunDay: true }

/**
 * What `readVotes` reads and, in the same operation, what the reader began since a time. That is 300 rows at most (the
 * limit of a day) and a note beside the 258 a subject can have: less than a query answers.
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

/** What a reader began since a time: the epochs of those ballots, and the note of an earlier deletion. */
export async function readBegun(
  reader: string,
  since: Date,
): Promise<{ begunUnder: number[]; note: DeletionNote | null }> {
  const { data } = await votes()
    .where({ reader, firstAt: command.gte(since) })
    .field({ kind: true, wish: true, ...ownFields })
    .limit(queryLimit)
    .get()
  return { begunUnder: ofKind(data, 'ballot').map(epochOf), note: noteIn(data) }
}

/** The ballot of an id inside a transaction, or null; also null, and logged, where its row is broken. */
export async function findBallot(transaction: Transaction, id: string): Promise<Ballot | null> {
  const { data } = await transaction.collection(collection).doc(id).get()
  return data ? (readRows(BallotRow, [data])[0] ?? null) : null
}

/** Creates a ballot inside a transaction. Fails as a duplicate where another call has made it meanwhile. */
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
 * Adds amounts to a shard inside a transaction. A shard that is not there yet is created after the update touched
 * none, never by a plain `set`, which would wipe another's count.
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

/** Fixes a poll's form with its first ballot, inside that ballot's transaction. Returns the form that holds. */
export async function fixForm(transaction: Transaction, subject: string, form: Form): Promise<Form> {
  const rows = transaction.collection(collection)
  const { data } = await rows.doc(formId(subject)).get()
  if (data) return v.parse(FormRow, data)
  await rows.add({ data: { _id: formId(subject), kind: 'form', subject, ...form } })
  return form
}

/**
 * Some of a reader's ballots that were not cast under an epoch, where a time is given only choices made before that:
 * ids, subjects and revisions. Broken ones too: they are to be removed like the others.
 */
export async function listBallotsBefore(
  reader: string,
  epoch: number,
  count: number,
  madeBefore?: Date,
): Promise<{ id: string; subject: string; wish: number }[]> {
  const { data } = await votes()
    .where({
      reader,
      kind: 'ballot',
      epoch: command.neq(epoch),
      ...(madeBefore ? { castAt: command.lt(madeBefore) } : {}),
    })
    .field({ subject: true, wish: true })
    .limit(count)
    .get()
  return data.map(({ _id, subject, wish }) => ({
    id: _id,
    subject: typeof subject === 'string' ? subject : '',
    wish: typeof wish === 'number' ? wish : 0,
  }))
}

/** Writes a deletion's note, which takes the place of an older one. A reader's limit query finds it until it expires. */
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

/** Raises the revision below which calls without an epoch are late repeats. */
export async function raiseNote(id: string, wish: number): Promise<void> {
  await votes()
    .doc(id)
    .update({ data: { wish: command.max(wish) } })
}

/** Some of the notes that expired before a time. */
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

/** Removes a note, unless a later deletion has taken its place. */
export async function removeNote(id: string, at: number): Promise<void> {
  await votes().where({ _id: id, at }).remove()
}

/** A place in the order of shards by their last change. */
export interface ShardPosition {
  changedAt: number
  id: string
}

/**
 * Shards in the order of their last change: those changed at `from` or later and, going on, after a position; with the
 * fields asked for, the others empty. At most 1,000; `last` is null at the end. One operation.
 */
export async function listChangedShards(
  from: number,
  after: ShardPosition | null,
  to: number | null,
  fields: readonly ('all' | 'hour' | 'day')[],
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

/** All shards of some subjects. One operation for up to 1,000 shards; more are asked for in halves. */
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

/** Takes buckets nobody counts any more out of a shard. Its `rev` stays: no count that is looked at changes. */
export async function pruneShard(id: string, paths: readonly string[]): Promise<void> {
  await votes()
    .doc(id)
    .update({ data: Object.fromEntries(paths.map(path => [path, command.remove()])) })
}

/** Whether a shard is a subject's correction. */
export const isCorrection = ({ _id, subject }: Pick<Shard, '_id' | 'subject'>): boolean =>
  _id === correctionId(subject)

/** Sets, absolutely, what a subject's other shards lack to what its ballots say. */
export async function setCorrection(subject: string, sums: Sums, at: Date): Promise<void> {
  await votes()
    .doc(correctionId(subject))
    .set({ data: { kind: 'shard', subject, ...sums, rev: 0, changedAt: at } })
}
