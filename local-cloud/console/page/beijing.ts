import { beijingOffset } from '#contract/beijing-offset'

/** Times as editors read and write them, whatever zone the browser is in. */

/** Milliseconds of a stored time: a number, or a date as extended JSON. Null for anything else. */
export function instantOf(stored: unknown): number | null {
  if (typeof stored === 'number' && stored > 0) return stored
  if (typeof stored !== 'object' || stored === null || !('$date' in stored)) return null
  const instant = typeof stored.$date === 'string' ? Date.parse(stored.$date) : Number.NaN
  return Number.isNaN(instant) ? null : instant
}

/** `2026-11-20T09:30`, as an input of the kind datetime-local shows it. */
export const toInput = (instant: number | null): string =>
  instant === null ? '' : new Date(instant + beijingOffset).toISOString().slice(0, 16)

/** Milliseconds since 1970; null for an empty input. */
export function fromInput(value: string): number | null {
  const instant = value === '' ? Number.NaN : Date.parse(`${value.slice(0, 16)}:00Z`) - beijingOffset
  return Number.isNaN(instant) ? null : instant
}

export const written = (instant: number): string => toInput(instant).replace('T', ' ')
