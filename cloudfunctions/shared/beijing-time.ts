import { beijingOffset } from '#contract/beijing-offset'

const dayLength = 86_400_000

/** The Beijing calendar day of an instant (ms since 1970), as a number of days; the cloud's own clock runs on UTC. */
export const dayOf = (instant: number): number => Math.floor((instant + beijingOffset) / dayLength)

/** The instant (ms since 1970) at which a Beijing calendar day begins. */
export const startOfDay = (day: number): number => day * dayLength - beijingOffset

/** Seconds from an instant to the end of its Beijing day. */
export const secondsToMidnight = (instant: number): number =>
  Math.ceil((startOfDay(dayOf(instant) + 1) - instant) / 1000)

/** An instant as ISO 8601 with Beijing's offset, to the second: `2026-11-20T09:30:00+08:00`. */
export const isoTime = (instant: number): string =>
  `${new Date(instant + beijingOffset).toISOString().slice(0, 19)}+08:00`

const written = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2})$/

/** `2026-11-20 09:30`, Beijing time, to milliseconds since 1970; null for a time that does not exist. */
export function parseBeijingTime(text: string): number | null {
  const match = written.exec(text)
  if (!match) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number)
  const instant = Date.UTC(year, month - 1, day, hour, minute) - beijingOffset
  const back = new Date(instant + beijingOffset).toISOString()
  return back.slice(0, 16).replace('T', ' ') === text ? instant : null
}
