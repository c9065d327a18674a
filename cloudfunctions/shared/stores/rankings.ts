import * as v from 'valibot'
import { ArticleId, Instant } from '#contract/ids'
import { type Mood, moodKeys } from '#contract/mood'
import { type RankingSpan, rankingSpanKeys } from '#contract/ranking'
import { command, type Document, db } from '../cloud'
import { isDuplicate } from '../failures'
import { rowReader } from './rows'

/** The rankings that the clock made last, one document per mood and span, and the clock's own notes. */
const rankings = () => db.collection('rankings')

const Count = v.pipe(v.number(), v.integer(), v.minValue(0))
const EntryRow = v.object({ id: ArticleId, count: Count, total: Count, publishedAt: Instant })

/** A story's place in a ranking: its votes for the mood and for all moods, within the span. */
export type Entry = v.InferOutput<typeof EntryRow>

/**
 * One ranking, by mood and span. It stores more entries than it shows, so that one that falls can be replaced; `floor`
 * is the highest entry dropped since the last full rebuild.
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

/** One ranking, or null when it was never made or is broken (logged). */
export async function findBoard(mood: Mood, span: RankingSpan): Promise<StoredBoard | null> {
  const { data } = await rankings().doc(boardId(mood, span)).get()
  return data ? readBoard(data) : null
}

/** All rankings by id, in one operation. */
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

const NotesRow = v.object({
  /** Until when (ms) the lease of a running tick holds. */
  leasedUntil: v.fallback(
    v.pipe(
      v.date(),
      v.transform(date => date.getTime()),
    ),
    0,
  ),
  /** The rankings contain all changes of shards up to this time (ms). */
  rolledUpTo: Time,
  /** The time (ms) of the newest change of a shard that was seen. */
  lastChange: Time,
  /** The hour and the Beijing day in which the rankings were last rebuilt. */
  hour: Time,
  day: Time,
  /** Whether a shown place may be wrong, so that all rankings must be rebuilt. */
  uncertain: v.fallback(v.boolean(), false),
  /** Subjects that changed up to this time (ms) were recounted, or have changed again since. */
  recountedUpTo: Time,
  /** A recount that did not fit into one tick: its position, and what it has counted so far (JSON of Sums). */
  recounting: v.fallback(
    v.nullable(v.object({ subject: v.string(), rev: v.number(), after: v.string(), counted: v.string() })),
    null,
  ),
  /** Subjects that could not be recounted because they kept changing, and since when (ms). For editors. */
  busy: v.fallback(v.array(v.object({ subject: v.string(), since: v.number() })), []),
})
export type ClockNotes = v.InferOutput<typeof NotesRow>

export const notesId = 'clock'

/** The clock's notes as stored. Empty ones when there are none or they are broken. */
export const notesOf = (row: unknown): ClockNotes => v.parse(NotesRow, row ?? {})

/** The clock's latest notes. */
export async function readNotes(): Promise<ClockNotes> {
  const { data } = await rankings().doc(notesId).get()
  return notesOf(data)
}

/** Makes empty notes, unless another tick was faster. */
export async function makeNotes(): Promise<void> {
  try {
    await rankings().add({ data: { _id: notesId, leasedUntil: new Date(0) } })
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
}

/** Takes the lease for one tick. False when another tick has it: the platform may fire a timer twice. */
export async function takeLease(now: Date, until: Date): Promise<boolean> {
  const { stats } = await rankings()
    .where({ _id: notesId, leasedUntil: command.lte(now) })
    .update({ data: { leasedUntil: until } })
  if (stats.updated > 0) return true
  try {
    await rankings().add({ data: { _id: notesId, leasedUntil: until } })
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

/** Notes how far the tick has come. */
export async function writeNotes(
  notes: Partial<Omit<ClockNotes, 'leasedUntil'>>,
  leasedUntil?: Date,
): Promise<void> {
  const { recounting, busy, ...rest } = notes
  const data: Record<string, unknown> = { ...rest, ...(leasedUntil ? { leasedUntil } : {}) }
  // `set` replaces the old value; a plain object would be merged into it.
  if (recounting !== undefined) data.recounting = recounting === null ? null : command.set(recounting)
  if (busy !== undefined) data.busy = command.set(busy)
  await rankings().doc(notesId).update({ data })
}
