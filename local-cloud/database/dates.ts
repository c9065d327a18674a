import { badValue } from './errors'

/*
 * Calendar arithmetic for the date expressions. It works in UTC, on dates already shifted by the offset of their time
 * zone. mingo's own arithmetic counts weeks wrongly ($week, %U), treats %G as %Y, and fails on null.
 */

const OFFSET = /^([+-])(\d{2}):?(\d{2})?$/
const zones = new Map<string, Intl.DateTimeFormat>()

/** The offset of a time zone (`+08:00`, `Asia/Shanghai`) at a moment, in minutes east of UTC. */
export function zoneOffset(zone: unknown, at: Date): number {
  if (zone === undefined || zone === null || zone === 'UTC' || zone === 'GMT' || zone === 'Z') return 0
  if (typeof zone !== 'string') throw badValue('timezone must evaluate to a string')
  const match = OFFSET.exec(zone)
  if (match) return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0))
  let format = zones.get(zone)
  if (!format) {
    try {
      format = new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      })
    } catch {
      throw badValue(`unrecognized time zone identifier: "${zone}"`)
    }
    zones.set(zone, format)
  }
  const parts: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  const wall = Date.UTC(year, month - 1, day, hour, minute, second)
  return Math.round((wall - Math.floor(at.getTime() / 1000) * 1000) / 60_000)
}

/** The moment at which a zone's wall clock shows `wall` (read as UTC). */
export function fromWallClock(wall: number, zone: unknown): Date {
  const guess = wall - zoneOffset(zone, new Date(wall)) * 60_000
  return new Date(wall - zoneOffset(zone, new Date(guess)) * 60_000)
}

export function dayOfYear(date: Date): number {
  const start = Date.UTC(date.getUTCFullYear(), 0, 1)
  const day = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate())
  return (day - start) / 86_400_000 + 1
}

/** The week starts on Sunday. Days before the first Sunday are in week 0. */
export function week(date: Date): number {
  return Math.floor((dayOfYear(date) + 6 - date.getUTCDay()) / 7)
}

export function isoDayOfWeek(date: Date): number {
  return date.getUTCDay() || 7
}

/** The ISO 8601 week, and the year that the week belongs to. */
export function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(date.getTime() + (4 - isoDayOfWeek(date)) * 86_400_000)
  return { year: thursday.getUTCFullYear(), week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 }
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0')

const specifiers: Record<string, (date: Date, offset: number) => string> = {
  '%Y': date => pad(date.getUTCFullYear(), 4),
  '%G': date => pad(isoWeek(date).year, 4),
  '%m': date => pad(date.getUTCMonth() + 1, 2),
  '%b': date => (MONTHS[date.getUTCMonth()] as string).slice(0, 3),
  '%B': date => MONTHS[date.getUTCMonth()] as string,
  '%d': date => pad(date.getUTCDate(), 2),
  '%H': date => pad(date.getUTCHours(), 2),
  '%M': date => pad(date.getUTCMinutes(), 2),
  '%S': date => pad(date.getUTCSeconds(), 2),
  '%L': date => pad(date.getUTCMilliseconds(), 3),
  '%j': date => pad(dayOfYear(date), 3),
  '%w': date => String(date.getUTCDay() + 1),
  '%u': date => String(isoDayOfWeek(date)),
  '%U': date => pad(week(date), 2),
  '%V': date => pad(isoWeek(date).week, 2),
  '%z': (_date, offset) =>
    `${offset < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(offset) / 60), 2)}${pad(Math.abs(offset) % 60, 2)}`,
  '%Z': (_date, offset) => String(offset),
  '%%': () => '%',
}

/** The format specifiers of `$dateToString`. */
export function formatDate(date: Date, format: string, zone: unknown): string {
  const offset = zoneOffset(zone, date)
  const local = new Date(date.getTime() + offset * 60_000)
  return format.replace(/%(.?)/gs, specifier => {
    const write = specifiers[specifier]
    if (!write) throw badValue(`Invalid format character '${specifier}' in format string`)
    return write(local, offset)
  })
}

const ISO =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i
const ENDS_WITH_ZONE = /(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})\s*$/i

/** `$dateFromString` without a format. Null if the text is not a date. */
export function parseDate(text: string, zone: unknown): Date | null {
  const match = ISO.exec(text.trim())
  if (match) {
    const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', suffix] = match
    const wall = Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
      Number(fraction.padEnd(3, '0').slice(0, 3)),
    )
    const valid = Number(month) <= 12 && Number(day) <= 31 && Number(hour) <= 23 && Number(minute) <= 59
    if (!valid || Number(month) < 1 || Number(day) < 1) return null
    if (suffix) refuseTwoZones(text, zone)
    return fromWallClock(wall, suffix ? suffix.toUpperCase() : zone)
  }
  if (ENDS_WITH_ZONE.test(text)) {
    const moment = Date.parse(text)
    if (Number.isNaN(moment)) return null
    refuseTwoZones(text, zone)
    return new Date(moment)
  }
  // A form that only JavaScript's parser knows (`Feb 8, 2017`): parsed as UTC, then shifted to the time zone.
  if (!/\d/.test(text) || !/[a-z]{3}|\//i.test(text)) return null
  const wall = Date.parse(`${text} UTC`)
  return Number.isNaN(wall) ? null : fromWallClock(wall, zone)
}

function refuseTwoZones(text: string, zone: unknown): void {
  if (zone === undefined || zone === null) return
  throw badValue(
    `you cannot pass in a date/time string with time zone information ('${text}') together with a timezone argument`,
  )
}

const readers: Record<string, string> = {
  '%Y': '(?<Y>\\d{4})',
  '%G': '(?<G>\\d{4})',
  '%m': '(?<m>\\d{1,2})',
  '%d': '(?<d>\\d{1,2})',
  '%H': '(?<H>\\d{1,2})',
  '%M': '(?<M>\\d{1,2})',
  '%S': '(?<S>\\d{1,2})',
  '%L': '(?<L>\\d{1,3})',
  '%j': '(?<j>\\d{1,3})',
  '%u': '(?<u>[1-7])',
  '%V': '(?<V>\\d{1,2})',
  '%z': '(?<z>Z|[+-]\\d{2}:?\\d{2})',
  '%Z': '(?<Z>[+-]\\d{1,4})',
  '%%': '%',
}

/** `$dateFromString` with a format. Null if the text does not match the format. */
export function parseDateAs(text: string, format: string, zone: unknown): Date | null {
  const source = format.replace(/%(.?)|[.*+?^${}()|[\]\\]/gs, part => {
    if (!part.startsWith('%')) return `\\${part}`
    const reader = readers[part]
    if (!reader) throw badValue(`Invalid format character '${part}' in format string`)
    return reader
  })
  const fields = new RegExp(`^${source}$`).exec(text)?.groups
  if (!fields) return null
  if (fields.z) refuseTwoZones(text, zone)
  const number = (name: string, otherwise: number): number => Number(fields[name] ?? otherwise)
  const time: [number, number, number, number] = [
    number('H', 0),
    number('M', 0),
    number('S', 0),
    number('L', 0),
  ]
  let day: number
  if (fields.G) day = isoDate(number('G', 1970), number('V', 1), number('u', 1))
  else if (fields.Y && fields.j) day = Date.UTC(number('Y', 1970), 0, number('j', 1))
  else if (fields.Y && fields.m && fields.d) {
    if (number('m', 1) > 12 || number('d', 1) > 31) return null
    day = Date.UTC(number('Y', 1970), number('m', 1) - 1, number('d', 1))
  } else return null
  const wall = day + ((time[0] * 60 + time[1]) * 60 + time[2]) * 1000 + time[3]
  if (fields.Z) return new Date(wall - Number(fields.Z) * 60_000)
  return fromWallClock(wall, fields.z ?? zone)
}

/** Milliseconds (UTC) of the start of a day given by ISO week. */
export function isoDate(year: number, weekNumber: number, day: number): number {
  const january4 = new Date(Date.UTC(year, 0, 4))
  return january4.getTime() + ((weekNumber - 1) * 7 + (day - isoDayOfWeek(january4))) * 86_400_000
}
