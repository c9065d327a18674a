import * as v from 'valibot'
import { command, type Document, db, type Transaction } from '../cloud'
import type { Delta } from '../voting/ballot-change'

/**
 * The collection of ballots and of the shards their counts are summed from. They live together so that a page needs
 * one query for both: a reader's own choice and everybody's counts.
 */
const collection = 'votes'
const votes = () => db.collection(collection)

const Options = v.array(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,24}$/)))

const BallotRow = v.object({
  _id: v.string(),
  kind: v.literal('ballot'),
  subject: v.string(),
  /** The reader's salted hash: what a reader's own deletion finds ballots by. */
  reader: v.string(),
  options: Options,
  wish: v.pipe(v.number(), v.integer()),
  castAt: v.date(),
  /** Changes since `changesDay` began, against hammering. */
  changes: v.pipe(v.number(), v.integer()),
  changesDay: v.pipe(v.number(), v.integer()),
})
export type Ballot = v.InferOutput<typeof BallotRow>

const ShardRow = v.object({
  _id: v.string(),
  kind: v.literal('shard'),
  all: v.optional(v.record(v.string(), v.number()), {}),
})

export type ShardTotals = Record<string, number>

/** A subject's counts over all its shards. One shard may be negative, and so, for a moment, may a sum be shown as 0. */
export function sumOf(shards: readonly ShardTotals[]): Record<string, number> {
  const totals: Record<string, number> = {}
  for (const shard of shards) {
    for (const [option, count] of Object.entries(shard)) totals[option] = (totals[option] ?? 0) + count
  }
  return Object.fromEntries(Object.entries(totals).map(([option, count]) => [option, Math.max(0, count)]))
}

const shardId = (subject: string, shard: number): string => `${subject}:${shard}`

/** At most one ballot and 256 shards answer. */
const rowsAtMost = 300

/** A subject's counts, and the ballot of that id where one is given: one operation. */
export async function readVotes(
  subject: string,
  ballotId: string | null,
): Promise<{ counts: Record<string, number>; ballot: Pick<Ballot, 'options' | 'wish'> | null }> {
  const shards = { subject, kind: 'shard' }
  const { data } = await votes()
    .where(ballotId === null ? shards : command.or([{ _id: ballotId }, shards]))
    .field({ kind: true, all: true, options: true, wish: true })
    .limit(rowsAtMost)
    .get()
  const own = data.find(row => row.kind === 'ballot')
  const ballot = own && v.parse(v.pick(BallotRow, ['options', 'wish']), own)
  return {
    counts: sumOf(data.filter(row => row.kind === 'shard').map(row => v.parse(ShardRow, row).all)),
    ballot: ballot ?? null,
  }
}

/** The ballot of an id inside a transaction, or null. */
export async function findBallot(transaction: Transaction, id: string): Promise<Ballot | null> {
  const { data } = await transaction.collection(collection).doc(id).get()
  return data ? v.parse(BallotRow, data) : null
}

export async function putBallot(transaction: Transaction, { _id, ...ballot }: Ballot): Promise<void> {
  await transaction.collection(collection).doc(_id).set({ data: ballot })
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
