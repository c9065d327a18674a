import type { Agenda } from '../shared/stores/agenda'
import { takeLease, writeClockState } from '../shared/stores/rankings'

/** Data that all tasks of a tick use. */
export interface Tick {
  now: number
  agenda: Agenda
  lease: Lease
}

/** Prevents two ticks from running at the same time. A tick acquires it once, before its first write. */
export interface Lease {
  /** Returns false if another tick holds it: the platform may fire a timer twice. */
  take(): Promise<boolean>
  release(): Promise<void>
}

/** Duration of the lease (ms). It is longer than a tick can run, so it expires only if a tick was killed. */
const leased = 70_000

export function createLease(now: number): Lease {
  let taken: Promise<boolean> | undefined
  return {
    take() {
      taken ??= takeLease(new Date(now), new Date(now + leased))
      return taken
    },
    async release() {
      if (await taken) await writeClockState({}, new Date(now))
    },
  }
}
