import { lineOf, Misuse, namedPath, siteAddress } from '../config/given'
import type { InvocationRecord } from './meter'
import type { WeatherReport } from './weather'

/** How the command line reads the values of its options, and writes a call of the log. */

export type Latency = NonNullable<NonNullable<WeatherReport['calls']>['latency']>
export type Faults = NonNullable<NonNullable<WeatherReport['calls']>['faults']>

/**
 * A value that is no value of its option. Commander knows it by its code, and says which option it is of. Not commander's
 * own class: tests of this module cannot load commander, which declares a name that jest.config.cjs hands to modules.
 */
export class InvalidValue extends Error {
  readonly code = 'commander.invalidArgument'
  readonly exitCode = 2
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export function parseEvent(text: string): unknown {
  let event: unknown
  try {
    event = JSON.parse(text)
  } catch (error) {
    throw new InvalidValue(`The event is not JSON: ${lineOf(error)}`)
  }
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw new InvalidValue(`The event must be a JSON object, not ${text}`)
  }
  return event
}

export function describeCall(record: InvocationRecord): string {
  const { functionName, requestId, startedAt, outcome, duration, source, operations, lines } = record
  const done = Object.entries(operations)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ')
  const head =
    `${new Date(startedAt).toISOString()} ${requestId} ${functionName} ${outcome}` +
    ` ${Math.round(duration)} ms from ${source ?? 'console'}${done ? ` (${done})` : ''}`
  return [head, ...lines.map(line => `  ${line.level}: ${line.text.replaceAll('\n', '\n    ')}`)].join('\n')
}

export function wholeNumber(text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !Number.isInteger(number) || number < 0) {
    throw new InvalidValue('It must be a whole number.')
  }
  return number
}

/** Reads a value as the other commands do. Commander says which option it is of. */
function given<T>(read: (name: string, text: string) => T, text: string): T {
  try {
    return read('It', text)
  } catch (error) {
    throw error instanceof Misuse ? new InvalidValue(error.message) : error
  }
}

export const siteUrl = (text: string): string => given(siteAddress, text)
export const folder = (text: string): string => given(namedPath, text)

/** A port; 0 takes any free one. `last` is the highest that it may be. */
export const portUpTo =
  (last: number) =>
  (text: string): number => {
    const port = wholeNumber(text)
    if (port > last) throw new InvalidValue(`It must be a whole number from 0 to ${last}.`)
    return port
  }

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

export function variable(text: string, before: Record<string, string>): Record<string, string> {
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new InvalidValue('It must be NAME=value.')
  return { ...before, [name]: value }
}

export function latency(text: string): Latency {
  const [, min, max, tail] = /^(\d+)(?:-(\d+))?(?:~(\d+))?$/.exec(text) ?? []
  if (min === undefined) throw new InvalidValue('It must be like 20, 20-40 or 20-40~500 (ms).')
  return { min: Number(min), max: Number(max ?? min), ...(tail === undefined ? {} : { tail: Number(tail) }) }
}

export const faultNames: readonly string[] = [
  'dropped-before',
  'dropped-after',
  'late',
  'late-by',
  'repeated',
]

export function faults(text: string): Faults {
  const entries = text.split(',').map(part => {
    const [name = '', rate] = part.split('=')
    const number = Number(rate)
    if (
      !faultNames.includes(name) ||
      rate === undefined ||
      !(number >= 0 && (name === 'late-by' || number <= 1))
    ) {
      throw new InvalidValue('It must be like dropped-after=0.1,late=0.05,late-by=2000.')
    }
    return [name.replace(/-(\w)/, (_, letter: string) => letter.toUpperCase()), number]
  })
  return Object.fromEntries(entries) as Faults
}
