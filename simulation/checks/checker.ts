import type { RowChange } from '../rows'

/** Watches a run for one kind of rule, and reports by `World.problem`. */
export interface Checker {
  /** After each step that changed rows. `by`: the call or actor whose step it was. */
  changed?(changes: readonly RowChange[], by: string): void
  /** The database was opened again: its rows are those on disk. */
  restarted?(): void
  /** Nothing is on its way. */
  quiet?(): void
  /** At the end, when everything has healed and settled. */
  end?(): void
}
