import { beijingOffset } from '#contract/beijing-offset'
import { withoutUnseen } from '../unseen-characters'

/** Smaller numbers are not milliseconds but seconds, or a date typed as 202611200930. */
const earliest = 1e12
const latest = Date.UTC(2100, 0, 1) - beijingOffset

const dated =
  /^(\d{4})(?:-|\/|\.|年)(\d{1,2})(?:-|\/|\.|月)(\d{1,2})[日号]?(?:T|\s*)((?:\D.*|\d{1,2}\s*[:点时].*)?)$/
const undated = /^(\d{1,2})月(\d{1,2})[日号]\s*(.*)$/
/** `9:30`, `9:30:07`, `9时30分`, `9点`, `9点半`, with 上午 and the like before it, or AM and PM after it. */
const clockTime =
  /^(?<part>\p{Script=Han}{2})?\s*(?<hour>\d{1,2})\s*(?::(?<minute>\d{2})(?::(?<second>\d{2})(?:\.\d+)?)?|[点时](?:整|(?<past>半)|(?<min>\d{2})|(?<spoken>\d{1,2})分(?:(?<sec>\d{1,2})秒)?)?)\s*(?<half>[ap]m)?$/iu

/** The hours that each part of the day holds, the first and the last. */
const partsOfDay: ReadonlyMap<string | undefined, readonly [from: number, to: number]> = new Map([
  [undefined, [0, 23]],
  ['凌晨', [0, 6]],
  ['清晨', [3, 9]],
  ['早晨', [4, 11]],
  ['早上', [4, 11]],
  ['上午', [0, 11]],
  ['中午', [11, 14]],
  ['下午', [12, 20]],
  ['傍晚', [16, 20]],
  ['晚上', [17, 23]],
])

type TimeOfDay = readonly [hour: number, minute: number, second: number]

/** The hour of the day. Null where it may be two or none: 上午12点 and 晚上12点 may mean noon or either midnight. */
function hourOf(written: number, part: string | undefined, half: string | undefined): number | null {
  if (half !== undefined)
    return part === undefined && written >= 1 && written <= 12
      ? (written % 12) + (half === 'pm' ? 12 : 0)
      : null
  const [from, to] = partsOfDay.get(part) ?? [1, 0]
  const isLater = part !== undefined && written >= 1 && written < from
  const hour = isLater ? written + 12 : written
  return hour >= from && hour <= to ? hour : null
}

/** Reads a time of day. Null if it is none. */
function timeOfDay(text: string): TimeOfDay | null {
  const said = clockTime.exec(text)?.groups
  if (!said) return null
  const hour = hourOf(Number(said.hour), said.part, said.half?.toLowerCase())
  const minute = said.past ? 30 : Number(said.minute ?? said.min ?? said.spoken ?? 0)
  return hour === null ? null : [hour, minute, Number(said.second ?? said.sec ?? 0)]
}

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
  const { date, time: said } = splitTime(text)
  const time = timeOfDay(said)
  if (!date || !time) return null
  const { year, month, day } = date
  if (year !== null) return atBeijing(year, month, day, ...time)
  // A date without a year means the one nearest to now.
  const present = new Date(now + beijingOffset).getUTCFullYear()
  const near = [present - 1, present, present + 1].flatMap(one => atBeijing(one, month, day, ...time) ?? [])
  return near.sort((a, b) => Math.abs(a - now) - Math.abs(b - now))[0] ?? null
}

/** Splits a written time into its date and the rest. `year` is null where none is written. */
function splitTime(text: string): {
  date: { year: number | null; month: number; day: number } | null
  time: string
} {
  const full = dated.exec(text)
  const [, month, day, time = ''] = full ? full.slice(1) : (undated.exec(text) ?? [])
  if (month === undefined) return { date: null, time: text }
  return { date: { year: full ? Number(full[1]) : null, month: Number(month), day: Number(day) }, time }
}

/** No time is written with more characters. Longer texts are not read: a row may hold millions of characters. */
const longestTime = 200

/** A text as it is read; null if it is too long for a time. */
function tidied(text: string): string | null {
  const written = text.trim()
  return written.length > longestTime ? null : withoutUnseen(written).text.normalize('NFKC').trim()
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
    const text = tidied(value)
    if (text === '' || text === '0') return null
    instant = text === null ? null : fromText(text, now)
  }
  return instant !== null && Number.isFinite(instant) ? Math.round(instant) : undefined
}

/**
 * A time in any form in which the console, a data model or an import may write it: a Date, `{"$date": …}`,
 * milliseconds, ISO text, or Beijing time such as `2026-11-20 09:30`, `2026/11/20 9:30` and `11月20日下午3点`.
 * Returns milliseconds since 1970; null if it is empty (forms write 0, "" or null); undefined if it is not a time.
 */
export function readTime(value: unknown, now: number): number | null | undefined {
  const instant = instantOf(value, now)
  return typeof instant !== 'number' || (instant >= earliest && instant < latest) ? instant : undefined
}

/** What is missing of a time that is not read. */
function missingOf(value: unknown): string {
  const text = typeof value === 'string' ? tidied(value) : null
  if (text === null) return '看不懂这个时间'
  const { date, time } = splitTime(text)
  if (date && time === '') return '只有日期，没有钟点'
  if (!date && clockTime.test(time)) return '只有钟点，没有日期'
  if (date && /(?:上午|晚上|凌晨)\s*12\s*[:点时]/.test(time)) return '12 点分不清是中午还是半夜'
  return '看不懂这个时间'
}

/** Why a value is no time, for the editor who wrote it. */
export function timeFault(value: unknown, now: number): string {
  const instant = instantOf(value, now)
  const date = typeof instant === 'number' ? new Date(instant + beijingOffset) : null
  const said =
    date && !Number.isNaN(date.getTime())
      ? `读出来是 ${date.getUTCFullYear()} 年，只能写 2002 到 2099 年`
      : missingOf(value)
  return `${said}，请写成北京时间，如 2026-11-20 09:30`
}
