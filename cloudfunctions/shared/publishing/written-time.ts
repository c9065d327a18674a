import { beijingOffset } from '#contract/beijing-offset'

/** Beijing time in the form that editors write: `2026-11-20 09:30`. */
export const writtenTime = (instant: number): string =>
  new Date(instant + beijingOffset).toISOString().slice(0, 16).replace('T', ' ')
