import { moodKeys } from '#contract/mood'
import { rankingSpanKeys } from '#contract/ranking'
import { dayOf } from '../shared/beijing-time'
import { daysKept, hourOf, hoursKept } from '../shared/buckets'
import { findTitles } from '../shared/stores/articles'
import { type Board, boardId, type Entry, listBoards, putBoard } from '../shared/stores/rankings'
import { listChangedShards, pruneShard, type Shard, type ShardPosition } from '../shared/stores/votes'
import type { Counts } from '../shared/sums'
import { placeOnBoard } from '../shared/voting/board'
import { storyOf } from '../shared/voting/subject'
import { countsWithin } from '../shared/voting/windows'
import { entriesKept, entriesOf } from './roll-boards'

const dayLength = 86_400_000

/** A shard that has not changed for this long (ms) counts in no window: its days are over. */
const liveFor = daysKept * dayLength

/** How many shards one run prunes, and how many at the same time. */
const prunedAtMost = 5_000
const pruneLanes = 6

type Span = (typeof rankingSpanKeys)[number]

/** The field paths of a shard's hours and days that no span counts and no ballot changes any more. */
function stalePaths({ hour, day }: Pick<Shard, 'hour' | 'day'>, now: number): string[] {
  // One bucket later than they expire: a vote that began before the hour ended may not be committed yet.
  const stale = (buckets: object, oldest: number): string[] =>
    Object.keys(buckets).filter(bucket => Number(bucket) < oldest)
  return [
    ...stale(hour, hourOf(now) - hoursKept).map(bucket => `hour.${bucket}`),
    ...stale(day, dayOf(now) - daysKept).map(bucket => `day.${bucket}`),
  ]
}

/**
 * Rebuilds rankings: all of them from all shards (`everything`), or those with a time window from the shards that
 * changed in the last 31 days (`live`). Prunes the shards it reads. Returns false and leaves the rankings as they were
 * when the time ran out.
 */
export async function remakeBoards(
  scope: 'everything' | 'live',
  now: number,
  deadline: number,
): Promise<boolean> {
  const spans: Span[] = rankingSpanKeys.filter(span => scope === 'everything' || span !== 'all')
  const from = scope === 'everything' ? 0 : now - liveFor
  const fields = ['hour', 'day', ...(scope === 'everything' ? (['all'] as const) : [])] as const
  const sums = new Map<string, Partial<Record<Span, Counts>>>()
  const stale = new Map<string, string[]>()
  let position: ShardPosition | null = null
  do {
    const page: Awaited<ReturnType<typeof listChangedShards>> = await listChangedShards(
      from,
      position,
      null,
      fields,
    )
    for (const shard of page.shards) {
      const story = storyOf(shard.subject)
      if (story !== null) addTo(sums, story, shard, spans, now)
      const paths = stalePaths(shard, now)
      if (paths.length > 0 && stale.size < prunedAtMost) stale.set(shard._id, paths)
    }
    if (Date.now() >= deadline) return false
    position = page.last
  } while (position)

  const titles = await findTitles([...sums.keys()])
  const made = new Map<string, Entry[]>()
  for (const [story, within] of sums) {
    const title = titles.get(story)
    if (!title) continue
    for (const [board, entry] of entriesOf(story, title, span => within[span] ?? {})) {
      const entries = made.get(board)
      if (entries) entries.push(entry)
      else made.set(board, [entry])
    }
  }
  const before = await listBoards()
  for (const mood of moodKeys) {
    for (const span of spans) {
      const id = boardId(mood, span)
      const board: Board = placeOnBoard(
        { entries: [], floor: null },
        new Set(),
        made.get(id) ?? [],
        entriesKept,
      )
      if (JSON.stringify(board) !== JSON.stringify(before.get(id))) await putBoard(id, board, new Date(now))
    }
  }
  await prune(stale, deadline)
  return true
}

/** Prunes until the deadline. The next run finds what is left. */
async function prune(stale: ReadonlyMap<string, string[]>, deadline: number): Promise<void> {
  const left = [...stale]
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next && Date.now() < deadline; next = left.shift())
      await pruneShard(...next)
  }
  await Promise.all(Array.from({ length: pruneLanes }, lane))
}

function addTo(
  sums: Map<string, Partial<Record<Span, Counts>>>,
  story: string,
  shard: Shard,
  spans: readonly Span[],
  now: number,
): void {
  const within = sums.get(story) ?? {}
  sums.set(story, within)
  for (const span of spans) {
    const counts = within[span] ?? {}
    within[span] = counts
    for (const [mood, count] of Object.entries(countsWithin(shard, span, now))) {
      counts[mood] = (counts[mood] ?? 0) + count
    }
  }
}
