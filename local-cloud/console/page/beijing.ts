import { beijingOffset } from '#contract/beijing-offset'
import { readTime } from '../../../cloudfunctions/shared/publishing/read-time'

/** Converts times to and from Beijing time, whatever the browser's time zone is. */

/** Milliseconds since 1970 of a stored time, in every form that publishing reads. Null for anything else. */
export const instantOf = (stored: unknown): number | null => readTime(stored, Date.now()) ?? null

/** `2026-11-20T09:30`, with seconds if there are any: the format of an input of type datetime-local. */
export const toInput = (instant: number | null): string =>
  instant === null ? '' : new Date(instant + beijingOffset).toISOString().slice(0, 19).replace(/:00$/, '')

/** The last time that such an input takes. Without it, browsers take years of six digits. */
export const latestInput = '9999-12-31T23:59:59'

/** Milliseconds since 1970; null for an empty input. */
export function fromInput(value: string): number | null {
  const instant = value === '' ? Number.NaN : Date.parse(`${value}Z`) - beijingOffset
  return Number.isNaN(instant) ? null : instant
}

export const written = (instant: number): string => toInput(instant).slice(0, 16).replace('T', ' ')
