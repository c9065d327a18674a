/**
 * When a function gets another instance. A pool that waits for the database gains from one. A pool that is busy itself
 * does not: the new instance takes CPU from the existing ones, because it must be loaded, warm up and be switched to
 * (opening an article costs 1.7 ms of CPU among three instances, twice that among fourteen). A crowded pool therefore
 * grows only for calls that have waited long, and the pauses between its starts become longer.
 */

/**
 * Starting takes CPU from running calls. On a small machine many simultaneous starts pushed calls past their time
 * limit.
 */
export const startsAtOnce = 2
/** A call that has waited this long (ms) justifies another instance. Calls of short functions never wait so long. */
export const patience = 25
/**
 * Limits of busy time above which a pool counts as crowded: of the gateway, of the machine, and of the pool's
 * instances.
 */
export const gatewayBusy = 0.6
export const machineBusy = 0.8
export const instancesBusy = 0.35
/** In a crowded pool: how long (ms) a call must wait, and the first and the longest pause (ms) between starts. */
export const crowdedPatience = 1000
export const crowdedPause = 3000
export const longestCrowdedPause = 60_000
/** The period (ms) over which busy time is measured. */
export const busyWindow = 100

/** Busy time of event loops as a share: each loop that never pauses adds 1. */
export interface Load {
  /** The gateway's own loop. */
  gateway: number
  /** The loops of all instances' threads. */
  threads: number
  /** The loops of this function's threads. */
  pool: number
}

export interface GrowthState {
  /** How long (ms) the first waiting call of this function has waited; null when none waits. */
  waited: number | null
  /** Instances of this function, including those that are starting. */
  pool: { size: number; starting: number }
  /** Instances of all functions. */
  all: { size: number; starting: number }
  /** Whether one more instance fits, if necessary by ending an idle one. */
  room: boolean
  processors: number
  /** Milliseconds since the last start of an instance. */
  sinceStart: number
  /** Number of starts in a row while the pool was crowded. */
  crowdedStarts: number
}

export type Growth =
  /** Start an instance now. */
  | { action: 'start'; crowdedStarts: number }
  /** Decide again after this many ms. */
  | { action: 'wait'; ms: number; crowdedStarts: number }
  | { action: 'none'; crowdedStarts: number }

/** Whether more instances would mostly slow each other down. An unknown load (null) counts as high. */
function isCrowded({ pool, processors }: GrowthState, load: Load | null): boolean {
  if (!load) return true
  return (
    load.gateway >= gatewayBusy ||
    load.gateway + load.threads >= machineBusy * processors ||
    load.pool >= instancesBusy * pool.size
  )
}

/**
 * Decides whether a function gets another instance now. Calls `load` only when the decision needs it, because measuring
 * costs time. The caller stores the returned `crowdedStarts` in its state.
 */
export function decideGrowth(state: GrowthState, load: () => Load | null): Growth {
  const { waited, pool, all, room, processors, sinceStart, crowdedStarts } = state
  if (waited === null || all.starting >= startsAtOnce) return { action: 'none', crowdedStarts }
  // Even without room: a function must not wait until instances of other functions become idle.
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
