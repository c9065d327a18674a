import { beijingOffset } from '#contract/beijing-offset'

/** Smaller numbers are not milliseconds but seconds, or a date typed as 202611200930. */
const earliest = 1e12
const latest = Date.UTC(2100, 0, 1)

const clockTime = String.raw`(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?`
const dated = new RegExp(
  String.raw`^(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?:T|\s*)${clockTime}$`,
)
const undated = new RegExp(String.raw`^(\d{1,2})月(\d{1,2})日\s*${clockTime}$`)
const zoned = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/

/** Converts a Beijing time to milliseconds. Null if the date or the time of day does not exist. */
function atBeijing(year: number, month: number, day: number, hour: number, minute: number): number | null {
  const wall = new Date(Date.UTC(year, month - 1, day, hour, minute))
  const exists =
    wall.getUTCMonth() === month - 1 &&
    wall.getUTCDate() === day &&
    wall.getUTCHours() === hour &&
    wall.getUTCMinutes() === minute
  return exists ? wall.getTime() - beijingOffset : null
}

function fromText(text: string, now: number): number | null {
  if (/^\d{13}$/.test(text)) return Number(text)
  const iso = zoned.exec(text)
  if (iso) {
    const [year = 0, month = 0, day = 0] = iso.slice(1).map(Number)
    // Date.parse accepts 30 February as 2 March.
    return atBeijing(year, month, day, 0, 0) === null ? null : Date.parse(text)
  }
  const full = dated.exec(text)
  if (full) {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = full.slice(1).map(Number)
    return atBeijing(year, month, day, hour, minute)
  }
  const short = undated.exec(text)
  if (!short) return null
  const [month = 0, day = 0, hour = 0, minute = 0] = short.slice(1).map(Number)
  // A date without a year means the one nearest to now.
  const year = new Date(now + beijingOffset).getUTCFullYear()
  const near = [year - 1, year, year + 1].flatMap(one => atBeijing(one, month, day, hour, minute) ?? [])
  return near.sort((a, b) => Math.abs(a - now) - Math.abs(b - now))[0] ?? null
}

/**
 * A time in any form in which the console, a data model or an import may write it: a Date, `{"$date": …}`,
 * milliseconds, ISO text, or Beijing time such as `2026-11-20 09:30`, `2026/11/20 9:30` and `11月20日 9:30`.
 * Returns milliseconds since 1970; null if it is empty (forms write 0, "" or null); undefined if it is not a time.
 */
export function readTime(value: unknown, now: number): number | null | undefined {
  if (value === undefined || value === null || value === 0 || value === '') return null
  if (typeof value === 'object' && '$date' in value) return readTime(value.$date, now)
  if (typeof value === 'object' && '$numberLong' in value) return readTime(Number(value.$numberLong), now)
  let instant: number | null = null
  // `instanceof Date` fails in tests, where a Date may come from another realm.
  if (Object.prototype.toString.call(value) === '[object Date]') instant = (value as Date).getTime()
  else if (typeof value === 'number') instant = value
  else if (typeof value === 'string') {
    const text = value.normalize('NFKC').trim()
    if (text === '' || text === '0') return null
    instant = fromText(text, now)
  }
  if (instant === null || !Number.isFinite(instant)) return undefined
  return instant >= earliest && instant < latest ? Math.round(instant) : undefined
}
