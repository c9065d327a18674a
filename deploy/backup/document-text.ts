import type { Document } from '../documents'
import { canonicalJson } from '../state'

/** The console's import reads the same form: JSON with `{"$date": …}`. */
function plain(value: unknown, path: string): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $numberDouble: String(value) }
  if (Object.prototype.toString.call(value) === '[object Date]')
    return { $date: (value as Date).toISOString() }
  if (Array.isArray(value)) return value.map((one, at) => plain(one, `${path}.${at}`))
  if (typeof value === 'object' && !('_bsontype' in value)) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one, `${path}.${key}`)]))
  }
  throw new Error(`${path} holds a value of a kind that a backup cannot write.`)
}

/** A document as one line of JSON. Equal documents give equal lines. @throws Error naming the field */
export const documentText = (document: Document): string =>
  canonicalJson(plain(document, String(document._id)))

function dateOf(text: string): Date {
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) throw new TypeError(`${text} is no date.`)
  return date
}

/** Reads a line that {@link documentText} wrote. @throws SyntaxError or TypeError where it holds no document */
export function documentOf(line: string): Document {
  const document = JSON.parse(line, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return value
    const { $date, $numberDouble } = value as { $date?: unknown; $numberDouble?: unknown }
    if (typeof $date === 'string') return dateOf($date)
    return typeof $numberDouble === 'string' ? Number($numberDouble) : value
  }) as Document | null
  const id = document?._id
  if (typeof id !== 'string' && typeof id !== 'number') throw new TypeError('The line holds no document.')
  return document as Document
}
