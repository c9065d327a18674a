import * as v from 'valibot'
import { ArticleId, Instant } from '#contract/ids'
import { type Mood, moodKeys } from '#contract/mood'
import { type RankingSpan, rankingSpanKeys } from '#contract/ranking'
import { command, type Document, db } from '../cloud'
import { isDuplicate } from '../failures'
import { rowReader } from './rows'

/**
 * The collection of rankings: one document for each mood and span (24 hours, 7 days …). One more document holds the
 * state that the function `clock` needs in its next run. A run of `clock` is called a tick.
 */
const rankings = () => db.collection('rankings')

const Count = v.pipe(v.number(), v.integer(), v.minValue(0))
const EntryRow = v.object({ id: ArticleId, count: Count, total: Count, publishedAt: Instant })

/** A story's place in a ranking: its votes for the mood and for all moods, within the span. */
export type Entry = v.InferOutput<typeof EntryRow>

/**
 * The ranking of one mood and span. It stores more entries than readers see: when an entry loses votes, the next one
 * takes its place. `floor` is the highest entry dropped since the last full rebuild. If the last shown entry falls
 * below it, the ranking must be rebuilt.
 */
export interface Board {
  entries: Entry[]
  floor: Entry | null
}

const BoardRow = v.object({
  entries: v.array(EntryRow),
  floor: v.nullable(EntryRow),
  updatedAt: v.pipe(
    v.date(),
    v.transform(date => date.getTime()),
  ),
})

export const boardId = (mood: Mood, span: RankingSpan): string => `${mood}:${span}`
export const boardIds = moodKeys.flatMap(mood => rankingSpanKeys.map(span => boardId(mood, span)))

export type StoredBoard = v.InferOutput<typeof BoardRow>

const readRows = rowReader('ranking')
const readBoard = (row: Document): StoredBoard | null => readRows(BoardRow, [row])[0] ?? null

/** Reads one ranking. Returns null if the document does not exist or is malformed; the latter is logged. */
export async function findBoard(mood: Mood, span: RankingSpan): Promise<StoredBoard | null> {
  const { data } = await rankings().doc(boardId(mood, span)).get()
  return data ? readBoard(data) : null
}

/** Reads all rankings with one query. The map's keys are document ids. */
export async function listBoards(): Promise<Map<string, Board>> {
  const { data } = await rankings()
    .where({ _id: command.in(boardIds) })
    .limit(boardIds.length)
    .get()
  const found = new Map<string, Board>()
  for (const row of data) {
    const board = readBoard(row)
    if (board) found.set(row._id, { entries: board.entries, floor: board.floor })
  }
  return found
}

export async function putBoard(id: string, { entries, floor }: Board, at: Date): Promise<void> {
  await rankings()
    .doc(id)
    .set({ data: { entries, floor, updatedAt: at } })
}

const Time = v.fallback(v.number(), 0)

const ClockRow = v.object({
  /** The time (ms) at which the lease of the running tick expires. */
  leasedUntil: v.fallback(
    v.pipe(
      v.date(),
      v.transform(date => date.getTime()),
    ),
    0,
  ),
  /** The rankings include all changes of counts (shards of `votes`) up to this time (ms). */
  rolledUpTo: Time,
  /** The time (ms) of the newest change of a shard that a tick has read. */
  lastChange: Time,
  /** The hour and the Beijing day in which the rankings were last rebuilt. */
  hour: Time,
  day: Time,
  /** The Beijing day in which old shares were last summed. */
  summedOn: Time,
  /** The last Beijing day that has a summary (see summaries.ts), or that needs none. */
  summarisedUpTo: Time,
  /** The Beijing day in which the positions of the site map were last found. */
  mappedOn: Time,
  /** Whether the order in a ranking may be wrong, so that all rankings must be rebuilt. */
  uncertain: v.fallback(v.boolean(), false),
  /** All subjects (a story's moods, or a poll) without a change after this time (ms) have been recounted. */
  recountedUpTo: Time,
  /** A recount that one tick could not complete: its position, and its counts so far (`Sums` as JSON). */
  recounting: v.fallback(
    v.nullable(v.object({ subject: v.string(), rev: v.number(), after: v.string(), counted: v.string() })),
    null,
  ),
  /** Subjects that could not be recounted because readers kept voting, and since when (ms). Editors look at it. */
  busy: v.fallback(v.array(v.object({ subject: v.string(), since: v.number() })), []),
  /**
   * The rows and stories that the running tick handles, and how many ticks were killed meanwhile. Empty after a tick
   * that was not killed.
   */
  handling: v.fallback(v.array(v.object({ subject: v.string(), killed: v.number() })), []),
})
export type ClockState = v.InferOutput<typeof ClockRow>

export const clockStateId = 'clock'

/** Reads a stored document as the clock's state. A missing or malformed field gets its default. */
export const clockStateOf = (row: unknown): ClockState => v.parse(ClockRow, row ?? {})

/** Reads the clock's latest state. */
export async function readClockState(): Promise<ClockState> {
  const { data } = await rankings().doc(clockStateId).get()
  return clockStateOf(data)
}

/** Creates an empty state, unless it exists. */
export async function createClockState(): Promise<void> {
  try {
    await rankings().add({ data: { _id: clockStateId, leasedUntil: new Date(0) } })
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
}

/**
 * Takes the lease for one tick, and notes what it will handle. Returns false if another tick holds it: the platform may
 * fire a timer twice.
 */
export async function takeLease(now: Date, until: Date, handling?: ClockState['handling']): Promise<boolean> {
  const noted = handling ? { handling: command.set(handling) } : {}
  const { stats } = await rankings()
    .where({ _id: clockStateId, leasedUntil: command.lte(now) })
    .update({ data: { leasedUntil: until, ...noted } })
  if (stats.updated > 0) return true
  try {
    const data = { _id: clockStateId, leasedUntil: until, ...(handling ? { handling } : {}) }
    await rankings().add({ data })
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

/** Saves the progress of a tick. With `leasedUntil`, also changes the lease. */
export async function writeClockState(
  state: Partial<Omit<ClockState, 'leasedUntil'>>,
  leasedUntil?: Date,
): Promise<void> {
  const { recounting, busy, handling, ...rest } = state
  const data: Record<string, unknown> = { ...rest, ...(leasedUntil ? { leasedUntil } : {}) }
  // `update` merges a plain object into the old value; `command.set` replaces the old value.
  if (recounting !== undefined) data.recounting = recounting === null ? null : command.set(recounting)
  if (busy !== undefined) data.busy = command.set(busy)
  if (handling !== undefined) data.handling = command.set(handling)
  await rankings().doc(clockStateId).update({ data })
}
