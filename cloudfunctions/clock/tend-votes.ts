import { rankingLength } from '#contract/ranking'
import { dayOf } from '../shared/beijing-time'
import { hourOf } from '../shared/buckets'
import { writeClockState } from '../shared/stores/rankings'
import { listChangedShards } from '../shared/stores/votes'
import { isCertain } from '../shared/voting/board'
import { pruneNotes } from '../shared/voting/forget'
import { cooledFor, recountChanged } from './recount'
import { remakeBoards } from './remake-boards'
import { overlap, rollBoards } from './roll-boards'
import type { Tick } from './tick'

/**
 * Keeps rankings and counts correct. Updates the rankings with what changed, rebuilds them once an hour (a time window
 * moves on even without a vote), prunes old hours and days, and recounts quiet subjects. Makes one request when there
 * is nothing to do.
 */
export async function tendVotes({ now, agenda: { state }, lease }: Tick, deadline: number): Promise<void> {
  const first = await listChangedShards(Math.max(0, state.rolledUpTo - overlap), null, null, [])
  const newHour = hourOf(now) !== state.hour
  const newDay = dayOf(now) !== state.day
  const isDue = (lastChange: number): boolean =>
    state.recounting !== null ||
    (lastChange > state.recountedUpTo && now - cooledFor >= state.recountedUpTo + cooledFor)
  if (first.shards.length === 0 && !newHour && !newDay && !state.uncertain && !isDue(state.lastChange)) return
  if (!(await lease.take())) return
  const { boards, lastChange } = await rollBoards(first, state, now, deadline)
  const uncertain = state.uncertain || !boards.every(board => isCertain(board, rankingLength))
  if (uncertain !== state.uncertain) await writeClockState({ uncertain })
  // Rebuilds all rankings once a day and when places are uncertain, else only those with a time window, each hour.
  const scope = newDay || uncertain ? 'everything' : 'live'
  if ((newHour || newDay || uncertain) && (await remakeBoards(scope, now, deadline))) {
    await writeClockState({
      hour: hourOf(now),
      ...(scope === 'everything' ? { day: dayOf(now), uncertain: false } : {}),
    })
    await pruneNotes(now, deadline)
  }
  if (isDue(lastChange) && Date.now() < deadline) await recountChanged(state, now, deadline)
}
