import { beijingOffset } from '#contract/beijing-offset'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const two = (value: number): string => String(value).padStart(2, '0')

/** Formats milliseconds since 1970 as Beijing time, `2024-01-22 13:34`. Ignores the time zone of the phone or cloud. */
export function fullTime(instant: number): string {
  const shifted = new Date(instant + beijingOffset)
  const date = `${shifted.getUTCFullYear()}-${two(shifted.getUTCMonth() + 1)}-${two(shifted.getUTCDate())}`
  return `${date} ${two(shifted.getUTCHours())}:${two(shifted.getUTCMinutes())}`
}

/** Time in a list: `12分钟前`, `3小时前`, then the full time `2026-11-20 09:30`. */
export function listTime(instant: number, now: number): string {
  const age = now - instant
  if (age >= 0 && age < hour) return age < minute ? '刚刚' : `${Math.floor(age / minute)}分钟前`
  if (age >= 0 && age < day) return `${Math.floor(age / hour)}小时前`
  return fullTime(instant)
}
