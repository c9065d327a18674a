import { beijingOffset } from '#contract/beijing-offset'
import { withoutUnseen } from './body/unseen-characters'

/** Smaller numbers are not milliseconds but seconds, or a date typed as 202611200930. */
const earliest = 1e12
const latest = Date.UTC(2100, 0, 1) - beijingOffset

const clockTime = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?`
const dated = new RegExp(
  String.raw`^(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?:T|\s*)${clockTime}$`,
)
const undated = new RegExp(String.raw`^(\d{1,2})月(\d{1,2})日\s*${clockTime}$`)
const zoned = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/

/** Converts a Beijing time to milliseconds. Null if the date or the time of day does not exist. */
function atBeijing(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second = 0,
): number | null {
  const wall = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  const exists =
    wall.getUTCMonth() === month - 1 &&
    wall.getUTCDate() === day &&
    wall.getUTCHours() === hour &&
    wall.getUTCMinutes() === minute &&
    wall.getUTCSeconds() === second
  return exists ? wall.getTime() - beijingOffset : null
}

const numbersOf = (match: RegExpExecArray): number[] => match.slice(1).map(part => Number(part ?? 0))

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
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = numbersOf(full)
    return atBeijing(year, month, day, hour, minute, second)
  }
  const short = undated.exec(text)
  if (!short) return null
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = numbersOf(short)
  // A date without a year means the one nearest to now.
  const year = new Date(now + beijingOffset).getUTCFullYear()
  const near = [year - 1, year, year + 1].flatMap(
    one => atBeijing(one, month, day, hour, minute, second) ?? [],
  )
  return near.sort((a, b) => Math.abs(a - now) - Math.abs(b - now))[0] ?? null
}

/** What a value means: milliseconds, null if it is empty, undefined if it is not a time. Of any year. */
function instantOf(value: unknown, now: number): number | null | undefined {
  if (value === undefined || value === null || value === 0 || value === '') return null
  if (typeof value === 'object' && '$date' in value) return instantOf(value.$date, now)
  if (typeof value === 'object' && '$numberLong' in value) return instantOf(Number(value.$numberLong), now)
  let instant: number | null = null
  // `instanceof Date` fails in tests, where a Date may come from another realm.
  if (Object.prototype.toString.call(value) === '[object Date]') instant = (value as Date).getTime()
  else if (typeof value === 'number') instant = value
  else if (typeof value === 'string') {
    const text = withoutUnseen(value).text.normalize('NFKC').trim()
    if (text === '' || text === '0') return null
    instant = fromText(text, now)
  }
  return instant !== null && Number.isFinite(instant) ? Math.round(instant) : undefined
}

/**
 * A time in any form in which the console, a data model or an import may write it: a Date, `{"$date": …}`,
 * milliseconds, ISO text, or Beijing time such as `2026-11-20 09:30`, `2026/11/20 9:30` and `11月20日 9:30`.
 * Returns milliseconds since 1970; null if it is empty (forms write 0, "" or null); undefined if it is not a time.
 */
export function readTime(value: unknown, now: number): number | null | undefined {
  const instant = instantOf(value, now)
  return typeof instant !== 'number' || (instant >= earliest && instant < latest) ? instant : undefined
}

/** Why a value is no time, for the editor who wrote it. */
export function timeFault(value: unknown, now: number): string {
  const instant = instantOf(value, now)
  const date = typeof instant === 'number' ? new Date(instant + beijingOffset) : null
  const said =
    date && !Number.isNaN(date.getTime())
      ? `读出来是 ${date.getUTCFullYear()} 年，只能写 2002 到 2099 年`
      : '看不懂这个时间'
  return `${said}，请写成北京时间，如 2026-11-20 09:30`
}
