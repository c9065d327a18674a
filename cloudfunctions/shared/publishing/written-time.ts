import { beijingOffset } from '#contract/beijing-offset'

/** `2026-11-20 09:30`, Beijing time, as an editor writes it. */
export const writtenTime = (instant: number): string =>
  new Date(instant + beijingOffset).toISOString().slice(0, 16).replace('T', ' ')
