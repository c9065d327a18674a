import type { Agenda } from '../shared/stores/agenda'
import { takeLease, writeNotes } from '../shared/stores/rankings'

/** What the tasks of one tick share. */
export interface Tick {
  now: number
  agenda: Agenda
  lease: Lease
}

/** Keeps two clocks apart. A tick takes it once, before its first write. */
export interface Lease {
  /** False when another tick has it: the platform may fire a timer twice. */
  take(): Promise<boolean>
  release(): Promise<void>
}

/** How long (ms) a lease holds: longer than a tick can run, so that only a killed tick lets it expire. */
const leased = 70_000

export function createLease(now: number): Lease {
  let taken: Promise<boolean> | undefined
  return {
    take() {
      taken ??= takeLease(new Date(now), new Date(now + leased))
      return taken
    },
    async release() {
      if (await taken) await writeNotes({}, new Date(now))
    },
  }
}
