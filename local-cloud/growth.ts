/**
 * When a function gets another instance. A pool that waits for the database gains by one. A pool that is busy itself
 * does not: another instance takes CPU from those there are, because it has to be loaded, to warm up and to be switched
 * to (opening an article costs 1.7 ms of CPU among three instances, twice that among fourteen). A crowded pool therefore
 * grows only for calls that wait long, and ever more seldom while it stays crowded.
 */

/** Starting takes CPU from running calls: on a small machine many starts at once drove calls past their time limit. */
export const startsAtOnce = 2
/** A call that has waited this long (ms) is worth another instance. Short functions never wait so long. */
export const patience = 25
/** A pool is crowded from these shares of time on: the gateway's, the machine's, and the pool's instances'. */
export const gatewayBusy = 0.6
export const machineBusy = 0.8
export const instancesBusy = 0.35
/** In a crowded pool: how long (ms) a call waits, and how long the pauses between starts are. */
export const crowdedPatience = 1000
export const crowdedPause = 3000
export const longestCrowdedPause = 60_000
/** Over how long (ms) the shares are measured. */
export const busyWindow = 100

/** How busy event loops have been: 1 for each that never paused. */
export interface Load {
  /** The gateway's own. */
  gateway: number
  /** Those of all instances' threads. */
  threads: number
  /** Those of this function's threads. */
  pool: number
}

export interface GrowthState {
  /** How long (ms) the first call of this function has waited; null when none waits. */
  waited: number | null
  /** Instances of this function, those that are starting included. */
  pool: { size: number; starting: number }
  /** Instances of all functions. */
  all: { size: number; starting: number }
  /** Whether there is room for one more, be it by ending an idle one. */
  room: boolean
  processors: number
  /** Milliseconds since an instance was last started. */
  sinceStart: number
  /** Instances started one after another while crowded. */
  crowdedStarts: number
}

export type Growth =
  /** Start an instance now. */
  | { action: 'start'; crowdedStarts: number }
  /** Look again after so many ms. */
  | { action: 'wait'; ms: number; crowdedStarts: number }
  | { action: 'none'; crowdedStarts: number }

/** Whether more instances would mostly be in each other's way. An unknown load (null) counts as a high one. */
function isCrowded({ pool, processors }: GrowthState, load: Load | null): boolean {
  if (!load) return true
  return (
    load.gateway >= gatewayBusy ||
    load.gateway + load.threads >= machineBusy * processors ||
    load.pool >= instancesBusy * pool.size
  )
}

/**
 * Decides whether a function gets another instance now. `load` is asked for only where it matters: measuring costs.
 * `crowdedStarts` of the answer replaces the one of the state.
 */
export function decideGrowth(state: GrowthState, load: () => Load | null): Growth {
  const { waited, pool, all, room, processors, sinceStart, crowdedStarts } = state
  if (waited === null || all.starting >= startsAtOnce) return { action: 'none', crowdedStarts }
  // Even without room: a function must not wait for the others to become idle.
  if (pool.size === 0) return { action: 'start', crowdedStarts }
  if (pool.starting > 0) return { action: 'none', crowdedStarts }
  if (all.size <= processors || !isCrowded(state, load())) {
    if (waited < patience) return { action: 'wait', ms: patience - waited + 1, crowdedStarts: 0 }
    return { action: room ? 'start' : 'none', crowdedStarts: 0 }
  }
  const pause = Math.min(longestCrowdedPause, crowdedPause * 2 ** crowdedStarts)
  if (waited < crowdedPatience || sinceStart < pause) return { action: 'wait', ms: busyWindow, crowdedStarts }
  return room ? { action: 'start', crowdedStarts: crowdedStarts + 1 } : { action: 'none', crowdedStarts }
}
