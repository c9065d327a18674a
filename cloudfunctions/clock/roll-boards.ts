import { moodKeys } from '#contract/mood'
import { rankingMinimum, rankingSpanKeys } from '#contract/ranking'
import { findTitles, type Title } from '../shared/stores/articles'
import {
  type Board,
  boardId,
  type ClockState,
  type Entry,
  listBoards,
  putBoard,
  writeClockState,
} from '../shared/stores/rankings'
import { listChangedShards, listShards } from '../shared/stores/votes'
import { addSums, noSums, type Sums } from '../shared/sums'
import { placeOnBoard } from '../shared/voting/board'
import { storyOf } from '../shared/voting/subject'
import { countsWithin } from '../shared/voting/windows'

/** How many entries a ranking stores: 1.5 times as many as it shows, to replace entries that lose their place. */
export const entriesKept = 150

/**
 * How far (ms) a run looks back before the end of the last one. A change carries the time at which its call began, and
 * may be committed after a change that began later. A cursor alone would miss it.
 */
export const overlap = 120_000

/** How many subjects' shards one operation reads. */
const subjectsAtOnce = 50

/** The sums of subjects over all their shards. */
async function sumSubjects(subjects: readonly string[]): Promise<Map<string, Sums>> {
  const sums = new Map<string, Sums>()
  for (let from = 0; from < subjects.length; from += subjectsAtOnce) {
    for (const shard of await listShards(subjects.slice(from, from + subjectsAtOnce))) {
      const sum = sums.get(shard.subject) ?? noSums()
      addSums(sum, shard)
      sums.set(shard.subject, sum)
    }
  }
  return sums
}

/** A story's entries in all rankings that it has enough votes for, each with the ranking's id. */
export function entriesOf(
  id: string,
  { publishedAt }: Title,
  countsIn: (span: (typeof rankingSpanKeys)[number]) => Record<string, number>,
): [board: string, entry: Entry][] {
  return rankingSpanKeys.flatMap(span => {
    const counts = countsIn(span)
    const total = moodKeys.reduce((sum, mood) => sum + Math.max(0, counts[mood] ?? 0), 0)
    return moodKeys.flatMap((mood): [string, Entry][] => {
      const count = counts[mood] ?? 0
      return count >= rankingMinimum ? [[boardId(mood, span), { id, count, total, publishedAt }]] : []
    })
  })
}

type ChangedShards = Awaited<ReturnType<typeof listChangedShards>>

/**
 * Updates the rankings with the stories whose shards changed, page by page, and saves after each page how far it came.
 * `first` is the first page, which the caller has read already. Returns the updated rankings and the time of the newest
 * change it saw.
 */
export async function rollBoards(
  first: ChangedShards,
  state: ClockState,
  now: number,
  deadline: number,
): Promise<{ boards: Board[]; lastChange: number }> {
  let { lastChange } = state
  if (first.shards.length === 0) return { boards: [], lastChange }
  const boards = await listBoards()
  let page = first
  for (;;) {
    const changed = [...new Set(page.shards.map(shard => storyOf(shard.subject)))].filter(id => id !== null)
    const touched = await rollStories(changed, boards, now)
    for (const id of touched) await putBoard(id, boards.get(id) as Board, new Date(now))
    for (const { changedAt } of page.shards) lastChange = Math.max(lastChange, changedAt)
    const { last } = page
    // The next run starts at this time minus the overlap: where this page ended.
    await writeClockState({ rolledUpTo: last ? Math.min(now, last.changedAt + overlap) : now, lastChange })
    if (!last || Date.now() >= deadline) return { boards: [...boards.values()], lastChange }
    page = await listChangedShards(0, last, null, [])
  }
}

/** Recounts stories and places them in the rankings, in place. Returns the ids of the rankings that changed. */
async function rollStories(
  stories: readonly string[],
  boards: Map<string, Board>,
  now: number,
): Promise<string[]> {
  if (stories.length === 0) return []
  const sums = await sumSubjects(stories.map(id => `mood:${id}`))
  const titles = await findTitles(stories)
  const entries = new Map<string, Entry[]>()
  for (const id of stories) {
    const title = titles.get(id)
    const sum = sums.get(`mood:${id}`)
    if (!title || !sum) continue
    for (const [board, entry] of entriesOf(id, title, span => countsWithin(sum, span, now))) {
      entries.set(board, [...(entries.get(board) ?? []), entry])
    }
  }
  const counted = new Set(stories)
  const touched: string[] = []
  for (const mood of moodKeys) {
    for (const span of rankingSpanKeys) {
      const id = boardId(mood, span)
      const before = boards.get(id) ?? { entries: [], floor: null }
      const after = placeOnBoard(before, counted, entries.get(id) ?? [], entriesKept)
      if (boards.has(id) && JSON.stringify(after) === JSON.stringify(before)) continue
      boards.set(id, after)
      touched.push(id)
    }
  }
  return touched
}
